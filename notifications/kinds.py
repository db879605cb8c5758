"""The registry of message kinds: how a message finds its text.

Apps above this one register their kinds when they load (`AppConfig.ready`). The text, and any secret in it,
exists only in memory, between `render` and the channel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation.trans_real import get_supported_language_variant

from notifications.models import Message


@dataclass(frozen=True)
class Call:
    """The words of a call, hidden from `repr`. A voicemail hears `ask` and `missed` and no more.

    `ask` says who calls and to press 1; `before` leads up to `spelled`, which is read out slowly, character
    by character, and twice; `again` goes between, `after` comes last. `missed` is for who presses nothing.
    """

    ask: str = field(repr=False)
    before: str = field(repr=False)
    spelled: str = field(repr=False)
    again: str = field(repr=False)
    after: str = field(repr=False)
    missed: str = field(repr=False)


@dataclass(frozen=True)
class Rendered:
    """The words of one message. Hidden from `repr`, so that no log or traceback shows them.

    `sender` is the name that an e-mail comes under; the address is the installation's, whatever the name.
    `valid_until`: from then on it helps nobody, and the provider need not try any more. `call` is what a call
    says; a kind without it cannot go by voice.
    """

    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    sender: str = field(default="", repr=False)
    valid_until: datetime | None = None
    call: Call | None = None


def _nothing_to_settle(message: Message) -> None:
    """For kinds that need not know what became of their messages."""


@dataclass(frozen=True)
class Kind:
    """One kind of message.

    `render` makes the text, or None where there is nothing to say any more (the message is then dropped).
    `settled` is called in the transaction that records the message's new state: `sent`, `failed` or `dropped`
    at the end of sending, then `received` or `failed` with the provider's receipt. It may write further
    messages, but must not send anything itself. `has_reserve`: it still goes to an
    address that has had as many messages of other kinds as may go to one in a day. `by_anybody`: strangers
    can have it sent to an address, so it is counted by itself and takes nothing from what its owner is told.
    """

    name: str
    render: Callable[[Message], Rendered | None]
    settled: Callable[[Message], None] = _nothing_to_settle
    has_reserve: bool = False
    by_anybody: bool = False


class UnknownKindError(LookupError):
    """No app has registered this kind: a programming error, or a worker older than the writer."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known. Raises ValueError if another one has the name already."""
    if _kinds.get(kind.name, kind) is not kind:
        raise ValueError(f"message kind {kind.name!r} is registered twice")
    _kinds[kind.name] = kind


def get(name: str) -> Kind:
    """The kind of that name. Raises UnknownKindError."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKindError(name) from None


_choosers: list[Callable[[Message], str]] = []


def ask_for_language(chooser: Callable[[Message], str]) -> None:
    """Have this asked which language (BCP 47) whoever reads a message has chosen; empty for none."""
    if chooser not in _choosers:
        _choosers.append(chooser)


def render(message: Message) -> Rendered | None:
    """The message's text in its reader's language, made now; None if there is nothing to say any more.

    Raises UnknownKindError, and whatever the kind's own `render` raises.
    """
    kind = get(message.kind)
    with translation.override(language_for(message)):
        return kind.render(message)


def language_for(message: Message) -> str:
    """The language that its reader has chosen, else the message's own."""
    chosen = next((found for chooser in _choosers if (found := chooser(message))), "")
    return language_of(chosen or message.locale)


def language_of(locale: str) -> str:
    """The language that we have words in for someone of this locale (BCP 47)."""
    try:
        return get_supported_language_variant(locale.lower())
    except LookupError:
        return settings.LANGUAGE_CODE
