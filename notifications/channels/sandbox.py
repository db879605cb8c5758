"""The channel that reaches nobody: for the sandbox, and for whatever a test key made.

Its receipts come a second later, and some recipients fail as a provider can: `MAGIC`, docs/merchants.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from notifications.channels.base import Fault, Look, Permanent, Receipt, Result, Sent, Temporary, WithoutPace
from notifications.channels.twilio_errors import fault_of
from notifications.kinds import Rendered
from notifications.models import Message

RECEIPT_AFTER = timedelta(seconds=1)

# Numbers and names that nobody has: NANP 555-0100 to 555-0199, and the domains of RFC 2606.
_PHONE = re.compile(r"\+1\d{3}55501(\d\d)")
_EMAIL = re.compile(r"([a-z-]+)@(?:.+\.)?(?:example|test|example\.(?:com|net|org))", re.IGNORECASE)

ARRIVED = Receipt(True)


@dataclass(frozen=True)
class Way:
    """How one magic recipient fails: on its first try, on each try, or by its receipt (None: never one)."""

    first: Result | None = None
    always: Result | None = None
    receipt: Receipt | None = ARRIVED


def _refused(error_code: str) -> Way:
    return Way(always=Permanent(f"refused (error {error_code})", error_code, fault_of(error_code)))


def _undelivered(error_code: str) -> Way:
    return Way(receipt=Receipt(False, f"undelivered (error {error_code})", error_code, fault_of(error_code)))


_LOST_REPLY = Temporary("connection reset after the message had gone out", uncertain=True)
_TIMED_OUT = Temporary("no answer in time (ReadTimeout)", uncertain=True)
_ASKED_TO_WAIT = Temporary("refused (HTTP 429, error 20429)", False, "20429", retry_after=5)
_BROKEN = Temporary("refused (HTTP 503, error 20503)", True, "20503")

# By the last two digits of the number, or the name before the @.
MAGIC: dict[str, tuple[str, Way]] = {
    "01": ("invalid", _refused("21211")),
    "02": ("unsubscribed", _refused("21610")),
    "03": ("landline", _refused("21614")),
    "04": ("unreachable", _undelivered("30003")),
    "05": ("filtered", _undelivered("30007")),
    "06": ("too-many", Way(first=_ASKED_TO_WAIT)),
    "07": ("broken", Way(always=_BROKEN)),
    "08": ("timeout", Way(always=_TIMED_OUT)),
    "09": ("silent", Way(receipt=None)),
    "10": ("reset", Way(first=_LOST_REPLY)),
    "11": ("switched-off", _refused("21408")),
}
_BY_NAME = dict(MAGIC.values())

_BOUNCED = Permanent("refused by the mail server (SMTP 550)", fault=Fault.PERMANENT)
_BY_EMAIL = {
    "invalid": Way(always=_BOUNCED),
    "unsubscribed": Way(always=Permanent("refused: this mailbox has unsubscribed")),
    "unreachable": Way(receipt=Receipt(False, "bounced: the mailbox is full", fault=Fault.TEMPORARY)),
    "filtered": Way(receipt=Receipt(False, "bounced: taken for spam", fault=Fault.PERMANENT)),
}
# A landline, or a phone that says STOP to texts, can still be called.
_BY_VOICE = {
    "invalid": _undelivered("failed"),
    "unreachable": _undelivered("no-answer"),
    **dict.fromkeys(("unsubscribed", "landline", "filtered", "switched-off"), Way()),
}


class SandboxChannel(WithoutPace):
    """Sends nothing. The sandbox phone renders the message when somebody looks."""

    provider = "sandbox"

    def send(self, message: Message, rendered: Rendered) -> Result:
        way = way_of(message)
        failure = way.always or (way.first if message.attempts <= 1 else None)
        if failure is not None:
            return failure
        told_at = timezone.now() + RECEIPT_AFTER if way.receipt else None
        return Sent(f"sandbox-{message.public_id}", gives_receipts=True, look_again_at=told_at)

    def look(self, message: Message) -> Look:
        return Look(way_of(message).receipt or Receipt(None))


def way_of(message: Message) -> Way:
    """How this message fares, by its recipient and channel."""
    if message.channel == Message.Channel.EMAIL:
        named = _EMAIL.fullmatch(message.to)
        name = named[1].lower() if named else ""
        return _BY_EMAIL.get(name) or _BY_NAME.get(name, Way())
    numbered = _PHONE.fullmatch(message.to)
    name, way = MAGIC.get(numbered[1] if numbered else "", ("", Way()))
    return _BY_VOICE.get(name, way) if message.channel == Message.Channel.VOICE else way
