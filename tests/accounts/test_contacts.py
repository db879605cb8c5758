"""A phone and another mailbox: verified before anything goes there, and the old one is told."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Challenge, CodeAddress, User
from notifications import kinds
from notifications.models import Message
from tests.accounts.stories import (
    EMAIL,
    PHONE,
    an_account,
    code_in,
    is_signed_in,
    newest_code,
    sign_in,
    signed_in,
    text_of,
    the_message,
    type_code,
)

pytestmark = pytest.mark.django_db
NEW_PHONE = "+447400999888"
LANDLINE = "+442071838750"


def add_phone(
    browser: Client, phone: str = "07400 999 888", channel: str = "sms", country: str = "GB"
) -> Any:
    return browser.post("/account/phone/", {"phone": phone, "channel": channel, "country": country})


def account() -> User:
    return User.objects.get()


def test_a_number_in_national_format_is_verified_by_text_message() -> None:
    an_account()
    browser = signed_in()
    assert add_phone(browser)["Location"] == "/account/phone/code/"
    assert (the_message("phone_code").to, the_message("phone_code").channel) == (NEW_PHONE, "sms")
    assert account().phone == "", "not before its code has come back"
    type_code(browser, newest_code(), "/account/phone/code/")
    assert (account().phone, account().phone_channel) == (NEW_PHONE, "sms")
    assert next(iter(account().ways.items())) == ("sms", NEW_PHONE)


def test_a_landline_can_only_be_called() -> None:
    an_account()
    browser = signed_in()
    assert "Choose a call" in add_phone(browser, "020 7183 8750").content.decode()
    assert add_phone(browser, "020 7183 8750", "voice").status_code == 302
    message = the_message("phone_code")
    assert (message.to, message.channel) == (LANDLINE, "voice")
    type_code(browser, heard(message), "/account/phone/code/")
    assert (account().phone, account().phone_channel) == (LANDLINE, "voice")


def test_with_a_landline_the_code_to_sign_in_is_a_call() -> None:
    an_account(phone=LANDLINE, phone_channel="voice")
    browser = Client()
    assert sign_in(browser).status_code == 302
    assert "We are calling" in browser.get("/account/login/code/").content.decode()
    message = the_message("sign_in_code")
    assert (message.to, message.channel) == (LANDLINE, "voice")
    type_code(browser, heard(message))
    assert is_signed_in(browser)


def heard(message: Message) -> str:
    """What the call reads out."""
    rendered = kinds.render(message)
    assert rendered is not None
    assert rendered.call is not None
    return rendered.call.spelled


@pytest.mark.parametrize("typed", ["12", "words", "+44 900 123", "07400 999 888 99999"])
def test_what_is_no_number_of_that_country_is_not_sent_to(typed: str) -> None:
    an_account()
    browser = signed_in()
    before = Message.objects.count()
    assert add_phone(browser, typed).status_code == 200
    assert Message.objects.count() == before


def test_no_code_goes_to_a_phone_that_is_not_verified() -> None:
    an_account()
    browser = signed_in()
    add_phone(browser)
    other = Client()
    other.post("/account/login/", {"email": EMAIL, "password": "three quiet words"})
    assert account().ways == {"email": EMAIL}
    browser.post("/account/confirm/", {"send": "sms"})
    assert Message.objects.filter(kind="step_up_code", to=NEW_PHONE).count() == 0
    assert Message.objects.filter(kind="step_up_code", to=EMAIL).exists() is False, "a code was sent just now"


def test_the_old_number_and_the_mailbox_are_told() -> None:
    an_account(phone=PHONE)
    browser = signed_in()
    add_phone(browser)
    type_code(browser, code_in(the_message("phone_code")), "/account/phone/code/")
    told = {(message.channel, message.to) for message in Message.objects.filter(kind="phone_changed")}
    assert told == {("sms", PHONE), ("email", EMAIL)}
    assert "removed from your account" in text_of(Message.objects.get(kind="phone_changed", channel="sms"))


def test_another_mailbox_is_the_account_s_once_its_code_has_come_back() -> None:
    an_account()
    browser = signed_in()
    browser.post("/account/email/", {"email": "ada@new.example"})
    assert account().email == EMAIL
    type_code(browser, newest_code(), "/account/email/code/")
    assert account().email == "ada@new.example"
    assert Message.objects.get(kind="email_changed").to == EMAIL


def test_the_mailbox_of_another_account_cannot_be_moved_to() -> None:
    an_account()
    an_account("eve@example.com")
    browser = signed_in()
    answer = browser.post("/account/email/", {"email": "eve@example.com"})
    assert answer["Location"] == "/account/email/code/"
    assert the_message().kind == "account_exists"
    assert "That was not the code" in type_code(browser, "123456", "/account/email/code/").content.decode()


def test_the_phone_is_taken_off_and_codes_go_to_the_mailbox() -> None:
    an_account(phone=PHONE)
    browser = signed_in()
    browser.post("/account/phone/remove/")
    assert account().ways == {"email": EMAIL}
    assert Message.objects.filter(kind="phone_changed", to=PHONE).exists()


def test_codes_go_first_where_the_person_wants_them() -> None:
    an_account(phone=PHONE)
    browser = signed_in()
    browser.post("/account/phone/way/", {"way": "email"})
    assert list(account().ways) == ["email", "sms"]
    browser.post("/account/phone/way/", {"way": "phone"})
    assert list(account().ways) == ["sms", "email"]


def test_a_code_that_went_to_a_contact_of_before_is_dead() -> None:
    an_account(phone=PHONE)
    browser, finder = signed_in(), Client()
    Challenge.objects.all().delete()
    CodeAddress.objects.all().delete()
    sign_in(finder)
    code = code_in(the_message("sign_in_code"))
    browser.post("/account/phone/remove/")
    type_code(finder, code)
    assert not is_signed_in(finder)
