"""Every message in every language, with the longest names and links that it can have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils import translation

from handoffs.messages import words as say
from handoffs.messages.letters import one_segment
from handoffs.messages.words import Said
from handoffs.preferences.messages import code_said, opted_out_said
from tests.notifications.segments import LANGUAGES, Measured

# What docs/messages.md promises to fit: a PUBLIC_URL of 36 characters, and any name of a shop.
LONGEST_PUBLIC_URL = "https://codes.a-long-carrier.example"
LONGEST_NAME = "The Very Long Name Of A Department Store " * 2 + "And Of Its Many Sisters"
BARE = f"{LONGEST_PUBLIC_URL}/o/ABCDEFGHJKM/"
OWN = f"{LONGEST_PUBLIC_URL}/o/ABCDEFGHJKM.abcdefghijklmnop/"
NAMED = "Whoever is at home on the second floor, W"
WORDS = {
    "merchant": LONGEST_NAME,
    "code": "12345678",
    "until": "Mon 23 Nov, 03:00",
    "when": "Mon 23 Nov, 14:03",
}


def every_message(words: Mapping[str, str] = WORDS, bare: str = BARE, own: str = OWN) -> dict[str, Said]:
    """Each kind with what it says in the language that is active, the longer way where it has two."""
    return {
        "needs_code": say.needs_code(words, bare),
        "delivery_code": say.delivery_code(words, own, renewed=False),
        "delivery_code, new": say.delivery_code(words, own, renewed=True),
        "delivery_code, later": say.code_later(words, own),
        "delivery_code, in account": say.code_in_account(words, own),
        "courier_arrived": say.courier_arrived(words, own),
        "code_locked": say.code_locked(words, own, may_renew=True),
        "code_locked, for good": say.code_locked(words, bare, may_renew=False),
        "nobody_home": say.nobody_home(words, bare),
        "handed_over": say.handed_over(words, own),
        "handed_over, to a delegate": say.handed_over_to_delegate({**words, "delegate": NAMED}, own),
        "handed_over, as released": say.handed_over_as_released(words, own),
        "handed_over, without code": say.handed_over_without_code(words, own),
        "returned": say.returned(words, bare),
        "contact_changed": say.contact_changed(words, bare),
        "released_from_account": say.released(words, bare),
        "delegate_named": say.delegate_named({**words, "delegate": NAMED}, bare),
        "release_asked": say.release_asked(words, bare),
        "preference_code": code_said(words),
        "opted_out": opted_out_said(words, f"{own}preferences/"),
    }


def measured() -> Iterator[Measured]:
    """Each SMS as it would go out."""
    for language in LANGUAGES:
        with translation.override(language):
            for kind, said in every_message().items():
                text = one_segment(said)
                yield Measured(kind, language, text, bool(said.link) and said.link in text)
