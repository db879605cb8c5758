"""A right password and no code: the owner is warned, with a link that signs everything out."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts import exposed, guesses
from accounts.models import CodeAddress, SecurityEvent, User
from notifications.models import Message
from tests.accounts.factors import an_app
from tests.accounts.stories import (
    PASSWORD,
    PHONE,
    WRONG_PASSWORD,
    an_account,
    is_signed_in,
    newest_code,
    other_than,
    sign_in,
    signed_in,
    text_of,
    type_code,
)

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 22, 12, 0, 5, tzinfo=UTC)
NEW_PASSWORD = "four rather quiet words"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as travelled:
        yield travelled


@pytest.fixture
def ada() -> User:
    return an_account(phone=PHONE)


def warnings() -> list[Message]:
    return list(Message.objects.filter(kind="password_exposed").order_by("id"))


def spend_the_tries(browser: Client) -> None:
    sign_in(browser)
    wrong = other_than(newest_code())
    for _ in range(5):
        type_code(browser, wrong)


def link_in(message: Message) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+(/account/secure/\S+)", text_of(message))
    assert found
    return found[1]


def the_link() -> str:
    return link_in(next(message for message in warnings() if message.channel == "email"))


def test_five_wrong_codes_after_the_right_password_warn_on_every_contact(ada: User) -> None:
    spend_the_tries(Client())
    assert {message.channel for message in warnings()} == {"sms", "email"}
    assert "/account/secure/" in the_link()
    text = next(text_of(message) for message in warnings() if message.channel == "sms")
    assert "http" not in text


def test_an_unanswered_code_warns_once_its_time_is_over(ada: User, clock: time_machine.Traveller) -> None:
    sign_in(Client())
    clock.shift(timedelta(minutes=14))
    assert exposed.warn_of_unfinished() == 0
    clock.shift(timedelta(minutes=1))
    assert exposed.warn_of_unfinished() == 1
    assert len(warnings()) == 2
    assert exposed.warn_of_unfinished() == 0


def test_the_same_browser_s_next_try_is_another_to_warn_of(ada: User, clock: time_machine.Traveller) -> None:
    thief = Client()
    sign_in(thief)
    clock.shift(timedelta(minutes=15))
    assert exposed.warn_of_unfinished() == 1
    clock.shift(timedelta(days=3))
    sign_in(thief)
    clock.shift(timedelta(minutes=15))
    assert exposed.warn_of_unfinished() == 1
    assert len(warnings()) == 4


def test_an_unanswered_app_warns_too(ada: User, clock: time_machine.Traveller) -> None:
    an_app(ada)
    sign_in(Client())
    clock.shift(timedelta(minutes=15))
    assert exposed.warn_of_unfinished() == 1


def test_who_finishes_after_a_slip_and_a_second_start_is_not_warned(
    ada: User, clock: time_machine.Traveller
) -> None:
    browser = Client()
    sign_in(browser)
    type_code(browser, other_than(newest_code()))
    sign_in(browser)
    type_code(browser, newest_code())
    assert is_signed_in(browser)
    clock.shift(timedelta(minutes=16))
    assert exposed.warn_of_unfinished() == 0
    assert warnings() == []


def test_who_signs_in_elsewhere_meanwhile_does_not_hide_a_thief(
    ada: User, clock: time_machine.Traveller
) -> None:
    sign_in(Client())
    CodeAddress.objects.all().delete()
    signed_in()
    clock.shift(timedelta(minutes=16))
    assert exposed.warn_of_unfinished() == 1


def test_a_wrong_password_warns_nobody(ada: User, clock: time_machine.Traveller) -> None:
    sign_in(Client(), password=WRONG_PASSWORD)
    clock.shift(timedelta(minutes=16))
    assert exposed.warn_of_unfinished() == 0


def test_one_warning_a_day_and_each_try_in_the_history(ada: User, clock: time_machine.Traveller) -> None:
    for _ in range(3):
        sign_in(Client())
        clock.shift(timedelta(minutes=16))
        exposed.warn_of_unfinished()
    assert (len(warnings()), SecurityEvent.objects.filter(what="exposed").count()) == (2, 3)
    clock.shift(timedelta(days=1))
    sign_in(Client())
    clock.shift(timedelta(minutes=16))
    exposed.warn_of_unfinished()
    assert len(warnings()) == 4


def test_the_link_signs_everything_out_and_leads_to_a_new_password(ada: User) -> None:
    own = signed_in()
    CodeAddress.objects.all().delete()
    spend_the_tries(Client())
    link, browser = the_link(), Client()
    page = browser.get(link)
    assert b"Sign everything out" in page.content
    assert is_signed_in(own)
    led = browser.post(link)["Location"]
    assert not is_signed_in(own)
    assert not User.objects.get().check_password(PASSWORD)
    assert browser.post(led, {"password": NEW_PASSWORD})["Location"] == "/account/login/"
    assert User.objects.get().check_password(NEW_PASSWORD)


def test_the_link_works_once_and_for_a_day(ada: User, clock: time_machine.Traveller) -> None:
    spend_the_tries(Client())
    link = the_link()
    clock.shift(timedelta(hours=24, seconds=1))
    assert b"This link has ended" in Client().post(link).content
    clock.shift(-timedelta(hours=1))
    assert Client().post(link).status_code == 302
    for again in (Client().post(link), Client().get(link)):
        assert b"This link has ended" in again.content


def test_a_new_password_ends_the_link(ada: User) -> None:
    spend_the_tries(Client())
    link = the_link()
    ada.set_password(NEW_PASSWORD)
    ada.save()
    assert b"This link has ended" in Client().get(link).content


@pytest.mark.parametrize("token", ["x", "a:b:c", "é", "x" * 5000])
def test_a_made_up_link_opens_nothing(ada: User, token: str) -> None:
    assert b"This link has ended" in Client().post(f"/account/secure/{token}/").content
    assert ada.check_password(PASSWORD)


def test_the_links_address_is_kept_and_passed_on_nowhere(ada: User) -> None:
    spend_the_tries(Client())
    answer = Client().get(the_link())
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == ("no-referrer", "private, no-store")


def test_a_browser_is_known_by_its_own_name_alone() -> None:
    name = guesses.name_browser("ada@example.com")
    assert guesses.is_known(name, "ADA@example.com")
    assert not guesses.is_known(name, "eve@example.com")
    assert not guesses.is_known("", "ada@example.com")
