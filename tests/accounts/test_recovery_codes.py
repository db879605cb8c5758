"""Recovery codes: random, kept as a hash, shown once, used once."""

import re

import pytest
from django.test import Client

from accounts.factors import recovery
from accounts.limits import FAILURES_IN_A_ROW
from accounts.models import RecoveryCode, User
from api.refusals import Refusal
from notifications.models import Message
from tests.accounts.factors import an_app
from tests.accounts.stories import an_account, is_signed_in, sign_in, signed_in

pytestmark = pytest.mark.django_db


def refused(result: object) -> str:
    assert isinstance(result, Refusal), result
    return result.code


def test_ten_codes_of_120_bits_none_of_which_is_stored() -> None:
    ada = an_account()
    codes = recovery.renew(ada)
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)
    stored = str(list(RecoveryCode.objects.values()))
    assert not [code for code in codes if code in stored or code.replace("-", "") in stored]
    assert not [m for m in Message.objects.all() if any(code in str(m.context) for code in codes)]


def test_a_code_works_once_however_it_is_written() -> None:
    ada = an_account()
    first, second, *_rest = recovery.renew(ada)
    assert isinstance(recovery.use(ada, first.lower().replace("-", " ")), RecoveryCode)
    assert refused(recovery.use(ada, first)) == "wrong_code"
    assert isinstance(recovery.use(ada, second.replace("0", "o").replace("1", "l")), RecoveryCode)
    assert recovery.left(ada) == 8


def test_new_codes_end_the_old_ones_and_one_account_has_nothing_of_another() -> None:
    ada, eve = an_account(), an_account("eve@example.com")
    old = recovery.renew(ada)[0]
    new = recovery.renew(ada)[0]
    assert refused(recovery.use(ada, old)) == "wrong_code"
    assert refused(recovery.use(eve, new)) == "wrong_code"
    assert isinstance(recovery.use(ada, new), RecoveryCode)


def test_a_code_opens_an_account_whose_guesses_are_spent() -> None:
    ada = an_account()
    code = recovery.renew(ada)[0]
    an_app(ada)
    User.objects.filter(pk=ada.pk).update(code_failures=FAILURES_IN_A_ROW)
    browser = Client()
    sign_in(browser)
    answer = browser.post("/account/login/other/", {"recovery": code})
    assert answer["Location"] == "/account/"
    assert is_signed_in(browser)
    assert User.objects.get(pk=ada.pk).code_failures == 0
    assert Message.objects.filter(kind="security_changed", context__what="recovery_used").exists()


def test_they_are_shown_in_the_answer_to_the_form_and_never_again() -> None:
    an_account()
    browser = signed_in()
    shown = re.findall(
        r"<li>([0-9A-Z-]{29})</li>", browser.post("/account/security/recovery/").content.decode()
    )
    assert len(shown) == 10
    page = browser.get("/account/security/").content.decode()
    assert "10 codes are left" in page
    assert not [code for code in shown if code in page]
    assert browser.get("/account/security/recovery/").status_code == 405


@pytest.mark.parametrize("typed", ["", "short", "U" * 24, "0" * 25, "0" * 1000, "\u0661" * 24])
def test_what_cannot_be_one_is_not_counted(typed: str) -> None:
    ada = an_account()
    for _ in range(25):
        assert refused(recovery.use(ada, typed)) == "code_malformed"
