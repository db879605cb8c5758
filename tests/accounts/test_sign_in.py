"""Signing in: the password, then a code where the browser is not trusted."""

import pytest
from django.test import Client

from notifications.models import Message
from tests.accounts.stories import (
    PHONE,
    WRONG_PASSWORD,
    an_account,
    is_signed_in,
    newest_code,
    other_than,
    sign_in,
    text_of,
    the_message,
    type_code,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return Client()


def test_the_right_password_and_the_code_by_mail_sign_in(browser: Client) -> None:
    an_account()
    assert sign_in(browser)["Location"] == "/account/login/code/"
    assert not is_signed_in(browser)
    message = the_message("sign_in_code")
    assert (message.channel, message.to) == ("email", "ada@example.com")
    answer = type_code(browser, newest_code())
    assert (answer.status_code, answer["Location"]) == (302, "/account/")
    assert is_signed_in(browser)


def test_the_code_goes_to_the_verified_phone_that_was_chosen(browser: Client) -> None:
    an_account(phone=PHONE)
    sign_in(browser)
    message = the_message("sign_in_code")
    assert (message.channel, message.to) == ("sms", PHONE)
    code = newest_code()
    assert text_of(message).splitlines()[-1] == f"@127.0.0.1 #{code}"
    type_code(browser, code)
    assert is_signed_in(browser)


def test_a_wrong_password_sends_nothing_and_says_what_an_unknown_account_says(browser: Client) -> None:
    an_account()
    wrong = sign_in(browser, password=WRONG_PASSWORD)
    unknown = sign_in(Client(), email="eda@example.com")
    same = [
        answer.content.replace(b"ada@", b"").replace(b"eda@", b"").partition(b'name="csrf')[0]
        for answer in (wrong, unknown)
    ]
    assert same[0] == same[1]
    assert not Message.objects.exists()
    assert type_code(browser, "000000")["Location"] == "/account/login/"


def test_a_wrong_code_signs_nobody_in_and_says_how_many_tries_are_left(browser: Client) -> None:
    an_account()
    sign_in(browser)
    answer = type_code(browser, other_than(newest_code()))
    assert "4 tries are left" in answer.content.decode()
    assert not is_signed_in(browser)


def test_the_session_gets_another_id_at_each_step(browser: Client) -> None:
    an_account()
    browser.get("/account/login/")
    ids = [browser.session.session_key]
    sign_in(browser)
    ids.append(browser.session.session_key)
    type_code(browser, newest_code())
    ids.append(browser.session.session_key)
    assert len(set(ids)) == 3


def test_the_page_after_is_one_of_ours(browser: Client) -> None:
    an_account()
    for asked, led in (("/account/confirm/", "/account/confirm/"), ("https://evil.example/", "/account/")):
        browser = Client()
        Message.objects.all().delete()
        sign_in(browser, next=asked)
        from accounts.models import CodeAddress

        CodeAddress.objects.all().delete()
        assert type_code(browser, newest_code())["Location"] == led
