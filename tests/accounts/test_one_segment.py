"""Every text message about an account is one segment, in every language, with the longest host and link."""

from collections.abc import Iterator

import pytest
from django.conf import LazySettings, settings
from django.utils import translation

from accounts.messages import security_words, words
from accounts.messages.letters import Said, rendered
from accounts.models import Challenge, SecurityEvent
from handoffs.preferences.messages import account_opted_out_said
from notifications import gsm
from notifications.models import Message
from tests.handoffs.every_message import LONGEST_PUBLIC_URL

LANGUAGES = [language for language, _name in settings.LANGUAGES]
BROWSER = "Firefox, Windows"
LINK = f"{LONGEST_PUBLIC_URL}/account/back/{'w' * 11}.{'w' * 16}/"
BY_MAIL_ALONE = {"already_there", "password_reset", "password_of_staff"}


def everything_said() -> Iterator[tuple[str, Said]]:
    for purpose in Challenge.Purpose.values:
        yield f"{purpose} code", words.code_said(purpose, "123456")
    for what in SecurityEvent.What.values:
        yield f"security changed: {what}", security_words.security_changed(what)
    yield "new browser", security_words.new_browser(BROWSER)
    yield "password exposed", security_words.password_exposed(LINK)
    yield "codes locked", security_words.codes_locked(LINK)
    yield "password changed", words.password_changed()
    yield "email changed", words.email_changed()
    yield "phone changed", words.phone_changed()
    yield "opted out", account_opted_out_said(LINK)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_one_segment(language: str, settings: LazySettings) -> None:
    settings.PUBLIC_URL = LONGEST_PUBLIC_URL
    with translation.override(language):
        texts = {name: rendered(Message(channel="sms"), said).text for name, said in everything_said()}
    too_long = {name: (gsm.units(text), text) for name, text in texts.items() if gsm.segments(text) != 1}
    assert too_long == {}


def test_whatever_has_a_text_is_measured() -> None:
    """A new function that says something has to be added above."""
    found = {
        name
        for module in (words, security_words)
        for name, each in vars(module).items()
        if getattr(each, "__annotations__", {}).get("return") is Said and not name.startswith("_")
    }
    measured = {"code_said", "security_changed", "new_browser", "password_exposed", "codes_locked"}
    measured |= {"password_changed", "email_changed", "phone_changed"}
    assert found == measured | BY_MAIL_ALONE
