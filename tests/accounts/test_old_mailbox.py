"""Once an account has another mailbox, what lies in the old one opens nothing."""

import pytest
from django.test import Client

from accounts import secure_links
from accounts.models import User
from accounts.passwords import ask_reset
from notifications import kinds
from tests.accounts.stories import EMAIL, an_account, newest_code, signed_in, text_of, the_message, type_code

pytestmark = pytest.mark.django_db


def move() -> User:
    browser = signed_in()
    browser.post("/account/email/", {"email": "ada@new.example"})
    type_code(browser, newest_code(), "/account/email/code/")
    return User.objects.get(email="ada@new.example")


def test_a_reset_asked_for_before_the_move_is_not_written_any_more() -> None:
    an_account()
    ask_reset(EMAIL)
    message = the_message("password_reset")
    assert "/account/password/reset/" in text_of(message)
    move()
    assert kinds.render(message) is None


def test_a_warning_s_link_mailed_before_it_is_dead() -> None:
    before = an_account()
    link = secure_links.secure_link(before)
    path = link.partition("://")[2].partition("/")[2]
    password = move().password
    stranger = Client()
    assert "This link has ended" in stranger.get(f"/{path}").content.decode()
    stranger.post(f"/{path}")
    assert User.objects.get(pk=before.pk).password == password
