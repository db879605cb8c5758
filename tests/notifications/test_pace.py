"""All workers share one pace, and a provider that says 429 is left alone for as long as it asks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from notifications import pace, worker
from notifications.models import Message, Pace
from tests.notifications.greeting import PHONE
from tests.notifications.outbox_steps import OutboxSteps
from tests.notifications.servers import Mailbox
from tests.servers.twilio import ACCOUNT_SID, AUTH_TOKEN, Plan, Refusal, TwilioStandIn, twilio_server

Enqueue = Callable[..., Message]
OTHER_PHONE = "+447400123457"


@pytest.mark.django_db
def test_two_seconds_worth_goes_at_once_and_then_each_waits_its_turn() -> None:
    waits = [pace.take("test", 5) for _ in range(12)]
    assert waits[:10] == [None] * 10
    assert all(wait is not None for wait in waits[10:])
    assert pace.take("another", 5) is None


@pytest.mark.django_db
def test_the_first_ones_of_all_go_whoever_makes_the_row(monkeypatch: pytest.MonkeyPatch) -> None:
    make = Pace.objects.get_or_create

    def made_by_another_a_moment_before(**row: Any) -> tuple[Pace, bool]:
        make(**row)
        return make(**row)

    monkeypatch.setattr(Pace.objects, "get_or_create", made_by_another_a_moment_before)
    assert pace.take("test", 3) is None


def test_many_workers_together_send_no_faster(outbox_steps: OutboxSteps) -> None:
    outbox_steps.environment |= {"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": AUTH_TOKEN}
    outbox_steps.environment |= {"TWILIO_FROM": "+15005550006", "TWILIO_MESSAGES_PER_SECOND": "3"}
    with twilio_server() as twilio:
        outbox_steps.environment["TWILIO_API_BASE"] = twilio.base
        outbox_steps.enqueue(*({"channel": "sms", "to": f"+4474001234{n}"} for n in range(10, 50)))
        workers = [outbox_steps.start("drain") for _ in range(4)]
        assert [worker.wait(120) for worker in workers] == [0, 0, 0, 0]
        times = [message.created for message in twilio.account.messages]
    assert len(times) >= 6
    for first, last in combinations(range(len(times)), 2):
        # Both ends count; and what took its place may have been a little longer on its way than another.
        assert last - first + 1 <= 2 * 3 + 3 * (times[last] - times[first] + 0.5) + 1
    assert {row["attempts"] for row in outbox_steps.messages() if row["state"] == "queued"} <= {0}


@pytest.mark.django_db
def test_a_clock_that_was_an_hour_ahead_holds_nothing_up_once_it_is_set_back() -> None:
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1)):
        ahead = [pace.take("test", 1) for _ in range(4)]
        pace.pause("test", 300)
    assert ahead[0] is None
    assert ahead[-1] is not None
    waits = [pace.take("test", 1) for _ in range(4)]
    assert waits[:2] == [None] * 2
    assert waits[-1] is not None


def test_what_has_to_wait_is_not_a_try_and_lets_others_go_first(
    enqueue: Enqueue, twilio: TwilioStandIn, mailbox: Mailbox, settings: Settings
) -> None:
    settings.TWILIO_MESSAGES_PER_SECOND = 0.5
    texts = [enqueue(channel="sms", to=PHONE) for _ in range(4)]
    letter = enqueue()
    worker.drain()
    for message in (*texts, letter):
        message.refresh_from_db()
    assert [text.state for text in texts] == ["sent", "queued", "queued", "queued"]
    assert [text.attempts for text in texts] == [1, 0, 0, 0]
    assert letter.state == "sent"


def test_a_429_makes_every_message_wait_as_long_as_it_says(enqueue: Enqueue, twilio: TwilioStandIn) -> None:
    twilio.plan(PHONE, Plan(refusal=Refusal(20429, retry_after=30), times=1))
    first, second = enqueue(channel="sms", to=PHONE), enqueue(channel="sms", to=OTHER_PHONE)
    worker.drain()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.attempts, first.error_code, first.fault) == ("queued", 1, "20429", "temporary")
    assert (second.state, second.attempts) == ("queued", 0)
    assert not first.uncertain
    for message in (first, second):
        assert message.next_try_at is not None
        assert 28 < (message.next_try_at - message.created_at).total_seconds() < 36
    assert len(twilio.requests) == 1
