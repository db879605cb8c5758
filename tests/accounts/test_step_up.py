"""A fresh code before something important is changed, and what ends a session."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.limits import FRESH_FOR
from accounts.models import SecurityEvent, User
from notifications.models import Message
from support.models import StaffAction
from tests.accounts.stories import PASSWORD, an_account, is_signed_in, newest_code, signed_in, type_code
from tests.support.stories import signed_in as staff_at_a_desk
from tests.support.world import superuser

pytestmark = pytest.mark.django_db
CHANGES = ("/account/password/", "/account/phone/", "/account/email/")


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False) as travelled:
        yield travelled


def test_a_code_at_sign_in_is_fresh_for_ten_minutes(clock: time_machine.Traveller) -> None:
    an_account()
    browser = signed_in()
    assert [browser.get(path).status_code for path in CHANGES] == [200] * 3
    clock.shift(FRESH_FOR)
    for path in CHANGES:
        assert browser.get(path)["Location"] == f"/account/confirm/?next={path.replace('/', '%2F')}"


def test_a_form_is_not_taken_without_a_fresh_code(clock: time_machine.Traveller) -> None:
    account = an_account()
    browser = signed_in()
    clock.shift(FRESH_FOR)
    browser.post("/account/password/", {"present": PASSWORD, "password": "four rather quiet words"})
    browser.post("/account/phone/", {"phone": "07400 999 888", "channel": "sms", "country": "GB"})
    browser.post("/account/email/", {"email": "ada@new.example"})
    account.refresh_from_db()
    assert account.check_password(PASSWORD)
    assert Message.objects.exclude(kind="sign_in_code").count() == 0


def test_a_fresh_code_leads_back_and_gives_the_session_another_id(clock: time_machine.Traveller) -> None:
    an_account()
    browser = signed_in()
    clock.shift(FRESH_FOR)
    before = browser.session.session_key
    page = "/account/confirm/?next=/account/phone/"
    assert browser.get(page).status_code == 200
    browser.post(page, {"send": "email"})
    answer = type_code(browser, newest_code(), page)
    assert answer["Location"] == "/account/phone/"
    assert browser.get("/account/phone/").status_code == 200
    assert browser.session.session_key != before


def test_a_code_for_one_purpose_is_none_for_another(clock: time_machine.Traveller) -> None:
    an_account()
    browser = signed_in()
    clock.shift(FRESH_FOR)
    other = Client()
    other.post("/account/login/", {"email": "ada@example.com", "password": PASSWORD})
    sign_in_code = newest_code()
    clock.shift(timedelta(seconds=61))
    browser.post("/account/confirm/", {"send": "email"})
    assert newest_code() != sign_in_code
    assert type_code(browser, sign_in_code, "/account/confirm/").status_code == 200


def test_a_new_password_signs_every_other_browser_out(clock: time_machine.Traveller) -> None:
    an_account()
    desk = signed_in()
    clock.shift(timedelta(minutes=20))
    browser = signed_in()
    changed = {"present": PASSWORD, "password": "four rather quiet words"}
    assert browser.post("/account/password/", changed)["Location"] == "/account/"
    assert is_signed_in(browser)
    assert not is_signed_in(desk)
    assert Message.objects.filter(kind="password_changed").count() == 1


def test_a_disabled_account_is_signed_out_and_stays_so_when_it_is_back() -> None:
    sam = an_account("sam@support.example", is_staff=True)
    browser = signed_in(email="sam@support.example")
    boss = staff_at_a_desk(user=superuser())
    form = {"name": "Sam", "groups": []}
    page = f"/admin/accounts/user/{sam.pk}/change/"
    assert boss.post(page, form).status_code == 302
    assert not is_signed_in(browser)
    assert not sam.sessions.exists()
    assert sam.security_events.latest("pk").what == SecurityEvent.What.DISABLED
    assert boss.post(page, form | {"is_active": "on"}).status_code == 302
    assert User.objects.get(pk=sam.pk).is_active
    assert not is_signed_in(browser)
    assert sam.security_events.filter(what=SecurityEvent.What.DISABLED).count() == 1
    assert StaffAction.objects.filter(about=sam.public_id).exists()


def test_who_is_disabled_between_password_and_code_does_not_get_in() -> None:
    an_account()
    browser = Client()
    browser.post("/account/login/", {"email": "ada@example.com", "password": PASSWORD})
    code = newest_code()
    User.objects.update(is_active=False)
    type_code(browser, code)
    User.objects.update(is_active=True)
    assert not is_signed_in(browser)
