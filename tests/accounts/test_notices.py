"""What an account's owner is told, on every contact, and never with a code."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from accounts.factors import recovery
from accounts.guesses import BROWSER_COOKIE
from accounts.models import CodeAddress, SecurityEvent, User
from notifications import gsm, kinds
from notifications.models import Message
from tests.accounts.factors import an_app
from tests.accounts.stories import EMAIL, PHONE, an_account, sign_in, signed_in, text_of, type_code

pytestmark = pytest.mark.django_db

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


def notices(kind: str) -> list[Message]:
    return list(Message.objects.filter(kind=kind).order_by("id"))


def a_second_sign_in(client: Client) -> None:
    CodeAddress.objects.all().delete()
    signed_in(client)


def test_a_new_browser_is_told_on_every_contact_and_the_same_one_is_not_told_again() -> None:
    ada = an_account(phone=PHONE)
    User.objects.filter(pk=ada.pk).update(last_login="2026-01-01T00:00:00Z")
    browser = Client(headers={"User-Agent": CHROME})
    signed_in(browser)
    assert {(m.channel, m.to) for m in notices("new_browser")} == {("sms", PHONE), ("email", EMAIL)}
    assert "Chrome, Windows" in text_of(notices("new_browser")[-1])
    assert browser.cookies[BROWSER_COOKIE].value
    browser.post("/account/logout/")
    a_second_sign_in(browser)
    assert len(notices("new_browser")) == 2


def test_the_first_sign_in_of_all_is_no_news() -> None:
    an_account()
    signed_in()
    assert notices("new_browser") == []


def test_a_browser_that_stopped_at_the_code_is_not_told_as_signed_in() -> None:
    ada = an_account()
    User.objects.filter(pk=ada.pk).update(last_login="2026-01-01T00:00:00Z")
    sign_in(Client())
    assert notices("new_browser") == []


def test_what_is_done_over_and_over_is_told_five_times_an_hour() -> None:
    ada = an_account()
    for _ in range(8):
        recovery.renew(ada)
    assert len(notices("security_changed")) == 5
    assert SecurityEvent.objects.filter(what="recovery_made").count() == 8


def test_every_notice_fits_one_segment_in_english_and_has_no_code() -> None:
    ada = an_account(phone=PHONE)
    an_app(ada)
    recovery.use(ada, recovery.renew(ada)[0])
    for message in Message.objects.exclude(kind__endswith="_code"):
        said = text_of(message)
        assert not re.search(r"\d{6}", said), said
        if message.channel == "sms":
            assert gsm.is_gsm(said)
            assert len(said) <= 160, said


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_change_has_words_of_its_own(language: str) -> None:
    ada = an_account()
    with translation.override(language):
        said = set()
        for what in ("app_added", "app_removed", "passkey_added", "passkey_removed", "recovery_made"):
            message = Message(kind="security_changed", about=ada.public_id, channel="email", locale=language)
            message.context = {"what": what}
            rendered = kinds.render(message)
            assert rendered
            said.add(rendered.subject)
        assert len(said) == 5


def test_the_history_is_in_sentences_and_says_where() -> None:
    an_account()
    browser = signed_in(Client(headers={"User-Agent": CHROME}))
    browser.post("/account/security/recovery/")
    page = browser.get("/account/security/").content.decode()
    assert "You signed in for the first time. (Chrome, Windows)" in page
    assert "New recovery codes were made." in page
    assert "Times are those of UTC" in page


def test_another_accounts_history_is_not_shown() -> None:
    an_account()
    recovery.renew(an_account("eve@example.com"))
    assert "New recovery codes" not in signed_in().get("/account/security/").content.decode()


def test_a_code_that_is_typed_wrong_is_no_event() -> None:
    an_account()
    browser = Client()
    sign_in(browser)
    type_code(browser, "000000")
    assert not SecurityEvent.objects.exists()
