"""`doctor --send`: one real message to the operator's phone or mailbox, and how long it took."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from delivery_otp.doctor.findings import Finding, ok, problem, warning
from notifications import kinds, outbox
from notifications.channels.twilio_errors import says
from notifications.models import Message

KIND = "doctor_test"
PHONE = re.compile(r"\+[1-9]\d{6,14}")
LOOK_SECONDS = 0.2
WORKER_SECONDS = 20.0  # a worker looks at the outbox each second or two
RECEIPT_SECONDS = 90.0
WAITING = (Message.State.QUEUED, Message.State.SENDING)


@dataclass(frozen=True)
class Trial:
    """What became of the message; seconds from when it was written, None where that did not happen."""

    message: str
    channel: str
    state: str
    accepted_after: float | None
    received_after: float | None
    error_code: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def channel_to(address: str) -> str | None:
    """By which channel one writes to it; None where it is neither a phone number nor an e-mail address."""
    if PHONE.fullmatch(address):
        return str(Message.Channel.SMS)
    try:
        validate_email(address)
    except ValidationError:
        return None
    return str(Message.Channel.EMAIL)


def send(address: str) -> tuple[Trial, list[Finding]]:
    """Write the message, let a worker send it, and wait for the receipt where there is to be one.

    Raises ValueError for an address that is none.
    """
    channel = channel_to(address)
    if channel is None:
        raise ValueError("neither a phone number like +447400123456 nor an e-mail address")
    message = outbox.enqueue(
        kind=KIND, about="doctor", to=address, channel=channel, locale="en", livemode=True
    )
    _wait(message, WORKER_SECONDS, lambda: message.state not in WAITING or message.attempts > 0)
    if message.attempts:
        _wait(message, RECEIPT_SECONDS, lambda: message.state not in WAITING and not _is_owed(message))
    return _trial(message), list(_findings(message))


def _is_owed(message: Message) -> bool:
    return message.receipt_awaited_since is not None


def _wait(message: Message, seconds: float, until: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        time.sleep(LOOK_SECONDS)
        message.refresh_from_db()


def _trial(message: Message) -> Trial:
    def after(moment: Any) -> float | None:
        return round((moment - message.created_at).total_seconds(), 1) if moment else None

    return Trial(
        message.public_id,
        message.channel,
        message.state,
        after(message.sent_at),
        after(message.received_at),
        message.error_code,
    )


def _findings(message: Message) -> Iterator[Finding]:
    trial = _trial(message)
    if settings.SANDBOX:
        yield warning("SANDBOX is on: it went to the sandbox phone only.", "Set SANDBOX=0 to send for real.")
    if message.state in WAITING and not message.attempts:
        worker = "Start one: python manage.py run_worker (without Redis the server is one)."
        yield problem(f"No worker has taken the message within {WORKER_SECONDS:.0f} s.", worker)
    elif message.state in WAITING:
        yield problem(
            f"It could not be sent so far: {_why(message)}.", "It is tried again for about an hour."
        )
    elif message.state == Message.State.FAILED:
        yield problem(f"It did not arrive: {_why(message)}.", "docs/operators.md says how to set Twilio up.")
    elif message.state == Message.State.RECEIVED:
        yield ok(
            f"Taken by the provider after {trial.accepted_after} s, received after {trial.received_after} s."
        )
    elif _is_owed(message):
        yield warning(
            f"Taken by the provider after {trial.accepted_after} s; no receipt in {RECEIPT_SECONDS:.0f} s.",
            "Not every network gives one. Is it there? Then see that PUBLIC_URL can be reached from outside.",
        )
    else:
        yield ok(
            f"Taken after {trial.accepted_after} s. This channel gives no receipts: look whether it is there."
        )


def _why(message: Message) -> str:
    return says(message.error_code) or message.error


def _render(message: Message) -> kinds.Rendered:
    host = urlsplit(settings.PUBLIC_URL).hostname
    text = f"This is a test message from {host}. It has arrived, and there is nothing to do."
    return kinds.Rendered("Test message" if message.channel == Message.Channel.EMAIL else "", text)


def register() -> None:
    kinds.register(kinds.Kind(KIND, render=_render))
