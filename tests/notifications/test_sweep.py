"""The sweep gives back what lost workers had claimed, and gives up on what loses every worker."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.utils import timezone

from notifications import worker
from notifications.models import Message
from tests.notifications.greeting import told
from tests.notifications.servers import Mailbox

Enqueue = Callable[..., Message]


def claim(message: Message, *, attempts: int, ended: bool) -> None:
    """The row as a worker leaves it that has begun to send and says nothing more."""
    now = timezone.now()
    claimed_until = now - timedelta(seconds=1) if ended else now + timedelta(seconds=30)
    Message.objects.filter(pk=message.pk).update(
        state="sending", next_try_at=None, claimed_until=claimed_until, begun_at=now, attempts=attempts
    )


def test_a_claim_whose_time_is_over_goes_back_to_the_queue(enqueue: Enqueue) -> None:
    message = enqueue()
    claim(message, attempts=1, ended=True)

    assert worker.sweep() == 1

    message.refresh_from_db()
    assert (message.state, message.uncertain) == ("queued", True)
    assert message.error == "the worker was lost while sending"
    assert told == []


def test_a_claim_that_still_runs_is_left_alone(enqueue: Enqueue) -> None:
    message = enqueue()
    claim(message, attempts=1, ended=False)

    assert worker.sweep() == 0

    message.refresh_from_db()
    assert message.state == "sending"


def test_a_message_that_loses_every_worker_fails_in_the_end(enqueue: Enqueue) -> None:
    message = enqueue()
    claim(message, attempts=12, ended=True)

    worker.sweep()

    message.refresh_from_db()
    assert (message.state, message.uncertain) == ("failed", True)
    assert "given up after 12 tries" in message.error
    assert told == [(message.public_id, "failed", True)]


def test_a_worker_whose_claim_went_to_another_does_not_begin(enqueue: Enqueue, mailbox: Mailbox) -> None:
    """Between claiming and beginning it slept past its claim, and another worker sent the message."""
    message = enqueue()
    asked = 0

    def sleep_before_the_first_message() -> bool:
        nonlocal asked
        asked += 1
        if asked == 2:  # asked once before the claim, and now before the message
            with time_machine.travel(timezone.now() + timedelta(hours=1)):
                worker.sweep()
                assert worker.drain() == 1
        return False

    worker.drain(stop=sleep_before_the_first_message)

    message.refresh_from_db()
    assert (message.state, message.attempts, message.uncertain) == ("sent", 1, False)
    assert len(mailbox.mails) == 1


def test_a_slow_worker_still_records_its_send_after_a_sweep(enqueue: Enqueue, mailbox: Mailbox) -> None:
    message = enqueue(context={"render": "swept"})

    assert worker.drain() == 1

    message.refresh_from_db()
    assert (message.state, message.attempts, message.uncertain) == ("sent", 1, True)
    assert len(mailbox.mails) == 1
    assert told == [(message.public_id, "sent", True)]


def test_a_slow_worker_does_not_overrule_the_one_that_took_over(enqueue: Enqueue, mailbox: Mailbox) -> None:
    message = enqueue(context={"render": "taken_over"})
    mailbox.answers_to_rcpt = ["250 OK", "450 busy"]

    worker.drain()

    message.refresh_from_db()
    assert (message.state, message.attempts, message.uncertain) == ("sent", 2, True)
    assert told == [(message.public_id, "sent", True)]
