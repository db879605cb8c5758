"""Working the outbox: claim, render, send, record. Plain functions that the loop and the Celery tasks share.

A process may die at any point. Before the claim has committed, nothing has happened. After it, the row waits
in `sending` until the claim's time is over, and `sweep` gives it back to the queue, marked `uncertain` where
its sending had begun: a message may then go twice, but none is lost.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from notifications import kinds
from notifications.caps import over_the_cap
from notifications.channels import channel_for
from notifications.channels.base import Permanent, Result, Sent, Temporary
from notifications.faults import describe
from notifications.models import Message

log = logging.getLogger(__name__)

State = Message.State

BATCH = 10
SWEEP_BATCH = 500
FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 900.0
RECORD_PAUSES_SECONDS = (0.2, 1.0, 3.0)
WORKER_LOST = "the worker was lost while sending"

_random = SystemRandom()


def _never() -> bool:
    return False


def drain(
    limit: int = 100, *, stop: Callable[[], bool] = _never, more: Callable[[], object] | None = None
) -> int:
    """Send up to `limit` messages that are due, and answer how many were worked on.

    `stop` is asked before each message; what was claimed and not begun is then given back. `more` is called
    whenever a whole batch was claimed, before it is sent: another worker can then go on with the rest.
    """
    worked = 0
    while worked < limit and not stop():
        batch = _claim(min(BATCH, limit - worked))
        if len(batch) == BATCH and more:
            more()
        for message in batch:
            if stop():
                _give_back(batch)
                return worked
            _work(message)
            worked += 1
        if not batch:
            break
    return worked


def sweep() -> int:
    """Give back what lost workers had claimed, and answer how many there were. Deletes nothing."""
    lost = Message.objects.filter(state=State.SENDING, claimed_until__lte=timezone.now())
    messages = list(lost.order_by("claimed_until", "id")[:SWEEP_BATCH])
    for message in messages:
        _recover(message)
    return len(messages)


def pause_before_try(number: int) -> timedelta:
    """How long to wait before the try of this number (2 is the first retry): doubling, capped, jittered."""
    seconds = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2.0 ** (number - 2))
    return timedelta(seconds=seconds * _random.uniform(0.8, 1.2))


def _claim(limit: int) -> list[Message]:
    due = Message.objects.filter(state=State.QUEUED, next_try_at__lte=timezone.now())
    # Asked first without a lock: on SQLite an idle worker must not take the only one each second.
    if not due.exists():
        return []
    changes = {
        "state": State.SENDING,
        "claimed_until": timezone.now() + _lease(),
        "next_try_at": None,
        "begun_at": None,
    }
    with transaction.atomic():
        rows = list(due.order_by("next_try_at", "id").select_for_update(skip_locked=True)[:limit])
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(**changes)
    return [_with(row, changes) for row in rows]


def _give_back(batch: list[Message]) -> None:
    for message in batch:
        _claimed(message).update(state=State.QUEUED, claimed_until=None, next_try_at=timezone.now())


def _claimed(message: Message) -> QuerySet[Message]:
    """The row, while it is claimed by us and nobody has begun it. The end of the claim tells whose it is."""
    return Message.objects.filter(
        pk=message.pk, state=State.SENDING, claimed_until=message.claimed_until, begun_at=None
    )


def _work(message: Message) -> None:
    if _begin(message):
        _record(message, _attempt(message))


def _begin(message: Message) -> bool:
    """Count the try and renew the claim before anything leaves; False if the row is no longer ours."""
    now = timezone.now()
    changes = {"begun_at": now, "claimed_until": now + _lease()}
    if not _claimed(message).update(**changes, attempts=F("attempts") + 1):
        return False
    _with(message, {**changes, "attempts": message.attempts + 1})
    return True


def _attempt(message: Message) -> Result | None:
    """Render and send; None if there is nothing to say any more."""
    try:
        rendered = kinds.render(message)
    except Exception as error:
        log.error("%s could not be rendered: %s", message.public_id, describe(error))
        return Temporary(f"the text could not be made ({type(error).__name__})")
    if rendered is None:
        return None
    refused = over_the_cap(message)
    if refused is not None:
        log.warning("%s is not sent: %s", message.public_id, refused.reason)
        return refused
    try:
        return channel_for(message).send(message, rendered)
    except Exception as error:
        log.error("%s could not be sent: %s", message.public_id, describe(error))
        return Temporary(f"the channel broke ({type(error).__name__})", uncertain=True)


def _record(message: Message, result: Result | None) -> None:
    """Write down what became of it. Tried for some seconds: forgetting a send means sending twice."""
    changes = _changes(message, result)
    # A sweep in the meantime does not make our result void; another worker's beginning does.
    ours = Message.objects.filter(
        pk=message.pk, attempts=message.attempts, state__in=[State.SENDING, State.QUEUED]
    )
    for pause in RECORD_PAUSES_SECONDS:
        try:
            return _settle(message, changes, ours)
        except (OperationalError, InterfaceError):
            connection.close_if_unusable_or_obsolete()
            time.sleep(pause)
    return _settle(message, changes, ours)


def _changes(message: Message, result: Result | None) -> dict[str, Any]:
    done: dict[str, Any] = {"claimed_until": None, "next_try_at": None}
    match result:
        case None:
            return done | {"state": State.DROPPED, "error": ""}
        case Sent(provider_id):
            return done | {
                "state": State.SENT,
                "sent_at": timezone.now(),
                "provider_id": provider_id[:200],
                "error": "",
            }
        case Permanent(reason):
            return done | {"state": State.FAILED, "error": reason[:200]}
        case Temporary(reason, uncertain):
            return done | _after_temporary(message, reason, message.uncertain or uncertain)


def _after_temporary(message: Message, reason: str, uncertain: bool) -> dict[str, Any]:
    if message.attempts >= settings.MESSAGE_TRIES:
        error = f"{reason}; given up after {message.attempts} tries"
        return {"state": State.FAILED, "error": error[:200], "uncertain": uncertain}
    return {
        "state": State.QUEUED,
        "next_try_at": timezone.now() + pause_before_try(message.attempts + 1),
        "error": reason[:200],
        "uncertain": uncertain,
    }


def _settle(message: Message, changes: dict[str, Any], ours: QuerySet[Message]) -> None:
    """Write the new state if the row is still ours; the same transaction tells the kind of a final one."""
    try:
        with transaction.atomic():
            if _write(message, changes, ours) and message.is_settled:
                kinds.get(message.kind).settled(message)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        # To leave the row as it was would send the message again and again.
        log.error("%s was not settled by its kind: %s", message.public_id, describe(error))
        note = f"its kind could not settle it ({type(error).__name__}) {changes.get('error', '')}"
        _write(message, changes | {"error": note.strip()[:200]}, ours)


def _write(message: Message, changes: dict[str, Any], ours: QuerySet[Message]) -> bool:
    if not ours.update(**changes):
        log.warning("%s was taken over by another worker", message.public_id)
        return False
    _with(message, changes)
    return True


def _recover(message: Message) -> None:
    lost = Message.objects.filter(pk=message.pk, state=State.SENDING, claimed_until=message.claimed_until)
    changes: dict[str, Any] = {"claimed_until": None, "next_try_at": timezone.now(), "state": State.QUEUED}
    if message.begun_at is not None:
        log.warning("%s was being sent by a worker that was lost", message.public_id)
        changes |= {"uncertain": True, "error": WORKER_LOST}
        if message.attempts >= settings.MESSAGE_TRIES:
            error = f"{WORKER_LOST}; given up after {message.attempts} tries"
            changes |= {"state": State.FAILED, "next_try_at": None, "error": error}
    _settle(message, changes, lost)


def _with(message: Message, changes: dict[str, Any]) -> Message:
    for name, value in changes.items():
        setattr(message, name, value)
    return message


def _lease() -> timedelta:
    return timedelta(seconds=settings.MESSAGE_LEASE_SECONDS)
