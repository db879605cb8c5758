"""Guessing at the codes of an address that is not one's own, where no failures in a row stand against it:
before there is an account, and from an account whose own codes end its row."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.limits import ATTEMPTS_WINDOW, JUDGED_BY_ANYBODY
from accounts.models import Challenge, User
from tests.accounts.stories import an_account, newest_code, other_than, signed_in, type_code

pytestmark = pytest.mark.django_db
BOB = "bob@example.com"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 22, 0, 0, 5, tzinfo=UTC), tick=False) as travelled:
        yield travelled


def sign_up(browser: Client, email: str = BOB) -> None:
    browser.post("/account/signup/", {"name": "Eve", "email": email, "password": "a quiet bird sings"})


def ask_for_phone(browser: Client) -> None:
    browser.post("/account/phone/", {"phone": "07400 123456", "channel": "sms", "country": "GB"})


def judged(browser: Client, purpose: str, path: str) -> int:
    """How many of six guesses were looked at."""
    challenge = Challenge.objects.living().filter(purpose=purpose).first()
    wrong = other_than(challenge.code_of()) if challenge else "123456"
    answers = [type_code(browser, wrong, path).content.decode() for _ in range(6)]
    return sum("That was not the code" in answer for answer in answers)


def test_for_an_account_to_be_opened_twenty_a_day_are_judged(clock: time_machine.Traveller) -> None:
    total = 0
    for number in range(8):
        browser = Client(REMOTE_ADDR=f"198.51.100.{number}")
        sign_up(browser)
        total += judged(browser, "sign_up", "/account/signup/code/")
        clock.shift(ATTEMPTS_WINDOW + timedelta(minutes=10))
    assert total == JUDGED_BY_ANYBODY
    browser = Client()
    sign_up(browser)
    assert (
        "Too many wrong codes" in type_code(browser, newest_code(), "/account/signup/code/").content.decode()
    )
    assert not User.objects.exists(), "the right one is not looked at either"


def test_another_address_is_not_concerned_and_the_next_day_it_goes_on(clock: time_machine.Traveller) -> None:
    for _ in range(4):
        browser = Client()
        sign_up(browser)
        judged(browser, "sign_up", "/account/signup/code/")
        clock.shift(ATTEMPTS_WINDOW + timedelta(minutes=10))
    for email, later in (("carl@example.com", timedelta()), (BOB, timedelta(days=1))):
        clock.shift(later)
        browser = Client()
        sign_up(browser, email)
        type_code(browser, newest_code(), "/account/signup/code/")
        assert User.objects.filter(email=email).exists()


def test_for_a_number_it_is_twenty_although_own_codes_were_right(clock: time_machine.Traveller) -> None:
    an_account("eve@example.com")
    browser = signed_in(email="eve@example.com")
    total = 0
    for _ in range(6):
        clock.shift(ATTEMPTS_WINDOW + timedelta(minutes=10))
        browser.post("/account/confirm/", {"send": "email"})
        assert type_code(browser, newest_code(), "/account/confirm/").status_code == 302
        ask_for_phone(browser)
        total += judged(browser, "phone", "/account/phone/code/")
    assert total == JUDGED_BY_ANYBODY
