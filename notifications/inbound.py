"""Text messages that people send us, and who acts on them.

STOP and START are settled here; apps above this one register what else a word does when they load.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from notifications import stops
from notifications.models import InboundMessage

STOP, START, HELP, CODE = "STOP", "START", "HELP", "CODE"

# What Twilio takes for STOP, START and HELP (help.twilio.com, "Twilio support for opt-out keywords"), and the
# word for a code in the languages that we write in.
WORDS = {
    **dict.fromkeys(("STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"), STOP),
    **dict.fromkeys(("ARRET", "ARRÊT", "PARAR", "PARE", "ALTO", "STOPP"), STOP),
    **dict.fromkeys(("START", "UNSTOP", "YES"), START),
    **dict.fromkeys(("HELP", "INFO", "AIDE", "AYUDA", "AJUDA", "HILFE"), HELP),
    **dict.fromkeys(("CODE", "CÓDIGO", "CODIGO", "KOD", "कोड", "رمز", "コード"), CODE),
}
_DECORATION = re.compile(r"[\s.!?,'\"«»„“”]+")


@dataclass(frozen=True)
class Heard:
    """A word that somebody sent us from this phone (E.164). `answered`: the provider has replied to it."""

    phone: str = field(repr=False)
    word: str
    answered: bool = False


# Answers the reply, if there is to be one. Runs after the word was taken down, outside any transaction.
Listener = Callable[[Heard], str | None]

_listeners: dict[str, list[Listener]] = defaultdict(list)


def register(word: str, listener: Listener) -> None:
    """Have `listener` called for each message that says this word (`STOP`, `START`, `HELP` or `CODE`)."""
    if listener not in _listeners[word]:
        _listeners[word].append(listener)


def word_of(text: str) -> str:
    """Which word a text message says, whatever way it is written; empty where it says something else."""
    return WORDS.get(_DECORATION.sub("", text).upper(), "")


def hear(heard: Heard, provider_id: str) -> str | None:
    """Act on a message, once however often the provider tells of it. Answers the reply, if there is one."""
    with transaction.atomic():
        _row, is_new = InboundMessage.objects.get_or_create(provider_id=provider_id)
        if not is_new:
            return None
        if heard.word == STOP:
            stops.stop(heard.phone)
        if heard.word == START:
            stops.start(heard.phone)
    replies = [listener(heard) for listener in _listeners[heard.word]] if heard.word else []
    return next((reply for reply in replies if reply), None)
