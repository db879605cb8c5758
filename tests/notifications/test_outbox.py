"""A message commits with the fact it tells, and is kept without its words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks, Settings

from notifications import kinds, outbox, worker
from notifications.models import Message
from tests.notifications.greeting import KIND, WORDS, draft

Enqueue = Callable[..., Message]


@pytest.mark.django_db
def test_a_message_is_gone_when_its_fact_is_rolled_back() -> None:
    with transaction.atomic():
        outbox.enqueue_many([draft()])
        transaction.set_rollback(True)

    assert not Message.objects.exists()


@pytest.mark.django_db
def test_enqueue_writes_what_it_was_given() -> None:
    message = outbox.enqueue(
        kind=KIND,
        about="shp_7",
        to="+447400123456",
        channel="sms",
        locale="de",
        livemode=False,
        context={"n": 1},
    )

    message.refresh_from_db()
    assert message.public_id.startswith("msg_")
    assert (message.kind, message.about, message.to, message.channel) == (
        KIND,
        "shp_7",
        "+447400123456",
        "sms",
    )
    assert (message.locale, message.livemode, message.context) == ("de", False, {"n": 1})
    assert (message.state, message.attempts, message.uncertain) == ("queued", 0, False)


@pytest.mark.django_db
def test_many_messages_are_written_by_one_statement_and_in_order(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        messages = outbox.enqueue_many(draft(about=f"shp_{number}") for number in range(20))

    assert [message.about for message in messages] == [f"shp_{number}" for number in range(20)]
    assert Message.objects.count() == 20


@pytest.mark.django_db
def test_an_unknown_kind_is_refused_when_it_is_written() -> None:
    with pytest.raises(kinds.UnknownKindError):
        outbox.enqueue_many([draft(kind="nobody_registered_this")])


def test_a_message_held_back_is_sent_when_its_time_has_come(enqueue: Enqueue) -> None:
    message = enqueue(not_before=timezone.now() + timedelta(hours=1))
    assert worker.drain() == 0

    Message.objects.update(next_try_at=timezone.now())
    assert worker.drain() == 1
    message.refresh_from_db()
    assert message.state == "sent"


def test_the_row_never_holds_the_words(enqueue: Enqueue) -> None:
    enqueue(context={"html": True})
    worker.drain()

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM notifications_message")
        assert WORDS not in repr(cursor.fetchall())


@pytest.mark.django_db
def test_a_process_that_was_not_told_to_work_only_writes(
    settings: Settings, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.REDIS_URL = ""
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        outbox.enqueue_many([draft(), draft()])

    assert callbacks == [worker.wake]
    assert set(Message.objects.values_list("state", flat=True)) == {"queued"}
