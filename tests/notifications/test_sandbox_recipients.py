"""In test mode some recipients fail as a provider can, so that every branch can be tried."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from notifications import looking, worker
from notifications.channels.sandbox import MAGIC
from notifications.models import Message
from tests.notifications.greeting import PHONE

Enqueue = Callable[..., Message]
GUIDE = Path(__file__).parents[2] / "docs/merchants.md"

SMS = {
    "invalid": ("failed", "21211", "permanent"),
    "unsubscribed": ("failed", "21610", "permanent"),
    "landline": ("failed", "21614", "permanent"),
    "unreachable": ("failed", "30003", "temporary"),
    "filtered": ("failed", "30007", "permanent"),
    "too-many": ("received", "", ""),
    "broken": ("failed", "20503", "temporary"),
    "timeout": ("failed", "", "temporary"),
    "silent": ("sent", "", ""),
    "reset": ("received", "", ""),
    "switched-off": ("failed", "21408", "configuration"),
}
EMAIL = {name: end[0] for name, end in SMS.items()}
VOICE = EMAIL | dict.fromkeys(("unsubscribed", "landline", "filtered", "switched-off"), "received")


def phone_of(name: str) -> str:
    [number] = [number for number, (known, _) in MAGIC.items() if known == name]
    return f"+120255501{number}"


def ends(message: Message) -> Message:
    """Work everything there is to do for it, whenever it is due."""
    for _ in range(40):
        with time_machine.travel(message.next_try_at or message.look_again_at or timezone.now()):
            worker.drain()
            looking.look()
        message.refresh_from_db()
    return message


@pytest.mark.parametrize("name", SMS)
def test_a_text_message_to_a_magic_number_fares_as_its_name_says(enqueue: Enqueue, name: str) -> None:
    message = ends(enqueue(channel="sms", to=phone_of(name), livemode=False))
    assert (message.state, message.error_code, message.fault) == SMS[name]
    assert message.uncertain is (name in ("broken", "timeout", "reset"))
    assert (message.receipt_awaited_since is not None) is (name == "silent")


@pytest.mark.parametrize("name", EMAIL)
def test_an_e_mail_to_a_magic_name_does_the_same(enqueue: Enqueue, name: str) -> None:
    assert ends(enqueue(to=f"{name}@example.com", livemode=False)).state == EMAIL[name]


@pytest.mark.parametrize("name", VOICE)
def test_a_call_reaches_who_cannot_get_texts(enqueue: Enqueue, name: str) -> None:
    assert ends(enqueue(channel="voice", to=phone_of(name), livemode=False)).state == VOICE[name]


def test_anyone_else_has_received_it_a_second_later(enqueue: Enqueue) -> None:
    message = enqueue(channel="sms", to=PHONE, livemode=False)
    worker.drain()
    looking.look()
    message.refresh_from_db()
    assert message.state == "sent"
    with time_machine.travel(timezone.now() + timedelta(seconds=1)):
        looking.look()
    message.refresh_from_db()
    assert message.state == "received"


def test_the_guide_names_every_magic_recipient() -> None:
    told = dict(re.findall(r"\| `\+1 202 555 01(\d\d)` \| `([a-z-]+)@example\.com` \|", GUIDE.read_text()))
    assert told == {number: name for number, (name, _) in MAGIC.items()}
