"""Guessing at an account's code, by somebody who has the password: five for one challenge, twenty in a row
for the account, whatever browsers and networks they come from. Both are counted before the verdict."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.limits import ATTEMPTS, ATTEMPTS_WINDOW, FAILURES_IN_A_ROW
from accounts.models import Challenge, User
from notifications.models import Message
from tests.accounts.stories import (
    PHONE,
    an_account,
    is_signed_in,
    living,
    newest_code,
    other_than,
    sign_in,
    type_code,
)

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as travelled:
        yield travelled


def verdict(answer: Any) -> str:
    """What a guess came to, as the page says it; only `judged` tells anything of the code."""
    if answer.status_code == 302:
        return "right" if answer["Location"] == "/account/" else "led away"
    page = answer.content.decode()
    return "judged" if "That was not the code" in page else "not looked at"


def an_attacker(number: int) -> Client:
    """The right password, from a network and in a session of its own."""
    browser = Client(REMOTE_ADDR=f"203.0.{number // 250}.{number % 250 + 1}")
    assert sign_in(browser).status_code == 302
    return browser


def a_wrong_one() -> str:
    challenge = Challenge.objects.living().select_related("account").first()
    return other_than(challenge.code_of()) if challenge else "123456"


def guess(browser: Client, times: int = 5) -> Counter[str]:
    return Counter(verdict(type_code(browser, a_wrong_one())) for _ in range(times))


def test_a_challenge_takes_five_and_then_not_even_the_right_one() -> None:
    an_account()
    browser = an_attacker(1)
    code = newest_code()
    assert [verdict(type_code(browser, other_than(code))) for _ in range(6)] == ["judged"] * 5 + [
        "not looked at"
    ]
    assert verdict(type_code(browser, code)) == "not looked at"
    assert Challenge.objects.get().nonce is None


def test_three_hundred_guesses_at_once_over_sixty_networks_are_five_with_one_message() -> None:
    an_account(phone=PHONE)
    told = sum((guess(an_attacker(number)) for number in range(60)), Counter[str]())
    assert told["judged"] == ATTEMPTS
    assert Message.objects.filter(to=PHONE, kind="sign_in_code").count() == 1


def test_of_three_hundred_by_somebody_patient_twenty_are_judged(clock: time_machine.Traveller) -> None:
    account = an_account(phone=PHONE)
    told = Counter[str]()
    for number in range(60):
        told += guess(an_attacker(number))
        clock.shift(ATTEMPTS_WINDOW + timedelta(seconds=1))
    assert told["judged"] == FAILURES_IN_A_ROW
    assert Message.objects.filter(to=PHONE).count() <= 5
    account.refresh_from_db()
    assert account.is_code_locked


def test_a_new_code_gives_no_attempts_back(clock: time_machine.Traveller) -> None:
    an_account()
    browser = an_attacker(1)
    for _ in range(4):
        assert guess(browser, 1)["judged"]
        clock.shift(timedelta(minutes=3))
        before = living().number
        browser.post("/account/login/code/", {"send": "email"})
        assert living().number == before + 1, "another code"
    assert guess(browser, 2) == {"judged": 1, "not looked at": 1}


def test_nor_does_another_way_or_another_browser(clock: time_machine.Traveller) -> None:
    an_account(phone=PHONE)
    guess(an_attacker(1), 2)
    clock.shift(timedelta(seconds=61))
    browser = an_attacker(2)
    guess(browser, 2)
    browser.post("/account/login/code/", {"send": "email"})
    assert living().channel == "email"
    assert living().attempts_left == 1


def test_the_row_is_over_after_a_success_and_counts_every_purpose(clock: time_machine.Traveller) -> None:
    account = an_account()
    browser = an_attacker(1)
    guess(browser, 3)
    assert verdict(type_code(browser, newest_code())) == "right"
    account.refresh_from_db()
    assert account.code_failures == 0
    clock.shift(timedelta(minutes=20))
    browser.post("/account/confirm/", {"send": "email"})
    type_code(browser, other_than(newest_code()), "/account/confirm/")
    account.refresh_from_db()
    assert account.code_failures == 1


def test_a_locked_account_is_opened_through_its_mailbox(clock: time_machine.Traveller) -> None:
    an_account()
    User.objects.update(code_failures=FAILURES_IN_A_ROW)
    browser = an_attacker(1)
    assert not Message.objects.exists(), "nothing is sent that could not be used"
    assert verdict(type_code(browser, "123456")) == "not looked at"
    anybody = Client()
    anybody.post("/account/password/reset/", {"email": "ada@example.com"})
    link = reset_link_in(Message.objects.get())
    assert anybody.post(link, {"password": "four rather quiet words"}).status_code == 302
    clock.shift(timedelta(minutes=2))
    sign_in(anybody, password="four rather quiet words")
    type_code(anybody, newest_code())
    assert is_signed_in(anybody)


def reset_link_in(message: Message) -> str:
    from tests.accounts.stories import text_of

    return next(
        word.partition("8000")[2] for word in text_of(message).split() if "/account/password/reset/" in word
    )


def test_a_code_is_right_once() -> None:
    an_account()
    browser, other = an_attacker(1), an_attacker(2)
    code = newest_code()
    assert verdict(type_code(browser, code)) == "right"
    assert verdict(type_code(other, code)) == "not looked at"


def test_a_code_is_dead_after_five_minutes(clock: time_machine.Traveller) -> None:
    an_account()
    browser = an_attacker(1)
    code = newest_code()
    clock.shift(timedelta(minutes=5))
    assert verdict(type_code(browser, code)) == "not looked at"


def test_what_is_no_code_is_not_counted() -> None:
    an_account()
    browser = an_attacker(1)
    code = newest_code()
    for typed in ("", "12345", "1234567", "abcdef", "１２３４５６", "\x00" * 6):  # noqa: RUF001
        assert verdict(type_code(browser, typed)) == "not looked at"
    assert living().attempts == 0
    assert verdict(type_code(browser, f" {code[:3]}-{code[3:]} ")) == "right"
