"""A message kind for these tests, told by its context how to behave."""

from __future__ import annotations

import os
import signal
from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language

from notifications import kinds, worker
from notifications.models import Message
from notifications.outbox import Draft

KIND = "test_greeting"
ADDRESS = "ada@example.com"
PHONE = "+447400123456"
WORDS = "the kettle is on"

# What `settled` was told: public id, state, and whether a transaction was open.
told: list[tuple[str, str, bool]] = []


def _render(message: Message) -> kinds.Rendered | None:
    behaviour = message.context.get("render", "")
    if behaviour == "over":
        return None
    if behaviour == "broken":
        raise ValueError(f"{WORDS} for {message.to}")
    if behaviour == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if behaviour == "die_once" and message.attempts == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    if behaviour in ("swept", "taken_over") and message.attempts == 1:
        _be_so_slow_that_it_is_swept(message)
        if behaviour == "taken_over":
            worker.drain()
    html = f"<p>{WORDS}</p>" if message.context.get("html") else ""
    return kinds.Rendered(subject="Hello", text=f"Ada, {WORDS}. ({get_language()})", html=html)


def _be_so_slow_that_it_is_swept(message: Message) -> None:
    long_ago = timezone.now() - timedelta(seconds=1)
    Message.objects.filter(pk=message.pk).update(claimed_until=long_ago)
    worker.sweep()


def _settled(message: Message) -> None:
    behaviour = message.context.get("settled", "")
    if behaviour == "broken":
        raise ValueError(f"{WORDS} for {message.to}")
    if behaviour == "die_once" and message.attempts == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    told.append((message.public_id, message.state, connection.in_atomic_block))


def draft(**fields: Any) -> Draft:
    """A live e-mail to Ada, with whatever is different about it."""
    usual: dict[str, Any] = {
        "kind": KIND,
        "about": "shp_1",
        "to": ADDRESS,
        "channel": "email",
        "locale": "en-GB",
        "livemode": True,
    }
    return Draft(**(usual | fields))


kinds.register(kinds.Kind(KIND, _render, _settled))
