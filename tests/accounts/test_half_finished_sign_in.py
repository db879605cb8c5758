"""Who has shown a password and still owes the code is no further once the password is new, or everything was
signed out: what came to an end for sessions ends for what would become one."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts import secure_links
from accounts.models import User
from accounts.passwords import change_password
from accounts.sessions import end_other_sessions
from tests.accounts.factors import an_app, shown
from tests.accounts.stories import PHONE, an_account, is_signed_in, newest_code, sign_in, type_code

pytestmark = pytest.mark.django_db


def a_new_password(account: User) -> None:
    change_password(account, "four rather quiet words", by_mailbox=True)


def the_warning_link(account: User) -> None:
    assert secure_links.secure(secure_links.secure_link(account).rstrip("/").rpartition("/")[2])


def all_others_out(account: User) -> None:
    end_other_sessions(account, keep=None)


def a_thief() -> Client:
    thief = Client()
    assert sign_in(thief).status_code == 302
    return thief


@pytest.mark.parametrize("end", [a_new_password, the_warning_link, all_others_out])
def test_a_text_s_code_comes_too_late(end: Callable[[User], None]) -> None:
    account = an_account(phone=PHONE)
    thief = a_thief()
    code = newest_code()
    end(account)
    assert type_code(thief, code)["Location"] == "/account/login/"
    assert not is_signed_in(thief)


def test_an_app_s_code_does_too() -> None:
    account = an_account()
    app = an_app(account)
    thief = a_thief()
    the_warning_link(account)
    assert thief.post("/account/login/other/", {"code": shown(app)})["Location"] == "/account/login/"
    assert not is_signed_in(thief)


def test_without_any_of_that_the_code_signs_in() -> None:
    an_account(phone=PHONE)
    browser = a_thief()
    type_code(browser, newest_code())
    assert is_signed_in(browser)
