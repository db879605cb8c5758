"""What strangers can have sent to somebody's address takes nothing from its owner's codes and notices."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from handoffs.contact import change_recipient
from notifications import worker
from notifications.caps import BY_ANYBODY_PER_ADDRESS_PER_DAY
from notifications.models import Message
from orders.models import Actor, Shipment
from tests.accounts.stories import EMAIL, PHONE, an_account, sign_in, signed_in
from tests.base import ADA
from tests.handoffs.stories import out_for_delivery
from tests.notifications.servers import Mailbox

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)
A_MINUTE = timedelta(seconds=61)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as travelled:
        yield travelled


def sign_up(email: str, browser: Client | None = None) -> str:
    """What the page says next."""
    data = {"name": "Eve", "email": email, "password": "a quiet bird sings"}
    page: str = (browser or Client()).post("/account/signup/", data, follow=True).content.decode()
    return page


def ask_reset(network: int = 1) -> None:
    browser = Client(REMOTE_ADDR=f"198.51.100.{network}")
    assert "on its way there" in browser.post("/account/password/reset/", {"email": EMAIL}).content.decode()


def sent(kind: str, to: str = EMAIL) -> int:
    return Message.objects.filter(kind=kind, to=to).count()


def test_sign_ups_with_her_address_leave_her_codes(clock: time_machine.Traveller) -> None:
    an_account()
    for _ in range(5):
        sign_up(EMAIL)
        clock.shift(A_MINUTE)
    assert sent("account_exists") == 3
    for times in (1, 2):
        sign_in(Client(), EMAIL)
        assert sent("sign_in_code") == times
        clock.shift(A_MINUTE)
    sign_in(Client(), EMAIL)
    assert sent("sign_in_code") == 2, "five in all"


def test_another_account_that_verifies_her_phone_leaves_her_codes(clock: time_machine.Traveller) -> None:
    an_account(phone=PHONE)
    an_account("eve@example.com")
    eve = signed_in(email="eve@example.com")
    eve.post("/account/phone/", {"phone": "07400 123456", "channel": "sms", "country": "GB"})
    for _ in range(4):
        clock.shift(A_MINUTE)
        eve.post("/account/phone/code/", {"send": "sms"})
    assert sent("phone_code", PHONE) == 3
    clock.shift(A_MINUTE)
    sign_in(Client())
    assert sent("sign_in_code", PHONE) == 1


def test_sign_up_does_not_tell_that_a_code_went_to_its_owner() -> None:
    an_account()
    sign_in(Client())
    assert sent("sign_in_code") == 1
    assert "Too many" not in sign_up(EMAIL)
    assert sent("account_exists") == 1


def test_resets_are_two_an_hour_and_the_page_says_nothing_of_it(clock: time_machine.Traveller) -> None:
    for email in (EMAIL, "Ada@Example.com"):
        Client().post("/account/password/reset/", {"email": email})
    ask_reset(2)
    assert Message.objects.count() == 2, "however it is written, and whether or not it has an account"
    clock.shift(timedelta(hours=1))
    ask_reset(3)
    assert Message.objects.count() == 3


def a_day_of_strangers(clock: time_machine.Traveller) -> None:
    """All that they can have sent to Ada in eight hours."""
    for hour in range(8):
        for _ in range(3):
            ask_reset(hour)
            sign_up(EMAIL)
            clock.shift(A_MINUTE)
        work()
        clock.shift(timedelta(minutes=57))


def work() -> None:
    while worker.drain():
        pass


def test_after_a_day_of_strangers_her_codes_and_notices_still_go(
    clock: time_machine.Traveller, mailbox: Mailbox
) -> None:
    an_account()
    shipment = out_for_delivery(livemode=True, recipient=replace(ADA, phone=""))[0]
    work()
    before = len(mailbox.mails)
    a_day_of_strangers(clock)
    assert sent("account_exists") + sent("password_reset") > 30, "more than may go to one address in a day"
    assert len(mailbox.mails) == before + BY_ANYBODY_PER_ADDRESS_PER_DAY
    sign_in(Client())
    change_recipient(
        within=Shipment.objects.all(),
        shipment_id=shipment.public_id,
        changes={"email": "thief@evil.example"},
        actor=Actor("merchant"),
    )
    work()
    for kind in ("sign_in_code", "contact_changed"):
        assert Message.objects.get(kind=kind, to=EMAIL).state == "sent", kind
