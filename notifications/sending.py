"""Working the outbox: claim, render, send, record. Plain functions that the loop and the Celery tasks share.

A process may die at any point. Before the claim has committed, nothing has happened. After it, the row waits
in `sending` until the claim's time is over, and `sweep` gives it back to the queue, marked `uncertain` where
its sending had begun: a message may then go twice, but none is lost.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import SystemRandom
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from notifications import caps, kinds, stops
from notifications.channels import channel_for
from notifications.channels.base import Channel, Fault, Permanent, Result, Sent, Temporary
from notifications.faults import describe
from notifications.models import Message
from notifications.threads import side_by_side

log = logging.getLogger(__name__)

State = Message.State

BATCH = 100
SWEEP_BATCH = 500
FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 900.0
RECORD_PAUSES_SECONDS = (0.2, 1.0, 3.0)
WORKER_LOST = "the worker was lost while sending"
# What a channel asks us to wait is waited for here if it is no longer; else others go before.
SHORT_WAIT_SECONDS = 0.25

Lane = tuple[str, bool]  # a channel, and whether what goes by it is live

_random = SystemRandom()


def _never() -> bool:
    return False


def drain(
    limit: int = 100, *, stop: Callable[[], bool] = _never, more: Callable[[], object] | None = None
) -> int:
    """Send up to `limit` messages that are due, and answer how many were worked on.

    `stop` is asked before each message; what was claimed and not begun is then given back. `more` is called
    whenever a whole batch was claimed, before it is sent: another worker can then go on with the rest.
    MESSAGE_SENDERS of them are under way at once, on PostgreSQL.
    """
    worked = 0
    resting: dict[Lane, datetime] = {}
    while worked < limit and not stop():
        batch = _claim(min(BATCH, limit - worked), resting)
        if len(batch) == BATCH and more:
            more()
        worked += _work_all(batch, resting, stop)
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


def _claim(limit: int, resting: dict[Lane, datetime]) -> list[Message]:
    due = Message.objects.filter(state=State.QUEUED, next_try_at__lte=timezone.now())
    for channel, livemode in resting:
        due = due.exclude(channel=channel, livemode=livemode)
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


def _work_all(batch: list[Message], resting: dict[Lane, datetime], stop: Callable[[], bool]) -> int:
    """Send one after the other, in several threads where there are many; what was not begun goes back."""
    worked = sum(side_by_side(batch, partial(_work, resting=resting), stop=stop))
    _give_back([message for message in batch if message.begun_at is None], resting)
    return worked


def _give_back(batch: list[Message], resting: dict[Lane, datetime]) -> None:
    """With one statement for each lane: what was claimed together ends together."""
    lanes: dict[Lane, list[Message]] = defaultdict(list)
    for message in batch:
        lanes[message.channel, message.livemode].append(message)
    for lane, messages in lanes.items():
        next_try_at = resting.get(lane) or timezone.now()
        claimed = Message.objects.filter(
            pk__in=[message.pk for message in messages],
            state=State.SENDING,
            claimed_until=messages[0].claimed_until,
            begun_at=None,
        )
        claimed.update(state=State.QUEUED, claimed_until=None, next_try_at=next_try_at)


def _claimed(message: Message) -> QuerySet[Message]:
    """The row, while it is claimed by us and nobody has begun it. The end of the claim tells whose it is."""
    return Message.objects.filter(
        pk=message.pk, state=State.SENDING, claimed_until=message.claimed_until, begun_at=None
    )


def _work(message: Message, resting: dict[Lane, datetime]) -> int:
    """Send one message, and answer 1; 0 where its channel rests and it has to wait its turn."""
    lane, channel = (message.channel, message.livemode), channel_for(message)
    wait = resting.get(lane) or _not_before(channel)
    if wait is not None:
        resting[lane] = wait
        return 0
    if _begin(message, channel):
        _record(message, _attempt(message, channel))
    return 1


def _not_before(channel: Channel) -> datetime | None:
    """When the channel takes the next message; None, and the place is taken, if it does now or very soon."""
    while (at := channel.ready_at()) is not None:
        seconds = (at - timezone.now()).total_seconds()
        if seconds > SHORT_WAIT_SECONDS:
            return at
        time.sleep(max(seconds, 0.01))
    return None


def _begin(message: Message, channel: Channel) -> bool:
    """Count the try and renew the claim before anything leaves; False if the row is no longer ours."""
    now = timezone.now()
    by = {"provider": channel.provider, "country": caps.country_of(message)}
    changes = {"begun_at": now, "claimed_until": now + _lease(), **by}
    if not _claimed(message).update(**changes, attempts=F("attempts") + 1):
        return False
    _with(message, {**changes, "attempts": message.attempts + 1})
    return True


def _attempt(message: Message, channel: Channel) -> Result | None:
    """Render and send; None if there is nothing to say any more."""
    try:
        rendered = kinds.render(message)
    except Exception as error:
        log.error("%s could not be rendered: %s", message.public_id, describe(error))
        return Temporary(f"the text could not be made ({type(error).__name__})")
    if rendered is None:
        return None
    refused = stops.refusal(message) or caps.charge(message)
    if refused is not None:
        log.warning("%s is not sent: %s", message.public_id, refused.reason)
        return refused
    try:
        return channel.send(message, rendered)
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
    done: dict[str, Any] = {"claimed_until": None, "next_try_at": None, "error_code": "", "fault": ""}
    match result:
        case None:
            return done | {"state": State.DROPPED, "error": ""}
        case Sent():
            return done | _after_sent(result)
        case Permanent(reason, error_code, fault):
            told = {"error": reason[:200], "error_code": error_code[:20], "fault": fault}
            return done | told | {"state": State.FAILED}
        case Temporary():
            return done | _after_temporary(message, result)


def _after_sent(sent: Sent) -> dict[str, Any]:
    now = timezone.now()
    return {
        "state": State.SENT,
        "sent_at": now,
        "provider_id": sent.provider_id[:200],
        "error": "",
        "receipt_awaited_since": now if sent.gives_receipts else None,
        "look_again_at": sent.look_again_at,
        "text_kept": sent.text_kept,
        "segments": sent.segments,
    }


def _after_temporary(message: Message, result: Temporary) -> dict[str, Any]:
    told = {
        "error_code": result.error_code[:20],
        "fault": Fault.TEMPORARY,
        "uncertain": message.uncertain or result.uncertain,
    }
    if message.attempts >= settings.MESSAGE_TRIES:
        error = f"{result.reason}; given up after {message.attempts} tries"
        return told | {"state": State.FAILED, "error": error[:200]}
    pause = pause_before_try(message.attempts + 1)
    if result.retry_after is not None:
        # The others that were told so wait as long: each comes back at a moment of its own.
        pause = timedelta(seconds=result.retry_after + _random.uniform(0, 2))
    next_try_at = timezone.now() + pause
    return told | {"state": State.QUEUED, "next_try_at": next_try_at, "error": result.reason[:200]}


def _settle(message: Message, changes: dict[str, Any], ours: QuerySet[Message]) -> None:
    """Write the new state if the row is still ours; the same transaction tells the kind of a final one."""
    try:
        with transaction.atomic():
            if _write(message, changes, ours) and message.is_settled:
                stops.learn_from(message)
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
        changes |= {"uncertain": True, "error": WORKER_LOST, "fault": Fault.TEMPORARY}
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
