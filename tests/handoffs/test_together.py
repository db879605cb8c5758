"""Handoffs that arrive at once are judged in one transaction, as far as they are right; all others alone."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from fleet.models import Device, Stop
from handoffs import confirm as confirming
from handoffs import door
from handoffs.confirm import Handoff, Submission, Told, confirm, confirm_together
from handoffs.models import CodeCheck, CourierDay, DeliveryCode, ProofOfDelivery
from handoffs.models.codes import EndReason
from notifications.models import Message
from orders.models import Event, Shipment, Status
from tests.handoffs.stories import a_device, out_for_delivery, result, right_code, submit, wrong_code

pytestmark = pytest.mark.django_db
Out = tuple[Shipment, Device]


def submission(out: Out, code: str | None = None, **changes: Any) -> Submission:
    """The right code unless told, under a key of its own."""
    shipment, device = out
    content = {"code": code or right_code(shipment), "barcodes": None, "received_by": "recipient"}
    handoff = Handoff(shipment.public_id, location=None, occurred_at=None, **{**content, **changes})
    return Submission(device.token_digest, uuid.uuid4().hex, handoff, request_id="r")


def results(told: Sequence[Told | None]) -> list[str | None]:
    return [each.check.result if each else None for each in told]


def rows_of(shipment: Shipment) -> list[Any]:
    """All that a handoff writes about it, without names, hashes and times."""
    kept = ("result", "generation", "answer__proof__method", "request_id", "likeness", "holders")
    event = Event.objects.filter(shipment=shipment, type="shipment.delivered")
    code = DeliveryCode.objects.filter(shipment=shipment)
    shipments = Shipment.objects.filter(pk=shipment.pk)
    return [
        *CodeCheck.objects.filter(shipment=shipment).values(*kept),
        *ProofOfDelivery.objects.filter(shipment=shipment).values("method", "received_by", "delegate_number"),
        *code.values("attempts", "ended_because", "nonce", "predecessor_mark", "generation"),
        *event.values("sequence", "actor_kind", "type"),
        *Message.objects.filter(about=shipment.public_id, kind="handed_over").values(
            "channel", "to", "state"
        ),
        *shipments.values("status", "events_count"),
    ]


def test_right_codes_are_handed_over_together_as_each_is_alone() -> None:
    outs = [out_for_delivery() for _ in range(4)]
    alone = outs.pop()
    assert result(submit(alone[1], alone[0], right_code(alone[0]))) == "delivered"
    assert results(confirm_together([submission(out) for out in outs])) == ["delivered"] * 3
    rows = [rows_of(shipment) for shipment, _ in outs]
    expected = [{**row, "request_id": "r"} if "request_id" in row else row for row in rows_of(alone[0])]
    assert rows == [expected] * 3
    assert len(expected) >= 6


def test_the_answer_is_the_row_that_was_stored() -> None:
    out = out_for_delivery()
    asked = submission(out)
    told = confirm_together([asked])[0]
    assert told is not None
    assert CodeCheck.objects.get() == told.check
    again = confirm(asked)
    assert isinstance(again, Told)
    assert (again.replayed, again.check) == (True, told.check)


def test_whoever_is_not_simply_right_is_left_alone_and_nothing_is_written() -> None:
    right, wrong, malformed, scanned = (out_for_delivery(barcodes=("A",)) for _ in range(4))
    done, locked, replayed, delegated, asked_for = (out_for_delivery() for _ in range(5))
    submit(done[1], done[0], right_code(done[0]))
    DeliveryCode.objects.filter(shipment=locked[0]).update(attempts=5)
    before = submission(replayed, wrong_code(replayed[0]))
    confirm(before)
    Shipment.objects.filter(pk=delegated[0].pk).update(passes_made=1)
    Shipment.objects.filter(pk=asked_for[0].pk).update(release_open=True)
    stranger, nobody = a_device(), Device(token_digest="0" * 64)
    checks, events, charged = CodeCheck.objects.count(), Event.objects.count(), CourierDay.objects.count()
    told = confirm_together(
        [
            submission(wrong, wrong_code(wrong[0])),
            submission(malformed, "12"),
            submission(scanned, barcodes=("A",)),
            submission(right, photo_id="pho_1"),
            submission(done, "123456"),
            submission(locked),
            before,
            submission(delegated),
            submission(asked_for),
            submission((right[0], stranger), right_code(right[0])),
            submission((right[0], nobody), right_code(right[0])),
            submission(right),
        ]
    )
    assert results(told) == [None] * 11 + ["delivered"]
    assert (CodeCheck.objects.count(), Event.objects.count()) == (checks + 1, events + 1)
    assert CourierDay.objects.count() == charged
    assert DeliveryCode.objects.get(shipment=wrong[0]).attempts == 0


def test_of_one_courier_only_the_first_goes() -> None:
    one, device = out_for_delivery()
    two, _ = out_for_delivery(device=device)
    first, same, second = submission((one, device)), submission((one, device)), submission((two, device))
    assert results(confirm_together([first, same, second])) == ["delivered", None, None]
    assert result(confirm(same)) == "already_delivered"
    assert result(confirm(second)) == "delivered"
    assert ProofOfDelivery.objects.count() == 2


def test_a_code_that_ended_since_it_was_read_takes_nothing_else_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outs = [out_for_delivery() for _ in range(3)]
    asked = [submission(out) for out in outs]
    looked = door.look_at_free

    def look(asked: Sequence[door.Asked], *, now: datetime) -> list[door.Seen | None]:
        seen = looked(asked, now=now)
        DeliveryCode.objects.filter(shipment=outs[1][0]).end(EndReason.EXPIRED, timezone.now())
        return seen

    monkeypatch.setattr(door, "look_at_free", look)
    assert results(confirm_together(asked)) == ["delivered", None, "delivered"]
    outs[1][0].refresh_from_db()
    assert outs[1][0].status == Status.OUT_FOR_DELIVERY
    assert not CodeCheck.objects.filter(shipment=outs[1][0]).exists()


def test_one_that_cannot_be_judged_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    outs = [out_for_delivery() for _ in range(2)]
    asked = [submission(out) for out in outs]
    judge = confirming._judge

    def broken(check: Any, visit: Any, handoff: Handoff) -> Any:
        if handoff.shipment_id == outs[0][0].public_id:
            raise ValueError("its key is gone")
        return judge(check, visit, handoff)

    monkeypatch.setattr(confirming, "_judge", broken)
    assert results(confirm_together(asked)) == [None, "delivered"]


def test_it_is_never_part_of_a_larger_transaction() -> None:
    """It would answer before the COMMIT that holds its charges."""
    asked = submission(out_for_delivery())
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        confirm_together([asked])


def test_a_stop_that_went_to_another_is_not_found() -> None:
    out = out_for_delivery()
    Stop.objects.filter(shipment=out[0]).update(replaced_at=timezone.now())
    assert results(confirm_together([submission(out, "123456")])) == [None]
