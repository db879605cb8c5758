"""Opening an account: nothing is there before the code has come back, and nobody learns who has one."""

import pytest
from django.test import Client

from accounts.models import Challenge, User
from notifications.models import Message
from tests.accounts.stories import (
    EMAIL,
    PASSWORD,
    an_account,
    is_signed_in,
    newest_code,
    other_than,
    text_of,
    type_code,
)

pytestmark = pytest.mark.django_db
CODE = "/account/signup/code/"


def sign_up(browser: Client, email: str = EMAIL, password: str = PASSWORD) -> object:
    return browser.post("/account/signup/", {"name": "Ada", "email": email, "password": password})


def test_the_account_is_made_once_its_code_has_come_back() -> None:
    browser = Client()
    sign_up(browser, "Ada@Example.com")
    assert not User.objects.exists()
    code = newest_code()
    type_code(browser, other_than(code), CODE)
    assert not User.objects.exists()
    assert type_code(browser, code, CODE)["Location"] == "/account/"
    account = User.objects.get()
    assert (account.email, account.email_verified_at is not None, account.is_staff) == (EMAIL, True, False)
    assert account.check_password(PASSWORD)
    assert is_signed_in(browser)


def test_who_has_an_account_is_told_by_mail_and_the_page_says_the_same() -> None:
    an_account()
    taken, free = Client(), Client()
    answers = [sign_up(taken), sign_up(free, "amy@example.com")]
    pages = []
    for browser, answer in zip((taken, free), answers, strict=True):
        assert answer["Location"] == CODE  # type: ignore[index]
        page = type_code(browser, "12345", CODE).content.decode()
        pages.append(page.partition("<form")[0])
    assert pages[0] == pages[1]
    told = Message.objects.get(to=EMAIL)
    assert told.kind == "account_exists"
    assert "/account/login/" in text_of(told)


def test_no_code_is_right_where_the_address_has_an_account() -> None:
    an_account()
    browser = Client()
    sign_up(browser, password="another quiet word")
    decoy = Challenge.objects.get()
    assert "4 tries are left" in type_code(browser, decoy.code_of(), CODE).content.decode()
    assert not is_signed_in(browser)
    assert User.objects.get().check_password(PASSWORD)


def test_who_never_reads_the_mailbox_leaves_nothing_behind() -> None:
    sign_up(Client(), password="chosen by a stranger")
    Challenge.objects.all().delete()
    from accounts.models import CodeAddress

    CodeAddress.objects.all().delete()
    ada = Client()
    sign_up(ada)
    type_code(ada, newest_code(), CODE)
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("password", ["password", "1234567", "ada@example.com"])
def test_a_password_that_is_guessed_first_is_refused(password: str) -> None:
    answer = sign_up(Client(), password=password)
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert not Message.objects.exists()
