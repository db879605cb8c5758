"""Deciding on releases without a code: the queue, and one approval or refusal."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from fleet.models import Device, Stop
from handoffs.models import CourierDay, ReleaseRequest
from orders.models import Shipment
from support.models import StaffAction
from support.roles import SUPERVISOR
from tests.handoffs.release_stories import ask, below_the_line, released_before
from tests.handoffs.stories import out_for_delivery, result, submit, wrong_code
from tests.support.stories import a_member, deeds, page_of, said, send, signed_in, words

pytestmark = pytest.mark.django_db

QUEUE = "/admin/releases/"


@pytest.fixture
def waiting() -> ReleaseRequest:
    """Carl asks at Ada's door; one supervisor is enough."""
    shipment, device = below_the_line()
    return ask(device, shipment, note="Her phone fell into the sea")


@pytest.fixture
def sue() -> Client:
    return signed_in(SUPERVISOR)


def place_of(request: ReleaseRequest, *what: str) -> str:
    return "/".join([f"{QUEUE}{request.public_id}", *what, ""])


def decide(client: Client, request: ReleaseRequest, what: str, *, key: str | None = None) -> str:
    return said(client, send(client, place_of(request, what), key=key, reason="Known at the depot"))


def handheld(request: ReleaseRequest) -> Device:
    """What the courier asked from."""
    assert request.device is not None
    return request.device


def state_of(request: ReleaseRequest) -> str:
    return str(ReleaseRequest.objects.get(pk=request.pk).state)


# --- What is seen ---------------------------------------------------------------------------------


def test_the_queue_shows_who_waits_the_oldest_first(sue: Client, waiting: ReleaseRequest) -> None:
    shipment, device = below_the_line()
    newer = ask(device, shipment)
    body = sue.get(QUEUE).content.decode()
    assert body.index(waiting.public_id) < body.index(newer.public_id)
    assert "9 minutes left" in body
    assert '<meta http-equiv="refresh"' in body


def test_what_is_over_is_not_in_the_queue(sue: Client, waiting: ReleaseRequest) -> None:
    with time_machine.travel(waiting.expires_at + timedelta(seconds=1)):
        assert "Nothing to decide" in words(sue.get(QUEUE))
        assert "Expired" in words(sue.get(place_of(waiting)))


def test_the_start_page_counts_them(sue: Client, waiting: ReleaseRequest) -> None:
    assert "1 release to decide" in words(sue.get("/admin/"))


def test_the_page_says_what_a_supervisor_has_to_know(sue: Client, waiting: ReleaseRequest) -> None:
    device, shipment = handheld(waiting), waiting.shipment
    released_before(device.courier, 3, 40)
    CourierDay.objects.create(courier=device.courier, day=device.courier.depot.today(), wrong_codes=7)
    submit(device, shipment, wrong_code(shipment))
    Stop.objects.filter(pk=waiting.stop_id).update(
        arrived_at=timezone.now(), arrival_latitude="51.510000", arrival_longitude="-0.124600"
    )
    seen = words(sue.get(place_of(waiting)))
    for told in (
        "Carl asks to do without the code",
        "The recipient's phone cannot be used",
        "The courier says that they saw an identity document",
        "Her phone fell into the sea",
        "1001 m from the address",
        "2 approved, 0 of them today",
        "Wrong codes today 8",
        "1 try with a wrong code",
        "2 a day, 10 in 90 days",
        "Delivery code no. 1 by text message to •••• ••56",
        "12.00 GBP",
    ):
        assert told in seen, told


def test_the_shipments_page_leads_to_it(sue: Client, waiting: ReleaseRequest) -> None:
    assert place_of(waiting) in sue.get(page_of(waiting.shipment)).content.decode()


# --- Deciding -------------------------------------------------------------------------------------


def test_an_approval_lets_the_courier_hand_over(sue: Client, waiting: ReleaseRequest) -> None:
    assert "ten minutes to hand over" in decide(sue, waiting, "approve")
    assert deeds(waiting.shipment) == [("release.approve", "done")]
    entry = StaffAction.objects.get()
    assert (entry.reason, entry.details) == ("Known at the depot", {"release": waiting.public_id})
    assert result(submit(handheld(waiting), waiting.shipment, None)) == "delivered"
    seen = words(sue.get(page_of(waiting.shipment)))
    assert "Sam (staff) approved handing it over without the code" in seen
    assert "without the code, as staff had approved" in seen


def test_a_refusal_is_told_to_the_courier(sue: Client, waiting: ReleaseRequest) -> None:
    assert "Refused" in decide(sue, waiting, "refuse")
    assert state_of(waiting) == "refused"
    assert deeds(waiting.shipment) == [("release.refuse", "done")]
    assert result(submit(handheld(waiting), waiting.shipment, None)) == "code_required"


def test_looking_and_asking_once_more_decide_nothing(sue: Client, waiting: ReleaseRequest) -> None:
    for what in ("approve", "refuse"):
        assert sue.get(place_of(waiting, what)).status_code == 200
    assert state_of(waiting) == "waiting"
    assert not StaffAction.objects.exists()


@pytest.mark.parametrize("reason", ["", "   ", "Code is 123456", "Call +44 7400 123456"])
def test_a_decision_needs_a_reason_that_may_be_kept(
    sue: Client, waiting: ReleaseRequest, reason: str
) -> None:
    assert send(sue, place_of(waiting, "approve"), reason=reason).status_code == 400
    assert state_of(waiting) == "waiting"


def test_a_second_click_does_nothing_more(sue: Client, waiting: ReleaseRequest) -> None:
    decide(sue, waiting, "approve", key="a" * 32)
    assert "done already" in decide(sue, waiting, "approve", key="a" * 32)
    assert deeds(waiting.shipment) == [("release.approve", "done")]
    assert waiting.approvals.count() == 1


def test_what_is_decided_is_not_decided_again(sue: Client, waiting: ReleaseRequest) -> None:
    decide(sue, waiting, "refuse")
    other = signed_in(SUPERVISOR)
    assert "It has been decided" in decide(other, waiting, "approve")
    assert state_of(waiting) == "refused"
    assert deeds(waiting.shipment) == [("release.refuse", "done"), ("release.approve", "release_over")]
    assert "it had been decided, or its time was over" in words(sue.get(page_of(waiting.shipment)))


def above_the_line() -> ReleaseRequest:
    shipment, device = out_for_delivery()
    return ask(device, shipment)


def test_above_the_line_it_takes_two_people(sue: Client) -> None:
    request = above_the_line()
    assert "another person" in decide(sue, request, "approve")
    assert "1 of 2" in words(sue.get(place_of(request)))
    assert result(submit(handheld(request), request.shipment, None)) == "code_required"
    other = signed_in(user=a_member(SUPERVISOR, name="Tom"))
    assert "1 of 2" in words(other.get(QUEUE))
    assert "Sam approved: Known at the depot" in words(other.get(place_of(request)))
    assert "ten minutes" in decide(other, request, "approve")
    assert result(submit(handheld(request), request.shipment, None)) == "delivered"


def test_one_person_does_not_approve_twice(sue: Client) -> None:
    request = above_the_line()
    decide(sue, request, "approve")
    assert "You have approved it already" in words(sue.get(place_of(request)))
    assert "You have approved it already" in decide(sue, request, "approve")
    assert state_of(request) == "waiting"
    assert deeds(request.shipment) == [("release.approve", "done"), ("release.approve", "decided_before")]


def test_who_made_the_handhelds_enrolment_does_not_decide() -> None:
    user = a_member(SUPERVISOR)
    client = signed_in(user=user)
    shipment, device = below_the_line()
    Device.objects.filter(pk=device.pk).update(enrolled_by=user)
    request = ask(device, shipment)
    assert "somebody else has to decide" in words(client.get(place_of(request)))
    assert "somebody else has to decide" in decide(client, request, "approve")
    assert state_of(request) == "waiting"


def test_a_pair_that_has_had_its_share_needs_another_supervisor() -> None:
    user = a_member(SUPERVISOR)
    client = signed_in(user=user)
    shipment, device = below_the_line()
    for days in (30, 20, 10):
        with time_machine.travel(timezone.now() - timedelta(days=days)):
            _approved(user, device)
    request = ask(device, shipment)
    seen = words(client.get(place_of(request)))
    assert "ask somebody else" in seen
    assert place_of(request, "approve") not in client.get(place_of(request)).content.decode()
    assert "Ask somebody else" in decide(client, request, "approve")
    assert "Refused" in decide(client, request, "refuse")


def _approved(user: User, device: Device) -> Shipment:
    shipment, _ = below_the_line(device)
    decide(signed_in(user=user), ask(device, shipment), "approve")
    submit(device, shipment, None)
    return shipment


def test_a_note_is_only_ever_text(sue: Client) -> None:
    shipment, device = below_the_line()
    request = ask(device, shipment, note="<script>alert(1)</script>\n<img src=x onerror=alert(1)>")
    body = sue.get(place_of(request)).content.decode()
    assert "<script>alert" not in body
    assert "<img src=x" not in body
    assert "&lt;script&gt;" in body
