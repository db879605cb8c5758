"""Every message about an account in every language, with the longest host and link."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import translation

from accounts.history import TOLD
from accounts.messages import security_words, words
from accounts.messages.letters import Said, rendered
from accounts.messages.sending import SECURITY_CHANGED
from accounts.models import Challenge
from handoffs.preferences.messages import account_opted_out_said
from notifications.models import Message
from tests.handoffs.every_message import LONGEST_PUBLIC_URL
from tests.notifications.segments import LANGUAGES, Measured

BROWSER = "Firefox, Windows"
LINK = f"{LONGEST_PUBLIC_URL}/account/back/{'w' * 11}.{'w' * 16}/"
CODE = "123456"


def every_message(link: str = LINK) -> dict[str, Said]:
    """Each kind with what it says in the language that is active; without an `sms`, by e-mail alone."""
    changes = [what for what, kind in TOLD.items() if kind == SECURITY_CHANGED]
    return {
        **{f"{purpose}_code": words.code_said(purpose, CODE) for purpose in Challenge.Purpose.values},
        "new_browser": security_words.new_browser(BROWSER),
        "password_exposed": security_words.password_exposed(link),
        "account_codes_locked": security_words.codes_locked(link),
        "password_changed": words.password_changed(),
        "email_changed": words.email_changed(),
        "phone_changed": words.phone_changed(),
        **{f"security_changed, {what}": security_words.security_changed(what) for what in changes},
        "security_changed, otherwise": security_words.security_changed(""),
        "account_opted_out": account_opted_out_said(link),
        "account_exists": words.already_there(link),
        "password_reset": words.password_reset(link),
        "password_reset, of staff": security_words.password_of_staff(),
    }


def measured() -> Iterator[Measured]:
    """Each SMS as it would go out, under a PUBLIC_URL of the longest."""
    for language in LANGUAGES:
        with translation.override(language):
            for kind, said in every_message().items():
                if said.sms:
                    text = rendered(Message(channel="sms"), said).text
                    yield Measured(kind, language, text, bool(said.link) and said.link in text)
