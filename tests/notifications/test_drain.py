"""Draining sends what is due, and records what became of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from notifications import worker
from notifications.models import Message
from notifications.sending import BATCH
from tests.notifications.greeting import told
from tests.notifications.servers import Mailbox
from tests.servers.twilio import TwilioStandIn

Enqueue = Callable[..., Message]


def test_a_message_is_sent_and_its_kind_is_told_in_the_same_transaction(enqueue: Enqueue) -> None:
    message = enqueue()

    assert worker.drain() == 1

    message.refresh_from_db()
    assert (message.state, message.attempts, message.uncertain) == ("sent", 1, False)
    assert message.sent_at is not None
    assert (message.claimed_until, message.next_try_at) == (None, None)
    assert told == [(message.public_id, "sent", True)]


def test_a_message_is_sent_once_however_often_the_outbox_is_drained(
    enqueue: Enqueue, mailbox: Mailbox
) -> None:
    enqueue()

    assert [worker.drain(), worker.drain(), worker.drain()] == [1, 0, 0]
    assert len(mailbox.mails) == 1


def test_the_sandbox_sends_nothing_even_where_a_channel_is_configured(
    enqueue: Enqueue, mailbox: Mailbox, settings: Settings
) -> None:
    settings.SANDBOX = True
    message = enqueue()

    worker.drain()

    message.refresh_from_db()
    assert message.state == "sent"
    assert mailbox.mails == []


def test_what_a_test_key_made_reaches_neither_phone_nor_mailbox(
    enqueue: Enqueue, mailbox: Mailbox, twilio: TwilioStandIn
) -> None:
    enqueue(livemode=False)
    enqueue(livemode=False, channel="sms")

    assert worker.drain() == 2
    assert set(Message.objects.values_list("state", flat=True)) == {"sent"}
    assert (mailbox.mails, twilio.requests) == ([], [])


def test_a_message_with_nothing_to_say_any_more_is_dropped(enqueue: Enqueue, mailbox: Mailbox) -> None:
    message = enqueue(context={"render": "over"})

    worker.drain()

    message.refresh_from_db()
    assert message.state == "dropped"
    assert mailbox.mails == []
    assert told == [(message.public_id, "dropped", True)]


@pytest.mark.parametrize(
    ("channel", "advice"),
    [("sms", "TWILIO_ACCOUNT_SID"), ("email", "EMAIL_URL"), ("voice", "no voice channel")],
)
def test_a_real_message_without_a_channel_fails_at_once_and_says_what_to_set(
    enqueue: Enqueue, settings: Settings, channel: str, advice: str
) -> None:
    settings.SANDBOX = False
    message = enqueue(channel=channel)

    worker.drain()

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", 1)
    assert advice in message.error
    assert told == [(message.public_id, "failed", True)]


def test_a_kind_that_cannot_settle_does_not_make_the_message_go_again(
    enqueue: Enqueue, mailbox: Mailbox
) -> None:
    message = enqueue(context={"settled": "broken"})

    assert [worker.drain(), worker.drain()] == [1, 0]

    message.refresh_from_db()
    assert message.state == "sent"
    assert "ValueError" in message.error
    assert len(mailbox.mails) == 1


def test_no_more_than_the_limit_is_worked(enqueue: Enqueue) -> None:
    for _ in range(BATCH + 5):
        enqueue()

    assert worker.drain(limit=BATCH + 2) == BATCH + 2
    assert Message.objects.filter(state="queued").count() == 3


def test_another_worker_is_asked_for_only_after_a_whole_batch(enqueue: Enqueue) -> None:
    asked: list[int] = []
    for _ in range(BATCH + 1):
        enqueue()

    worker.drain(more=lambda: asked.append(Message.objects.filter(state="sending").count()))

    assert asked == [BATCH]


def test_a_worker_told_to_stop_gives_back_what_it_had_not_begun(enqueue: Enqueue) -> None:
    for _ in range(5):
        enqueue()

    assert worker.drain(stop=lambda: Message.objects.filter(state="sent").count() == 2) == 2

    states = list(Message.objects.order_by("id").values_list("state", "attempts", "uncertain"))
    assert states == [("sent", 1, False)] * 2 + [("queued", 0, False)] * 3


def test_an_idle_worker_asks_one_question(
    django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    with django_assert_num_queries(1):
        assert worker.drain() == 0
