"""A browser that is trusted needs no code: in a usual place, for its own account, until the trust ends."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.browsers import COOKIE
from accounts.limits import BROWSER_TRUSTED_FOR
from accounts.models import TrustedBrowser, User
from notifications.models import Message
from tests.accounts.stories import (
    PASSWORD,
    an_account,
    is_signed_in,
    newest_code,
    sign_in,
    signed_in,
    type_code,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False) as travelled:
        yield travelled


@pytest.fixture
def trusted(clock: time_machine.Traveller) -> Client:
    """Ada's browser, trusted and signed out again, an hour later."""
    an_account()
    browser = Client()
    sign_in(browser)
    type_code(browser, newest_code(), trust="on")
    browser.post("/account/logout/")
    clock.shift(timedelta(hours=2))
    return browser


def needs_a_code(browser: Client, **who: str) -> bool:
    return bool(sign_in(browser, **who)["Location"] == "/account/login/code/")


def test_it_signs_in_with_the_password_alone_and_nothing_is_sent(trusted: Client) -> None:
    before = Message.objects.count()
    assert not needs_a_code(trusted)
    assert is_signed_in(trusted)
    assert Message.objects.count() == before


def test_the_password_is_needed_all_the_same(trusted: Client) -> None:
    assert sign_in(trusted, password="something else").status_code == 200
    assert not is_signed_in(trusted)


def test_the_token_is_kept_as_its_digest_alone(trusted: Client) -> None:
    token = trusted.cookies[COOKIE].value
    assert token not in str(list(TrustedBrowser.objects.values()))
    assert trusted.cookies[COOKIE]["httponly"]


def test_it_is_nothing_special_for_another_account(trusted: Client, clock: time_machine.Traveller) -> None:
    an_account("eve@example.com")
    signed_in(email="eve@example.com")  # in a browser of her own, from the same house
    clock.shift(timedelta(minutes=2))
    assert needs_a_code(trusted, email="eve@example.com")


def test_a_browser_with_a_made_up_cookie_is_not_trusted(trusted: Client) -> None:
    other = Client()
    for made_up in ("tb_" + "a" * 43, "x", "tb_" + "\x00" * 43, ".".join(["tb_" + "b" * 43] * 50)):
        other.cookies[COOKIE] = made_up
        assert needs_a_code(other)


def test_people_who_share_a_browser_are_each_trusted(trusted: Client, clock: time_machine.Traveller) -> None:
    an_account("eve@example.com")
    sign_in(trusted, email="eve@example.com")
    type_code(trusted, newest_code(), trust="on")
    for email in ("ada@example.com", "eve@example.com"):
        trusted.post("/account/logout/")
        assert not needs_a_code(trusted, email=email)


def test_trust_ends_after_its_time(trusted: Client, clock: time_machine.Traveller) -> None:
    clock.shift(BROWSER_TRUSTED_FOR)
    assert needs_a_code(trusted)


def test_trust_that_was_taken_back_is_gone(trusted: Client) -> None:
    desk = Client()
    sign_in(desk)
    type_code(desk, newest_code())
    row = TrustedBrowser.objects.get()
    desk.post("/account/browsers/forget/", {"browser": row.public_id})
    assert needs_a_code(trusted)


def test_a_form_that_names_no_browser_takes_nothing_back(trusted: Client) -> None:
    desk = Client()
    sign_in(desk)
    type_code(desk, newest_code())
    desk.post("/account/browsers/forget/")
    assert not needs_a_code(trusted)


def test_nobody_takes_back_the_trust_of_another_account(trusted: Client) -> None:
    an_account("eve@example.com")
    eve = Client()
    sign_in(eve, email="eve@example.com")
    type_code(eve, newest_code())
    eve.post("/account/browsers/forget/", {"browser": TrustedBrowser.objects.get().public_id})
    assert not needs_a_code(trusted)


def test_a_new_password_ends_all_trust(trusted: Client) -> None:
    from accounts.passwords import change_password

    change_password(User.objects.get(), "four rather quiet words")
    assert needs_a_code(trusted, password="four rather quiet words")


def test_in_an_unusual_place_it_needs_a_code(trusted: Client) -> None:
    trusted.defaults["REMOTE_ADDR"] = "203.0.113.9"
    assert needs_a_code(trusted)
    type_code(trusted, newest_code())
    trusted.post("/account/logout/")
    trusted.defaults["REMOTE_ADDR"] = "203.0.5.5"
    assert not needs_a_code(trusted), "about where it has been"


def test_staff_need_a_code_every_time(trusted: Client) -> None:
    User.objects.update(is_staff=True)
    assert needs_a_code(trusted)
    page = trusted.get("/account/login/code/").content.decode()
    assert "Trust this browser" not in page
    assert PASSWORD not in page
