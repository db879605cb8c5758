"""An authenticator app: set up once, each code accepted once, guesses counted with all the others."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import LazySettings
from django.test import Client

from accounts.factors import app
from accounts.limits import FAILURES_IN_A_ROW
from accounts.models import AuthenticatorApp, User
from api.refusals import Refusal
from notifications.models import Message
from tests.accounts.factors import an_app, shown
from tests.accounts.stories import an_account, is_signed_in, newest_code, other_than, sign_in, signed_in

pytestmark = pytest.mark.django_db

OTHER = "/account/login/other/"
START = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as travelled:
        yield travelled


@pytest.fixture
def ada() -> User:
    return an_account()


def refused(result: object) -> str:
    assert isinstance(result, Refusal), result
    return result.code


def test_a_code_is_accepted_once(ada: User) -> None:
    its = an_app(ada)
    code = shown(its)
    assert isinstance(app.check(ada, code), AuthenticatorApp)
    assert refused(app.check(ada, code)) == "wrong_code"


def test_a_code_of_an_earlier_step_is_dead_once_a_later_one_was_used(
    ada: User, clock: time_machine.Traveller
) -> None:
    its = an_app(ada)
    earlier, later = shown(its), shown(its, steps=1)
    clock.shift(timedelta(seconds=30))
    assert isinstance(app.check(ada, later), AuthenticatorApp)
    assert refused(app.check(ada, earlier)) == "wrong_code"


def test_the_code_that_set_it_up_does_not_sign_in(ada: User) -> None:
    begun = app.set_up(ada)
    assert isinstance(begun, AuthenticatorApp)
    code = shown(begun)
    app.confirm(ada, code)
    assert refused(app.check(ada, code)) == "wrong_code"


def test_an_app_that_was_never_confirmed_opens_nothing(ada: User) -> None:
    begun = app.set_up(ada)
    assert isinstance(begun, AuthenticatorApp)
    assert refused(app.check(ada, shown(begun))) == "not_found"
    ada.refresh_from_db()
    assert not ada.uses_app


def test_five_wrong_codes_are_judged_and_then_not_even_the_right_one(
    ada: User, clock: time_machine.Traveller
) -> None:
    its = an_app(ada)
    wrong = other_than(shown(its))
    assert [refused(app.check(ada, wrong)) for _ in range(6)] == ["wrong_code"] * 5 + ["code_locked"]
    assert refused(app.check(ada, shown(its))) == "code_locked"
    clock.shift(timedelta(minutes=15))
    assert isinstance(app.check(ada, shown(its)), AuthenticatorApp)


def test_wrong_codes_count_in_the_accounts_row_and_a_right_one_ends_it(
    ada: User, clock: time_machine.Traveller
) -> None:
    its = an_app(ada)
    User.objects.filter(pk=ada.pk).update(code_failures=FAILURES_IN_A_ROW - 1)
    assert isinstance(app.check(ada, shown(its)), AuthenticatorApp)
    assert User.objects.get(pk=ada.pk).code_failures == 0
    User.objects.filter(pk=ada.pk).update(code_failures=FAILURES_IN_A_ROW - 1)
    clock.shift(timedelta(minutes=1))
    assert refused(app.check(ada, other_than(shown(its)))) == "wrong_code"
    assert refused(app.check(ada, shown(its))) == "code_locked"


def test_what_has_not_the_form_of_a_code_is_not_counted(ada: User) -> None:
    its = an_app(ada)
    for typed in ("", "12345", "abcdef", "١٢٣٤٥٦", "1234567"):
        assert refused(app.check(ada, typed)) == "code_malformed"
    assert isinstance(app.check(ada, " ".join(shown(its))), AuthenticatorApp)


def test_the_database_alone_does_not_give_the_key_away(ada: User, settings: LazySettings) -> None:
    its = an_app(ada)
    key = its.key
    assert key
    assert key not in bytes(its.sealed_key)
    settings.DELIVERY_CODE_KEYS = {"other": b"k" * 32}
    assert its.key is None
    assert refused(app.check(ada, "123456")) == "wrong_code"


def test_a_right_code_brings_the_key_under_the_newest_master_key(ada: User, settings: LazySettings) -> None:
    its = an_app(ada)
    old, code = its.key_id, shown(its)
    settings.DELIVERY_CODE_KEYS = {**settings.DELIVERY_CODE_KEYS, "newer": b"k" * 32}
    assert isinstance(app.check(ada, code), AuthenticatorApp)
    its.refresh_from_db()
    assert (old != "newer", its.key_id) == (True, "newer")
    assert shown(its) == code


def test_signing_in_asks_for_the_apps_code_and_sends_none(ada: User) -> None:
    its = an_app(ada)
    Message.objects.all().delete()
    browser = Client()
    assert sign_in(browser)["Location"] == OTHER
    assert browser.get("/account/login/code/")["Location"] == OTHER
    assert b"authenticator app" in browser.get(OTHER).content
    assert not Message.objects.filter(kind="sign_in_code").exists()
    assert browser.post(OTHER, {"code": other_than(shown(its))}).status_code == 200
    assert not is_signed_in(browser)
    before = browser.session.session_key
    assert browser.post(OTHER, {"code": shown(its)})["Location"] == "/account/"
    assert is_signed_in(browser)
    assert browser.session.session_key != before


def test_no_message_gets_past_the_app(ada: User) -> None:
    an_app(ada)
    browser = Client()
    sign_in(browser)
    browser.post("/account/login/code/", {"send": "email"})
    assert not Message.objects.filter(kind__endswith="_code").exists()


def test_setting_it_up_shows_the_key_once_and_then_recovery_codes(ada: User) -> None:
    browser = signed_in()
    assert browser.post("/account/security/app/new/")["Location"] == "/account/security/app/"
    page = browser.get("/account/security/app/").content.decode()
    assert "data:image/svg+xml" in page
    its = AuthenticatorApp.objects.get()
    before = browser.session.session_key
    answer = browser.post("/account/security/app/", {"code": shown(its)})
    assert answer.content.decode().count("<li>") == 10
    assert browser.session.session_key != before
    assert browser.get("/account/security/app/")["Location"] == "/account/security/"
    assert {m.kind for m in Message.objects.all()} >= {"security_changed"}


def test_setting_it_up_and_removing_it_ask_for_a_fresh_code(ada: User, clock: time_machine.Traveller) -> None:
    browser = signed_in()
    clock.shift(timedelta(minutes=11))
    for path in ("app/new/", "app/remove/", "recovery/", "passkeys/remove/", "sessions/end/"):
        assert browser.post(f"/account/security/{path}")["Location"].startswith("/account/confirm/"), path
    assert not AuthenticatorApp.objects.exists()


def test_a_change_is_confirmed_with_the_apps_code(ada: User, clock: time_machine.Traveller) -> None:
    browser = signed_in()
    its = an_app(ada)
    clock.shift(timedelta(minutes=11))
    led = browser.get("/account/password/")["Location"]
    assert browser.get(led)["Location"] == "/account/confirm/other/?next=%2Faccount%2Fpassword%2F"
    answer = browser.post("/account/confirm/other/", {"code": shown(its), "next": "/account/password/"})
    assert answer["Location"] == "/account/password/"
    assert browser.get("/account/password/").status_code == 200


def test_removing_it_brings_the_codes_back_to_the_mailbox(ada: User) -> None:
    an_app(ada)
    app.remove(ada)
    sign_in(Client())
    assert len(newest_code()) == 6
