"""What nobody has signed in to is gone soon, and so is a session that is over: with what is in it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import AccountSession
from accounts.sessions import forget_sessions
from api.guesses import GuessLimit
from notifications.worker import periodic
from tests.accounts.stories import an_account, is_signed_in, newest_code, signed_in, type_code

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, 5, tzinfo=UTC)
SIGN_UP = {"name": "Ada", "email": "new@example.com", "password": "a quiet bird sings"}
OPTIONS = "/account/passkeys/options/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_a_sign_up_that_was_given_up_leaves_no_password_behind(clock: time_machine.Traveller) -> None:
    Client().post("/account/signup/", SIGN_UP)
    Client().post(OPTIONS, {"for": "sign_in"})
    clock.shift(timedelta(minutes=59))
    assert forget_sessions() == 0
    clock.shift(timedelta(minutes=2))
    assert forget_sessions() == 2
    assert not AccountSession.objects.exists()


def test_one_that_was_ended_well_lasts_as_any_other(clock: time_machine.Traveller) -> None:
    browser = Client()
    browser.post("/account/signup/", SIGN_UP)
    assert type_code(browser, newest_code(), "/account/signup/code/").status_code == 302
    clock.shift(timedelta(days=13))
    forget_sessions()
    assert is_signed_in(browser)


def test_so_does_one_begun_where_a_passkey_was_asked_for_first(clock: time_machine.Traveller) -> None:
    an_account()
    browser = Client()
    browser.post(OPTIONS, {"for": "sign_in"})
    signed_in(browser)
    clock.shift(timedelta(days=13))
    forget_sessions()
    assert is_signed_in(browser)


def test_more_than_a_batch_goes_at_once(
    clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accounts.sessions.BATCH", 2)
    for number in range(5):
        AccountSession.objects.create(session_key=str(number), expire_date=NOON)
    assert forget_sessions() == 5


def test_it_is_done_every_hour() -> None:
    assert periodic()["accounts.sessions.forget_sessions"].seconds == 3600


def test_one_network_does_not_ask_for_passkeys_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    few = GuessLimit("few", 3, timedelta(hours=1))
    monkeypatch.setattr("customers.account.passkeys.PASSKEY_OPTIONS", few)
    asked = [Client().post(OPTIONS, {"for": "sign_in"}).status_code for _ in range(5)]
    assert asked == [200, 200, 200, 429, 429]
    assert AccountSession.objects.count() == 3
