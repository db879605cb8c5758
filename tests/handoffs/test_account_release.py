"""Ada does without the code herself, from her account: for this courier, on this visit, for ten minutes."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from api.refusals import Refusal
from delivery_otp.invariants import broken
from fleet.models import Device, Stop
from handoffs.contact import change_recipient
from handoffs.dispute import dispute
from handoffs.models import ProofOfDelivery, ReleaseRequest
from handoffs.release.account import release_from_account, visit_of
from handoffs.release.decide import approve_release
from handoffs.release.expire import expire_releases
from handoffs.reopen import reopen
from handoffs.rotate import Because, rotate
from handoffs.visit import arrive
from notifications import kinds
from notifications.models import Message
from orders.models import SYSTEM, Actor, Shipment
from tests.accounts.stories import an_account
from tests.base import ADA, CHEAP
from tests.handoffs.release_stories import a_supervisor, ask
from tests.handoffs.stories import (
    a_device,
    leave,
    out_for_delivery,
    result,
    right_code,
    send_out,
    submit,
    wrong_code,
)

pytestmark = pytest.mark.django_db


def at_the_door(**fields: object) -> tuple[Shipment, Device]:
    """Ada's parcel, with Carl at her door."""
    shipment, device = out_for_delivery(livemode=True, **fields)  # type: ignore[arg-type]
    come(device, shipment)
    return shipment, device


def come(device: Device, shipment: Shipment) -> None:
    told = arrive(device=device, shipment_id=shipment.public_id, location=None, occurred_at=None)
    assert isinstance(told, Stop), told


def visit(shipment: Shipment) -> str:
    stops = Stop.objects.current().select_related("route__courier")
    return visit_of(stops.get(shipment=shipment))


def released(account: User, shipment: Shipment, *, at: str | None = None) -> ReleaseRequest | Refusal:
    """Her tap, on the page of the visit under way unless told of which."""
    at = visit(shipment) if at is None else at
    return release_from_account(account=account, shipment_id=shipment.public_id, visit=at)


def release(account: User, shipment: Shipment) -> ReleaseRequest:
    given = released(account, shipment)
    assert isinstance(given, ReleaseRequest), given
    return given


def refusal(account: User, shipment: Shipment, **how: str) -> str:
    told = released(account, shipment, **how)
    assert isinstance(told, Refusal), told
    assert not ReleaseRequest.objects.filter(shipment=shipment, account=account, used_at=None).exists()
    return told.code


@pytest.fixture
def ada() -> User:
    return an_account()


def test_it_is_handed_over_without_the_code_and_the_proof_says_how(ada: User) -> None:
    shipment, device = at_the_door()
    release(ada, shipment)
    assert result(submit(device, shipment, None)) == "delivered"
    proof = ProofOfDelivery.objects.get(shipment=shipment)
    assert (proof.method, proof.received_by) == ("account_release", "recipient")
    used = ReleaseRequest.objects.get()
    assert (used.account, used.stop.route.courier, used.used_at) == (ada, device.courier, proof.delivered_at)
    assert shipment.events.get(type="release.given").actor_id == ada.public_id
    assert list(broken()) == []


def test_without_it_the_code_is_needed(ada: User) -> None:
    shipment, device = at_the_door()
    assert result(submit(device, shipment, None)) == "code_required"
    release(ada, shipment)
    assert result(submit(device, shipment, wrong_code(shipment))) == "wrong_code"
    assert result(submit(device, shipment, None, received_by="household")) == "code_required"


def test_after_ten_minutes_it_is_over(ada: User) -> None:
    shipment, device = at_the_door()
    given = release(ada, shipment)
    with time_machine.travel(given.expires_at, tick=False):
        assert result(submit(device, shipment, None)) == "code_required"
        assert expire_releases() == 1
    shipment.refresh_from_db()
    assert (shipment.is_out, shipment.release_open) == (True, False)
    assert list(broken()) == []


def test_it_is_for_this_courier_alone(ada: User) -> None:
    shipment, first = at_the_door()
    release(ada, shipment)
    second = a_device()
    send_out(shipment, second)
    assert result(submit(first, shipment, None)) == "not_found"
    come(second, shipment)
    assert result(submit(second, shipment, None)) == "code_required"
    assert list(broken()) == []


def test_the_page_of_an_earlier_visit_releases_nothing(ada: User) -> None:
    shipment, _ = at_the_door()
    before = visit(shipment)
    second = a_device()
    send_out(shipment, second)
    come(second, shipment)
    assert refusal(ada, shipment, at=before) == "not_found"
    assert refusal(ada, shipment, at="") == "not_found"


def test_it_ends_with_the_visit(ada: User) -> None:
    shipment, device = at_the_door()
    release(ada, shipment)
    leave(device, shipment, "refused")
    assert isinstance(reopen(device=device, shipment_id=shipment.public_id), Stop)
    assert result(submit(device, shipment, None)) == "code_required"


def test_before_the_courier_has_come_there_is_no_visit(ada: User) -> None:
    shipment, _ = out_for_delivery(livemode=True)
    assert refusal(ada, shipment) == "not_found"


def test_twice_is_once(ada: User) -> None:
    shipment, _ = at_the_door()
    assert release(ada, shipment) == release(ada, shipment)
    assert shipment.events.filter(type="release.given").count() == 1
    assert Message.objects.filter(kind="released_from_account", channel="email").count() == 1


def test_anothers_parcel_is_not_there(ada: User) -> None:
    shipment, _ = at_the_door()
    eve = an_account("eve@example.com")
    assert refusal(eve, shipment) == "not_found"
    unverified = an_account("ada2@example.com")
    User.objects.filter(pk=unverified.pk).update(email_verified_at=None)
    assert refusal(unverified, shipment) == "not_found"


def test_an_account_that_was_closed_meanwhile_releases_nothing(ada: User) -> None:
    shipment, _ = at_the_door()
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert refusal(ada, shipment) == "not_found"


def test_where_the_code_has_arrived_it_is_the_way(ada: User) -> None:
    shipment, _ = at_the_door()
    Message.objects.filter(about=shipment.public_id, kind="delivery_code").update(
        state="received", next_try_at=None, sent_at=timezone.now(), received_at=timezone.now()
    )
    assert refusal(ada, shipment) == "code_reached"


def test_a_locked_code_is_for_support(ada: User) -> None:
    shipment, device = at_the_door()
    for _ in range(5):
        submit(device, shipment, wrong_code(shipment))
    assert refusal(ada, shipment) == "code_locked"


@pytest.mark.parametrize("value", ["1299.00", "12.00"])
def test_not_while_a_changed_contact_settles(ada: User, value: str) -> None:
    """Whoever changed it may be who asks."""
    shipment, _ = at_the_door(value=value, code="required")
    change_recipient(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        changes={"phone": "+447400999888"},
        actor=SYSTEM,
    )
    assert refusal(ada, shipment) == "contact_not_settled"


def test_not_while_a_dispute_settles(ada: User) -> None:
    shipment, device = at_the_door()
    submit(device, shipment, right_code(shipment))
    dispute(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=Actor("recipient"))
    another, _ = at_the_door()
    assert refusal(ada, another) == "contact_not_settled"


def test_who_doubts_the_courier_takes_it_back(ada: User) -> None:
    shipment, device = at_the_door()
    release(ada, shipment)
    rotate(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        actor=Actor("recipient"),
        because=Because.ASKED_FOR,
    )
    assert result(submit(device, shipment, None)) == "code_required"


def test_what_the_courier_had_asked_staff_for_is_withdrawn_and_counts_for_no_cap(ada: User) -> None:
    shipment, device = at_the_door(value=CHEAP, code="required")
    asked = ask(device, shipment)
    given = release(ada, shipment)
    asked.refresh_from_db()
    assert (asked.state, given.approved_day) == ("withdrawn", None)
    assert ask(device, shipment) == given
    late = approve_release(staff=a_supervisor(), request_id=given.public_id, reason="Known")
    assert isinstance(late, Refusal)
    assert result(submit(device, shipment, None)) == "delivered"
    assert list(broken()) == []


def test_three_a_day(ada: User) -> None:
    shipment, device = at_the_door()
    for _ in range(3):
        release(ada, shipment)
        leave(device, shipment, "refused")
        reopen(device=device, shipment_id=shipment.public_id)
    told = released(ada, shipment)
    assert isinstance(told, Refusal)
    assert told.code == "rate_limited"
    assert timedelta(hours=23).total_seconds() < told.members["retry_after"] <= 24 * 60 * 60


def test_every_contact_of_order_and_account_is_told(ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(
        phone="+447400777666",
        phone_channel="sms",
        phone_verified_at=timezone.now(),
    )
    shipment, device = at_the_door()
    release(ada, shipment)
    told = Message.objects.filter(kind="released_from_account")
    assert set(told.values_list("to", flat=True)) == {ADA.phone, ADA.email, "+447400777666"}
    submit(device, shipment, None)
    receipt = kinds.render(Message.objects.get(kind="handed_over", channel="email"))
    assert receipt
    assert "released from your account" in receipt.text
