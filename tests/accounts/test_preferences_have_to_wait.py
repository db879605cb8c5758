"""For 72 hours after a changed contact or a dispute nothing is made less careful; it is said until when."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.contacts import remove_phone
from accounts.models import User
from handoffs.contact import change_recipient
from handoffs.dispute import dispute
from orders.models import Actor, DeliveryPreference, Shipment
from tests.accounts.deliveries import PAGE, ada, careful, press, routine
from tests.accounts.stories import EMAIL, code_in, newest_code, signed_in, the_message, type_code
from tests.base import ADA, CHEAP
from tests.customers.stories import own_path, seen
from tests.handoffs.preference_stories import ask, outcome
from tests.handoffs.stories import a_device, out_for_delivery, right_code, submit

pytestmark = pytest.mark.django_db
SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(SUNDAY, tick=False) as travelled:
        yield travelled


def asked(browser: Client, shipment: Shipment) -> str:
    page: str = press(browser, "no-codes", address=shipment.order.address_key).content.decode()
    return page


def by_mail_alone() -> Shipment:
    """Ordered with her e-mail address and no telephone, so wholly hers whichever she has."""
    return routine(careful(), recipient=replace(ADA, phone=""))


def received() -> Shipment:
    shipment, device = out_for_delivery(careful(), value=CHEAP, livemode=True)
    submit(device, shipment, right_code(shipment))
    return shipment


def say_not_received(shipment: Shipment) -> None:
    dispute(within=Shipment.objects.all(), shipment_id=shipment.public_id, actor=Actor("recipient"))


def moved(shipment: Shipment) -> None:
    """Its shop corrects the telephone."""
    change_recipient(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        changes={"phone": "+447400654321"},
        actor=Actor("merchant"),
    )


def test_after_a_contact_of_the_account_was_changed(clock: time_machine.Traveller) -> None:
    shipment = by_mail_alone()
    account = ada()
    browser = signed_in()
    remove_phone(account)
    page = asked(browser, shipment)
    assert "contact details were changed a short time ago" in page
    assert "from Wed 25 Nov, 12:00 on" in page
    shown = browser.get(PAGE).content.decode()
    assert "Your contact details were changed a short time ago" in shown
    assert 'action="/account/deliveries/no-codes/"' not in shown
    assert not DeliveryPreference.objects.filter(wish="opted_out").exists()
    clock.shift(timedelta(hours=72, seconds=1))
    assert "Done." in asked(signed_in(), shipment)


def test_after_her_phone_was_verified_anew() -> None:
    shipment = by_mail_alone()
    ada()
    browser = signed_in()
    browser.post("/account/phone/", {"channel": "sms", "country": "GB", "phone": "07400 999888"})
    type_code(browser, code_in(the_message("phone_code")), "/account/phone/code/")
    assert "contact details were changed" in asked(browser, shipment)


def test_after_the_account_was_opened(clock: time_machine.Traveller) -> None:
    """Whoever has her mailbox for a minute can open one, and add an app to it."""
    shipment = by_mail_alone()
    thief = Client()
    thief.post("/account/signup/", {"name": "Ada", "email": EMAIL, "password": "a quiet bird sings"})
    type_code(thief, newest_code(), "/account/signup/code/")
    assert "from Wed 25 Nov, 12:00 on" in asked(thief, shipment)
    assert "To protect you" in press(thief, "way", channel="account", language="").content.decode()
    assert User.objects.get(email=EMAIL).delivery_channel == "usual"
    assert not DeliveryPreference.objects.filter(wish="opted_out").exists()
    clock.shift(timedelta(hours=72, seconds=1))
    assert "Done." in asked(signed_in(password="a quiet bird sings"), shipment)


def test_after_a_shop_changed_the_contact_of_one_of_her_orders() -> None:
    merchant = careful()
    shipment = routine(merchant)
    ada()
    browser = signed_in()
    moved(routine(merchant))
    assert "contact details were changed" in asked(browser, shipment)


def test_after_a_dispute(clock: time_machine.Traveller) -> None:
    shipment = received()
    ada()
    browser = signed_in()
    say_not_received(shipment)
    assert "did not get a parcel" in asked(browser, shipment)
    assert "did not get a parcel" in browser.get(PAGE).content.decode()
    assert not DeliveryPreference.objects.filter(wish="opted_out").exists()
    clock.shift(timedelta(hours=72, seconds=1))
    assert "Done." in asked(signed_in(), shipment)


def test_codes_in_the_account_alone_have_to_wait_too() -> None:
    shipment = received()
    account = ada()
    browser = signed_in()
    say_not_received(shipment)
    page = press(browser, "way", channel="account", language="").content.decode()
    assert "To protect you" in page
    account.refresh_from_db()
    assert account.delivery_channel == "usual"


def test_after_a_dispute_the_page_of_another_parcel_there_says_so_too(client: Client) -> None:
    first = received()
    other, _ = out_for_delivery(first.order.merchant, device=a_device(), value=CHEAP, livemode=True)
    say_not_received(first)
    assert outcome(ask(other)) == "contact_not_settled"
    assert "did not get a parcel" in seen(client, own_path(other) + "preferences/")
