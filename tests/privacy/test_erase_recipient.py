"""A recipient can be forgotten, and what proves the delivery stays valid."""

import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from api.refusals import Refusal
from delivery_otp.invariants import broken
from fleet.models import Stop
from fleet.position import Position
from handoffs.confirm import Handoff, Submission, Told, confirm
from handoffs.contact import change_recipient
from handoffs.erase import ERASED, erase_recipient
from handoffs.models import DeliveryAttempt, PreferenceChallenge, ProofOfDelivery
from handoffs.reopen import reopen
from handoffs.visit import arrive, fail
from notifications.models import Message
from notifications.worker import drain
from orders.models import SYSTEM, DeliveryPreference, Event, Order, Shipment
from tests.base import ADA, CHEAP, HIGH_STREET, a_shipment, acme
from tests.handoffs.preference_stories import opt_out
from tests.handoffs.stories import a_device, out_for_delivery, right_code
from tests.proofs.stories import events_of, judged, proof_of

pytestmark = pytest.mark.django_db

SOMEBODY = replace(ADA, name="Ada Zuse", company="Zuse Looms", email="ada@zuse.example", locale="fr")
SOMEWHERE = replace(
    HIGH_STREET,
    line1="7 Zuse Row",
    line2="Flat 9z",
    city="Zuseton",
    region="Zuseshire",
    instructions="By Zuse",
)
DOOR = Position(Decimal("51.501987"), Decimal("-0.124689"), 17)
MARKS = (
    "zuse",
    "flat 9z",
    "447400123456",
    "sw1a",
    "51.501",
    "0.1246",
    "51.501987",
    "0.124689",
    '"fr"',
    "'fr'",
)


def delivered() -> Shipment:
    """A parcel with all that can be personal about it, at last handed over."""
    device = a_device()
    shipment, _ = out_for_delivery(
        acme(code_for_routine=True),
        device=device,
        value=CHEAP,
        recipient=SOMEBODY,
        address=SOMEWHERE,
        metadata={"gift": "from aunt Zuse"},
    )
    visit = {"device": device, "shipment_id": shipment.public_id, "location": DOOR, "occurred_at": None}
    opt_out(shipment)
    assert isinstance(arrive(**visit), Stop)  # type: ignore[arg-type]
    assert isinstance(fail(**visit, reason="absent", note="Mr Zuse is out"), Stop)  # type: ignore[arg-type]
    assert isinstance(reopen(device=device, shipment_id=shipment.public_id), Stop)
    change_recipient(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        changes={"email": "ada@new.zuse.example"},
        actor=SYSTEM,
    )
    handoff = Handoff(shipment.public_id, right_code(shipment), None, "household", DOOR, None)
    told = confirm(Submission(device.token_digest, "k", handoff, "r"))
    assert isinstance(told, Told)
    drain()
    Message.objects.filter(about=shipment.public_id).update(
        error="+447400123456 is unknown", provider_id="zuse"
    )
    return Shipment.objects.select_related("order").get(pk=shipment.pk)


def everything() -> str:
    """Every column of every row, in small letters."""
    rows = (row for model in apps.get_models() for row in model._base_manager.values())
    return "\n".join(repr(row) for row in rows).lower()


def found(marks: tuple[str, ...] = MARKS) -> list[str]:
    stored = everything()
    return [mark for mark in marks if mark in stored]


def erase(shipment: Shipment) -> Order:
    order = erase_recipient(order_id=shipment.order.public_id, actor=SYSTEM)
    assert isinstance(order, Order), order
    return order


def test_nothing_personal_is_left_in_any_table() -> None:
    shipment = delivered()
    keys = (shipment.order.address_key, shipment.order.name_key)
    assert set(found((*MARKS, *keys))) >= {*MARKS, *keys} - {'"fr"'}
    erase(shipment)
    assert found((*MARKS, *keys)) == []


def test_chain_and_proof_stay_valid() -> None:
    shipment = delivered()
    proof, before = proof_of(shipment), list(Event.objects.filter(shipment=shipment).values())
    erase(shipment)
    shipment = Shipment.objects.get(pk=shipment.pk)
    assert list(Event.objects.filter(shipment=shipment).values())[: len(before)] == before
    assert proof_of(shipment) == proof | {"location": None}
    for file in (proof, proof_of(shipment), {"proof": proof, "events": events_of(shipment)}):
        assert judged(file).problem is None
    assert [item for item in broken() if item.number != 10] == []


def test_what_is_not_personal_stays() -> None:
    shipment = delivered()
    order = shipment.order
    after = erase(shipment)
    kept = (
        "public_id",
        "reference",
        "merchant_id",
        "currency",
        "placed_at",
        "country",
        "timezone",
        "livemode",
    )
    assert [getattr(after, name) for name in kept] == [getattr(order, name) for name in kept]
    assert shipment.declared_value == CHEAP
    assert Message.objects.filter(about=shipment.public_id, kind="delivery_code").exists()
    assert DeliveryAttempt.objects.get(stop__shipment=shipment).reason == "absent"
    assert ProofOfDelivery.objects.get(shipment=shipment).received_by == "household"


def test_the_timeline_says_that_it_was_done_once() -> None:
    shipment = delivered()
    erase(shipment)
    after = everything()
    erase(shipment)
    assert everything() == after
    assert Event.objects.filter(shipment=shipment, type=ERASED).count() == 1


def test_a_wish_of_theirs_stands_while_another_order_needs_it() -> None:
    shipment = delivered()
    another = a_shipment(shipment.order.merchant, recipient=SOMEBODY, address=SOMEWHERE)
    erase(shipment)
    assert DeliveryPreference.objects.get().is_opted_out
    Shipment.objects.filter(pk=another.pk).update(status="cancelled")
    erase(another)
    assert DeliveryPreference.objects.get().contact.startswith("erased")
    assert not PreferenceChallenge.objects.living().exists()


def test_what_a_courier_still_needs_is_not_erased() -> None:
    shipment, _ = out_for_delivery()
    before = everything()
    refused = erase_recipient(order_id=shipment.order.public_id, actor=SYSTEM)
    assert isinstance(refused, Refusal)
    assert (refused.code, dict(refused.members)) == (
        "illegal_transition",
        {"shipment_status": "out_for_delivery"},
    )
    assert everything() == before


def test_what_is_still_to_be_told_is_not_erased() -> None:
    shipment = delivered()
    Message.objects.filter(about=shipment.public_id, kind="handed_over").update(
        state=Message.State.QUEUED, next_try_at=shipment.created_at, receipt_awaited_since=None
    )
    refused = erase_recipient(order_id=shipment.order.public_id, actor=SYSTEM)
    assert isinstance(refused, Refusal)
    assert refused.code == "message_underway"
    assert "zuse" in found()


# --- The command ---------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("erase_recipient", *arguments, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_one_order_by_the_command() -> None:
    order = delivered().order.public_id
    status, out = run(order, "--json")
    assert (status, json.loads(out)) == (0, {"erased": [order], "refused": []})
    assert found() == []
    assert run("ord_none")[0] == 1


@pytest.mark.parametrize("contact", ["+447400123456", "ADA@zuse.example", "ada@new.zuse.example"])
def test_every_order_of_a_contact_now_and_before(contact: str) -> None:
    closed = delivered().order.public_id
    still_open = a_shipment(recipient=replace(SOMEBODY, email="ada@new.zuse.example")).order.public_id
    others = a_shipment(recipient=replace(SOMEBODY, phone="", email="eve@example.com")).order.public_id
    status, out = run("--contact", contact, "--json")
    answer = json.loads(out)
    assert answer["erased"] == [closed]
    assert [each["order"] for each in answer["refused"]] == (
        [] if contact.startswith("ADA") else [still_open]
    )
    assert status == len(answer["refused"])
    assert contact not in out
    assert Order.objects.get(public_id=others).name == "Ada Zuse"


def test_a_contact_that_nobody_has() -> None:
    with pytest.raises(CommandError, match="No order and no account is known"):
        run("--contact", "nobody@example.com")
