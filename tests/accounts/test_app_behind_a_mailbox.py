"""Whoever reads the mailbox of an account with an app can set its password again and again; that gives no end
of guesses at the app."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts import secure_links
from accounts.limits import FAILURES_IN_A_ROW
from accounts.models import TrustedBrowser, User
from accounts.passwords import change_password
from tests.accounts.factors import an_app, shown
from tests.accounts.stories import PHONE, an_account, is_signed_in, newest_code, sign_in, signed_in, type_code

pytestmark = pytest.mark.django_db
START = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as travelled:
        yield travelled


def by_reset(account: User) -> None:
    change_password(account, "four rather quiet words", by_mailbox=True)


def by_warning(account: User) -> None:
    assert secure_links.secure(secure_links.secure_link(account).rstrip("/").rpartition("/")[2])


def is_open_after(end: Callable[[User], None], account: User) -> bool:
    """Whether the account, locked by failures, is judged again after this."""
    User.objects.filter(pk=account.pk).update(code_failures=FAILURES_IN_A_ROW)
    account.refresh_from_db()
    end(account)
    account.refresh_from_db()
    return not account.is_code_locked


@pytest.mark.parametrize("end", [by_reset, by_warning])
def test_with_an_app_three_times_in_a_month(
    end: Callable[[User], None], clock: time_machine.Traveller
) -> None:
    account = an_account()
    an_app(account)
    assert [is_open_after(end, account) for _ in range(4)] == [True, True, True, False]
    clock.shift(timedelta(days=30))
    assert is_open_after(end, account)


def test_a_reset_with_no_failures_before_it_costs_nothing() -> None:
    account = an_account()
    an_app(account)
    for _ in range(4):
        by_reset(account)
    account.refresh_from_db()
    assert is_open_after(by_reset, account)


def test_without_an_app_the_mailbox_is_the_proof_as_ever() -> None:
    account = an_account()
    assert all(is_open_after(by_reset, account) for _ in range(5))


def test_a_browser_trusted_before_the_app_was_added_shows_its_code_once() -> None:
    account = an_account(phone=PHONE)
    browser = Client()
    sign_in(browser)
    type_code(browser, newest_code(), trust="on")
    assert TrustedBrowser.objects.living(datetime.now(UTC)).count() == 1
    browser.post("/account/logout/")
    app = an_app(account)
    assert sign_in(browser)["Location"] == "/account/login/other/"
    browser.post("/account/login/other/", {"code": shown(app)})
    assert is_signed_in(browser)


def test_the_key_of_an_app_is_shown_to_the_session_that_asked_for_it(clock: time_machine.Traveller) -> None:
    an_account()
    mine = signed_in()
    mine.post("/account/security/app/new/")
    assert "otpauth" in mine.get("/account/security/app/").content.decode()
    clock.shift(timedelta(minutes=2))
    other = signed_in()
    answer = other.get("/account/security/app/")
    assert answer["Location"] == "/account/security/"
