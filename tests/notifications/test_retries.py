"""What fails for now is tried again, ever later; what fails for good is seen to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pytest_django import Settings

from notifications import worker
from notifications.models import Message
from notifications.sending import pause_before_try
from tests.notifications.greeting import told
from tests.notifications.servers import Mailbox
from tests.servers.process import free_port

Enqueue = Callable[..., Message]

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def try_until_settled(message: Message, clock: time_machine.Traveller) -> list[datetime]:
    """Drain each time the message says; answers the times of the tries."""
    tried: list[datetime] = []
    while not message.is_settled:
        assert message.next_try_at is not None
        clock.move_to(max(message.next_try_at, NOON))
        tried.append(max(message.next_try_at, NOON))
        assert worker.drain() == 1
        message.refresh_from_db()
    return tried


def test_a_mail_server_that_cannot_be_reached_is_tried_later_and_not_before(
    enqueue: Enqueue, mailbox: Mailbox, settings: Settings
) -> None:
    settings.EMAIL_PORT = free_port()
    with time_machine.travel(NOON, tick=False) as clock:
        message = enqueue()
        worker.drain()
        message.refresh_from_db()
        assert (message.state, message.attempts, message.uncertain) == ("queued", 1, False)
        assert "ConnectionRefusedError" in message.error

        clock.shift(timedelta(seconds=3.9))
        assert worker.drain() == 0

        settings.EMAIL_PORT = mailbox.port
        clock.shift(timedelta(seconds=2.2))
        assert worker.drain() == 1

    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == ("sent", 2, "")
    assert len(mailbox.mails) == 1


def test_after_the_last_try_it_has_failed_for_all_to_see(
    enqueue: Enqueue, mailbox: Mailbox, settings: Settings
) -> None:
    settings.EMAIL_PORT = free_port()
    with time_machine.travel(NOON, tick=False) as clock:
        message = enqueue()
        tried = try_until_settled(message, clock)

    assert len(tried) == settings.MESSAGE_TRIES
    assert timedelta(minutes=40) < tried[-1] - tried[0] < timedelta(hours=2)
    assert (message.state, message.next_try_at) == ("failed", None)
    assert message.error.startswith("mail server not reached")
    assert message.error.endswith(f"given up after {settings.MESSAGE_TRIES} tries")
    assert told == [(message.public_id, "failed", True)]


def test_a_text_that_cannot_be_made_is_a_failed_try(enqueue: Enqueue, mailbox: Mailbox) -> None:
    message = enqueue(context={"render": "broken"})
    other = enqueue()

    assert worker.drain() == 2

    message.refresh_from_db()
    other.refresh_from_db()
    assert (message.state, message.attempts) == ("queued", 1)
    assert message.error == "the text could not be made (ValueError)"
    assert other.state == "sent"


@pytest.mark.parametrize(
    ("number", "seconds"), [(2, 5), (3, 10), (4, 20), (8, 320), (9, 640), (10, 900), (12, 900)]
)
def test_pauses_double_up_to_a_quarter_of_an_hour_and_vary(number: int, seconds: float) -> None:
    pauses = {pause_before_try(number).total_seconds() for _ in range(100)}

    assert seconds * 0.8 <= min(pauses) < max(pauses) <= seconds * 1.2
    assert len(pauses) > 50
