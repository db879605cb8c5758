"""Wrong codes have locked an account, typed by somebody who may be signed in already: the owner is told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.exposed import WARNED_AT_MOST
from accounts.factors import app
from accounts.limits import FAILURES_IN_A_ROW, FRESH_FOR
from accounts.models import SecurityEvent, User
from notifications.models import Message
from tests.accounts.factors import an_app, shown
from tests.accounts.stories import (
    EMAIL,
    PHONE,
    an_account,
    newest_code,
    other_than,
    sign_in,
    signed_in,
    text_of,
    type_code,
)

pytestmark = pytest.mark.django_db
CONFIRM = "/account/confirm/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC), tick=False) as travelled:
        yield travelled


@pytest.fixture
def ada() -> User:
    return an_account(phone=PHONE)


def told() -> list[Message]:
    return list(Message.objects.filter(kind="account_codes_locked").order_by("id"))


def one_is_left() -> None:
    User.objects.update(code_failures=FAILURES_IN_A_ROW - 1)


def miss_the_last(browser: Client) -> None:
    """The last guess that is judged, in a session that is signed in."""
    one_is_left()
    browser.post(CONFIRM, {"send": "email"})
    type_code(browser, other_than(newest_code()), CONFIRM)


def test_the_last_wrong_code_of_a_session_is_told_on_every_contact(
    ada: User, clock: time_machine.Traveller
) -> None:
    browser = signed_in()
    clock.shift(FRESH_FOR)
    browser.post(CONFIRM, {"send": "email"})
    User.objects.update(code_failures=FAILURES_IN_A_ROW - 2)
    type_code(browser, other_than(newest_code()), CONFIRM)
    assert told() == []
    type_code(browser, other_than(newest_code()), CONFIRM)
    assert {(message.channel, message.to) for message in told()} == {("sms", PHONE), ("email", EMAIL)}
    texts = {message.channel: text_of(message) for message in told()}
    assert "/account/secure/" in texts["email"]
    assert "http" not in texts["sms"]
    assert SecurityEvent.objects.filter(what="codes_locked").count() == 1
    type_code(browser, "123456", CONFIRM)  # no longer judged, and nothing that is new
    assert len(told()) == 2


def test_the_last_wrong_code_of_an_app_is_told(ada: User) -> None:
    its = an_app(ada)
    one_is_left()
    app.check(ada, other_than(shown(its)))
    assert {message.channel for message in told()} == {"sms", "email"}


def test_who_types_the_right_one_at_last_hears_nothing(ada: User, clock: time_machine.Traveller) -> None:
    browser = signed_in()
    clock.shift(FRESH_FOR)
    browser.post(CONFIRM, {"send": "email"})
    one_is_left()
    type_code(browser, newest_code(), CONFIRM)
    assert told() == []


def test_it_is_told_once_a_day(ada: User, clock: time_machine.Traveller) -> None:
    browser = signed_in()
    clock.shift(FRESH_FOR)
    for _ in range(2):
        miss_the_last(browser)
        clock.shift(timedelta(hours=1))
    assert (len(told()), SecurityEvent.objects.filter(what="codes_locked").count()) == (2, 2)


def test_who_was_warned_of_the_password_is_not_told_the_same_day(
    ada: User, clock: time_machine.Traveller
) -> None:
    browser = Client()
    sign_in(browser)
    User.objects.update(code_failures=FAILURES_IN_A_ROW - 5)
    wrong = other_than(newest_code())
    for _ in range(5):
        type_code(browser, wrong)
    assert Message.objects.filter(kind="password_exposed").exists()
    assert SecurityEvent.objects.filter(what="codes_locked").exists()
    assert told() == []
    clock.shift(WARNED_AT_MOST)
    User.objects.update(code_failures=0)
    miss_the_last(signed_in())
    assert told() != []
