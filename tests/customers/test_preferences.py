"""Ada opts out on her page: what she reads, and what each form comes to."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from handoffs.contact import change_recipient
from handoffs.models import PreferenceChallenge
from notifications.models import Message
from orders.models import Actor, CodeReason, DeliveryPreference, Merchant, Shipment
from tests.base import CHEAP, a_shipment, acme
from tests.customers.stories import bare_path, everything, own_path, seen
from tests.handoffs.preference_stories import opt_out, other_digits
from tests.handoffs.stories import a_device, out_for_delivery, right_code, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def merchant() -> Merchant:
    """One whose routine parcels need a code too."""
    return acme(code_for_routine=True)


@pytest.fixture
def shipment(merchant: Merchant) -> Shipment:
    return out_for_delivery(merchant, value=CHEAP)[0]


def page_of(shipment: Shipment) -> str:
    return own_path(shipment) + "preferences/"


def press(client: Client, path: str, action: str, **form: str) -> str:
    """Send a form of the page, and read the page that follows."""
    response = client.post(path + action, form)
    assert response.status_code == 302
    return seen(client, response["Location"])


def confirm(client: Client, path: str, code: str) -> str:
    challenge = PreferenceChallenge.objects.latest("pk")
    return press(client, path, "confirm/", challenge=challenge.public_id, code=code)


def sent_code() -> str:
    return PreferenceChallenge.objects.living().select_related("preference").get().code_of()


# --- From the order page to the choice -----------------------------------------------------------


def test_the_order_page_leads_there(client: Client, shipment: Shipment) -> None:
    assert 'href="preferences/"' in client.get(own_path(shipment)).content.decode()
    assert 'href="preferences/"' not in client.get(bare_path(shipment)).content.decode()


def test_it_says_what_still_needs_a_code(client: Client, shipment: Shipment) -> None:
    page = seen(client, page_of(shipment))
    assert "from Acme that is GBP 100.00 or more" in page
    assert "several parcels on their way to you come to that together" in page
    assert "everything that is ordered already, this parcel too" in page


def test_contacts_are_masked(client: Client, shipment: Shipment) -> None:
    press(client, page_of(shipment), "send/", channel="sms")
    typing = client.get(page_of(shipment)).content.decode()
    confirm(client, page_of(shipment), sent_code())
    done = client.get(page_of(shipment)).content.decode()
    for page in (typing, done):
        assert "•••• ••56" in page
        assert not any(contact in page for contact in shipment.order.contacts)


def test_ada_opts_out_with_the_code_she_was_sent(
    client: Client, shipment: Shipment, merchant: Merchant
) -> None:
    path = page_of(shipment)
    assert "A confirmation code is on its way to a•••@e•••" in press(client, path, "send/", channel="email")
    page = seen(client, path)
    assert "We have sent six digits to a•••@e•••" in page
    assert "Choose it" not in page, "one thing to do at a time"
    page = confirm(client, path, sent_code())
    assert "Done. Routine parcels ordered from now on for a•••@e•••" in page
    assert "Routine parcels come without a code" in page
    assert a_shipment(merchant, value=CHEAP).code_reason == CodeReason.OPTED_OUT


def test_the_page_never_shows_the_code_it_asks_for(client: Client, shipment: Shipment) -> None:
    press(client, page_of(shipment), "send/", channel="sms")
    assert sent_code() not in client.get(page_of(shipment)).content.decode()


# --- The code ------------------------------------------------------------------------------------


def test_a_wrong_one_says_what_is_left_and_the_fifth_ends_it(client: Client, shipment: Shipment) -> None:
    path = page_of(shipment)
    press(client, path, "send/", channel="sms")
    right = sent_code()
    said = [confirm(client, path, other_digits(right)) for _ in range(5)]
    assert "That is not the code. 4 tries are left" in said[0]
    assert "That is not the code. 1 try is left" in said[3]
    assert "it was the last try" in said[4]
    assert "That code no longer works" in confirm(client, path, right)
    assert not DeliveryPreference.objects.filter(wish="opted_out").exists()


def test_a_new_code_after_that_has_to_wait(client: Client, shipment: Shipment) -> None:
    path = page_of(shipment)
    press(client, path, "send/", channel="sms")
    wrong = other_digits(sent_code())
    for _ in range(5):
        confirm(client, path, wrong)
    with time_machine.travel(timezone.now() + timedelta(minutes=2), tick=False):
        assert "try again in an hour or so" in press(client, path, "send/", channel="sms")


@pytest.mark.parametrize("typed", ["", "12 34", "six", "\x00" * 6, "9" * 9000, "１２３４５６"])  # noqa: RUF001
def test_what_is_no_code_is_not_counted(client: Client, shipment: Shipment, typed: str) -> None:
    path = page_of(shipment)
    press(client, path, "send/", channel="sms")
    assert "That was not a code of six digits" in confirm(client, path, typed)
    assert PreferenceChallenge.objects.get().attempts == 0


@pytest.mark.parametrize("challenge", ["", "pch_unknown", "\x00", "' or 1=1", "é" * 999])
def test_a_challenge_that_there_is_not_is_no_error(
    client: Client, shipment: Shipment, challenge: str
) -> None:
    path = page_of(shipment)
    assert "changed meanwhile" in press(client, path, "confirm/", challenge=challenge, code="123456")


def test_a_late_one_is_told_so(client: Client, shipment: Shipment) -> None:
    path = page_of(shipment)
    press(client, path, "send/", channel="sms")
    code = sent_code()
    with time_machine.travel(timezone.now() + timedelta(minutes=11), tick=False):
        assert "The time of that code is over" in confirm(client, path, code)


def test_a_second_click_sends_nothing(client: Client, shipment: Shipment) -> None:
    path = page_of(shipment)
    with time_machine.travel(timezone.now(), tick=False):
        press(client, path, "send/", channel="sms")
        before = everything()
        assert "You can ask for another in 60 seconds" in press(client, path, "send/", channel="sms")
        assert everything() == before


@pytest.mark.parametrize("channel", ["", "voice", "\x00", "sms" * 999])
def test_a_channel_that_does_not_lead_to_ada_is_no_error(
    client: Client, shipment: Shipment, channel: str
) -> None:
    assert "That way does not lead to you" in press(client, page_of(shipment), "send/", channel=channel)
    assert not PreferenceChallenge.objects.exists()


# --- Back again ----------------------------------------------------------------------------------


def test_one_tap_takes_it_back(client: Client, shipment: Shipment, merchant: Merchant) -> None:
    opt_out(shipment)
    page = press(client, page_of(shipment), "codes-again/")
    assert "come with a delivery code wherever the shop asks for one" in page
    assert a_shipment(merchant, value=CHEAP).code_reason == CodeReason.ROUTINE


def test_so_does_the_link_of_the_notice_after_delivery(
    client: Client, shipment: Shipment, merchant: Merchant
) -> None:
    challenge = opt_out(shipment)
    path = f"{bare_path(shipment)[:-1]}.{challenge.way_back_proof()}/preferences/"
    submit(a_device(shipment.stops.get().route.courier), shipment, right_code(shipment))
    assert "Send me a confirmation code" not in seen(client, path)
    assert "Done." in press(client, path, "codes-again/")
    assert a_shipment(merchant, value=CHEAP).code_reason == CodeReason.ROUTINE


def test_the_link_of_one_contact_s_notice_leaves_the_other_s_choice(
    client: Client, shipment: Shipment
) -> None:
    challenge = opt_out(shipment)
    opt_out(shipment, "email")
    path = f"{bare_path(shipment)[:-1]}.{challenge.way_back_proof()}/preferences/"
    press(client, path, "codes-again/")
    opted_out = DeliveryPreference.objects.filter(wish="opted_out")
    assert [preference.contact for preference in opted_out] == [shipment.order.email]


def test_the_link_of_the_notice_does_nothing_else(client: Client, shipment: Shipment) -> None:
    challenge = opt_out(shipment)
    path = f"{bare_path(shipment)[:-1]}.{challenge.way_back_proof()}/"
    before = everything()
    for action in ("resend/", "new-code/", "preferences/send/", "preferences/confirm/"):
        assert "This link is no longer valid" in press(client, path, action, channel="email")
    assert right_code(shipment) not in client.get(path).content.decode()
    assert everything() == before


# --- When it is not to be had --------------------------------------------------------------------


def test_after_a_changed_contact_it_says_from_when_on(client: Client, shipment: Shipment) -> None:
    change_recipient(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        changes={"phone": "+447400654321"},
        actor=Actor("merchant"),
    )
    page = seen(client, page_of(shipment))
    assert "The contact details for your parcel were changed a short time ago" in page
    assert "Send me a confirmation code" not in page
    assert "this has to wait" in press(client, page_of(shipment), "send/", channel="sms")
    assert not Message.objects.filter(kind="preference_code").exists()


@pytest.mark.parametrize("proof", ["AAAABBBBCCCCDDDD", "x", "é"])
@pytest.mark.parametrize("action", ["", "send/", "confirm/", "codes-again/"])
def test_a_made_up_proof_leads_to_the_bare_page_and_changes_nothing(
    client: Client, shipment: Shipment, proof: str, action: str
) -> None:
    opt_out(shipment)
    before = everything()
    path = f"{bare_path(shipment)[:-1]}.{proof}/"
    response = (client.post if action else client.get)(path + "preferences/" + action)
    assert response.status_code == 302
    assert "This link is no longer valid" in seen(client, response["Location"])
    assert everything() == before


@pytest.mark.parametrize("action", ["", "send/", "confirm/", "codes-again/"])
def test_an_unknown_tracking_number_is_a_page_that_is_not_there(client: Client, action: str) -> None:
    path = "/o/AAAAAAAAAAA.AAAABBBBCCCCDDDD/preferences/" + action
    assert (client.post if action else client.get)(path).status_code == 404
