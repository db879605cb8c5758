"""On which way Ada's delivery codes come first, as she has said in her account, and in which language."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings

from accounts.models import User
from handoffs.ladder import settled
from handoffs.messages import keeper_of
from notifications import kinds
from notifications.models import Message
from orders.models import Shipment
from tests.accounts.deliveries import PAGE, ada, press
from tests.accounts.stories import EMAIL, PHONE, an_account, signed_in, text_of
from tests.base import ADA
from tests.customers.stories import own_path
from tests.handoffs.stories import out_for_delivery, right_code

pytestmark = pytest.mark.django_db
NOON, NIGHT = datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2026, 11, 20, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


def wants(channel: str, account: User | None = None, language: str = "") -> User:
    account = account or ada()
    User.objects.filter(pk=account.pk).update(delivery_channel=channel, delivery_language=language)
    return account


def out(**fields: Any) -> Shipment:
    return out_for_delivery(livemode=True, **fields)[0]


def first_code(shipment: Shipment) -> Message:
    return Message.objects.filter(kind="delivery_code", about=shipment.public_id).order_by("pk")[0]


def test_who_has_said_nothing_gets_a_text_message() -> None:
    ada()
    assert first_code(out()).channel == "sms"


@pytest.mark.parametrize("channel", ["sms", "email"])
def test_the_wanted_way_is_the_first(channel: str) -> None:
    wants(channel)
    assert first_code(out()).channel == channel


def test_a_call_by_day_and_a_text_message_at_night(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handoffs.messages.sending.is_configured", lambda *args, **more: True)
    wants("voice")
    assert first_code(out()).channel == "voice"
    clock.move_to(NIGHT)
    assert first_code(out()).channel == "sms"


def test_where_it_fails_the_others_are_tried() -> None:
    wants("email")
    shipment = out()
    message = first_code(shipment)
    Message.objects.filter(pk=message.pk).update(state="failed", next_try_at=None)
    message.refresh_from_db()
    settled(message)
    assert [m.channel for m in Message.objects.filter(kind="delivery_code").order_by("pk")] == [
        "email",
        "sms",
    ]


def test_a_wish_turns_nobody_else_s_code() -> None:
    """Where an order has Bob's mailbox and Ada's telephone, and both have said something, none is heard."""
    wants("email", an_account("bob@example.com"))
    assert first_code(out()).channel == "sms"
    wants("sms")
    both = out(recipient=replace(ADA, email="bob@example.com"))
    assert first_code(both).channel == "sms"


def test_nor_does_that_of_a_disabled_account_or_an_unverified_mailbox() -> None:
    account = wants("email", an_account(EMAIL))
    User.objects.filter(pk=account.pk).update(is_active=False)
    assert first_code(out()).channel == "sms"
    User.objects.filter(pk=account.pk).update(is_active=True, email_verified_at=None)
    assert first_code(out()).channel == "sms"


def test_a_test_order_tells_nothing_of_an_account(settings: LazySettings) -> None:
    settings.SANDBOX = False
    wants("email", language="fr")
    message = first_code(out_for_delivery()[0])
    assert message.channel == "sms"
    assert "delivery code" in text_of(message)


# --- In the account alone ------------------------------------------------------------------------


def test_no_message_has_the_code_and_its_page_in_the_account_does() -> None:
    account = wants("account")
    browser = signed_in()
    shipment = out()
    code = right_code(shipment)
    for message in Message.objects.filter(about=shipment.public_id):
        for channel in ("sms", "email"):
            message.channel = channel
            rendered = kinds.render(message)
            text = f"{rendered.text} {rendered.html}" if rendered else ""
            assert code not in text
            assert own_path(shipment) not in text
    assert first_code(shipment).channel == "email"
    path = f"/account/parcels/{shipment.tracking_number}/"
    assert path in text_of(first_code(shipment))
    page = browser.get(path)
    assert code in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert keeper_of(shipment.order) == account


def test_one_telephone_that_is_not_hers_keeps_the_messages() -> None:
    wants("account")
    browser = signed_in()
    for recipient in (replace(ADA, phone="+447400999888"), replace(ADA, email="other@example.com")):
        shipment = out(recipient=recipient)
        assert right_code(shipment) in text_of(first_code(shipment))
        page = browser.get(f"/account/parcels/{shipment.tracking_number}/")
        assert right_code(shipment) not in page.content.decode()


def test_another_account_with_the_same_telephone_does_not_see_it() -> None:
    wants("account")
    an_account("bob@example.com", phone=PHONE)
    shipment = out()
    page = signed_in(email="bob@example.com").get(f"/account/parcels/{shipment.tracking_number}/")
    assert page.status_code == 200
    assert right_code(shipment) not in page.content.decode()


def test_nobody_else_s_parcel_is_there() -> None:
    shipment = out(recipient=replace(ADA, phone="+447400999888", email="other@example.com"))
    ada()
    browser = signed_in()
    for form in ("", "new-code/", "here/"):
        path = f"/account/parcels/{shipment.tracking_number}/{form}"
        assert (browser.post if form else browser.get)(path).status_code == 404


def test_someone_asked_for_it_makes_a_new_one_once() -> None:
    wants("account")
    browser = signed_in()
    shipment = out()
    path = f"/account/parcels/{shipment.tracking_number}/"
    old = right_code(shipment)
    for _ in range(2):
        browser.post(f"{path}new-code/", {"generation": "1"})
    assert shipment.codes.count() == 2
    page = browser.get(path).content.decode()
    assert right_code(shipment) in page
    assert old not in page
    browser.post(f"{path}here/")
    assert shipment.stops.get().recipient_here_at is not None


# --- Choosing it ---------------------------------------------------------------------------------


def test_she_chooses_way_and_language_and_is_told() -> None:
    account = ada()
    page = press(signed_in(), "way", channel="email", language="de").content.decode()
    assert "Saved." in page
    account.refresh_from_db()
    assert (account.delivery_channel, account.delivery_language) == ("email", "de")
    assert [event.what for event in account.security_events.order_by("pk")][-1] == "delivery_way"
    told = Message.objects.filter(kind="security_changed").order_by("channel")
    assert [message.channel for message in told] == ["email", "sms"]


def test_the_same_again_is_not_told() -> None:
    ada()
    browser = signed_in()
    for _ in range(2):
        press(browser, "way", channel="sms", language="")
    assert Message.objects.filter(kind="security_changed").count() == 2


def test_what_there_is_not_is_the_usual() -> None:
    account = ada()
    press(signed_in(), "way", channel="pigeon", language="\x00")
    account.refresh_from_db()
    assert (account.delivery_channel, account.delivery_language) == ("usual", "")


def test_all_messages_to_her_contacts_are_in_her_language() -> None:
    shipment = out()
    assert "delivery code" in text_of(first_code(shipment))
    wants("usual", language="de")
    assert "Zustellcode" in text_of(first_code(shipment))
    assert "delivery code" not in text_of(first_code(shipment))


def test_two_who_share_a_telephone_and_differ_get_what_the_shop_says() -> None:
    wants("usual", language="de")
    wants("usual", an_account("bob@example.com", phone=PHONE), language="fr")
    assert "delivery code" in text_of(first_code(out()))


def test_the_page_offers_what_there_is_for_her() -> None:
    an_account(EMAIL)
    page = signed_in().get(PAGE).content.decode()
    assert 'value="voice"' not in page
    assert 'value="account"' in page
