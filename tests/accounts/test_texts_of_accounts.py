"""Texts to numbers that people want to add to their accounts: who earns by them names many."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from customers.account import limits
from notifications import caps
from notifications.models import Message
from tests.accounts.stories import PHONE, an_account, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 22, 1, 0, 5, tzinfo=UTC), tick=False) as travelled:
        yield travelled


def ask(browser: Client, number: int) -> str:
    """What the page says then."""
    data = {"phone": f"07400 12{number:04}", "channel": "sms", "country": "GB"}
    page: str = browser.post("/account/phone/", data, follow=True).content.decode()
    return page


def texts() -> int:
    return Message.objects.filter(kind="phone_code").count()


def test_those_sent_again_count_too(clock: time_machine.Traveller) -> None:
    an_account()
    browser = signed_in()
    ask(browser, 3456)
    for _ in range(14):
        clock.shift(timedelta(minutes=21))
        browser.post("/account/phone/code/", {"send": "sms"})
    assert texts() == limits.NUMBERS.most
    assert "Too many were asked for" in browser.get("/account/phone/code/").content.decode()


def test_what_was_not_sent_does_not(clock: time_machine.Traveller) -> None:
    an_account()
    browser = signed_in()
    for _ in range(12):
        ask(browser, 3456)
    assert texts() == 1
    clock.shift(timedelta(minutes=1))
    ask(browser, 1)
    assert texts() == 2


def test_one_network_names_fifty_in_a_day_whatever_its_accounts() -> None:
    for number in range(6):
        an_account(f"eve{number}@example.com")
        browser = signed_in(email=f"eve{number}@example.com")
        for each in range(limits.NUMBERS.most):
            said = ask(browser, number * 100 + each)
    assert texts() == limits.NUMBERS_OF_NETWORK.most
    assert "Too many were asked for" in said
    an_account()
    ask(signed_in(Client(REMOTE_ADDR="203.0.113.7")), 3456)
    assert texts() == limits.NUMBERS_OF_NETWORK.most + 1


def test_they_have_a_cap_of_their_own_that_keeps_no_owner_out(settings: Settings) -> None:
    settings.SANDBOX, settings.SMS_CAP_OF_ACCOUNTS_PER_DAY = False, 2
    an_account(phone=PHONE)
    browser = signed_in()
    for number in (1, 2, 3):
        ask(browser, number)
    asked = Message.objects.filter(kind="phone_code").order_by("id")
    refused = [caps.charge(message) for message in asked]
    assert [each is None for each in refused] == [True, True, False]
    assert "2 messages have gone for accounts" in str(refused[-1])
    own = Message.objects.filter(kind="sign_in_code").get()
    assert (own.channel, caps.charge(own)) == ("sms", None)
