"""Old messages are forgotten, a little at a time."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from notifications import retention
from notifications.models import InboundMessage, Message, MessageCount

pytestmark = pytest.mark.django_db


def old_messages(number: int, *, days: int = 100, state: Message.State = Message.State.SENT) -> list[Message]:
    at = timezone.now() - timedelta(days=days)
    next_try_at = at if state == Message.State.QUEUED else None
    fields = {"kind": "greeting", "about": "shp_1", "to": "+447400123456", "channel": "sms", "livemode": True}
    return Message.objects.bulk_create(
        Message(**fields, state=state, next_try_at=next_try_at, created_at=at) for _ in range(number)
    )


@pytest.fixture(autouse=True)
def kept_for_ninety_days(settings: Settings) -> None:
    settings.MESSAGES_KEPT_DAYS = 90


def test_what_is_older_than_it_is_kept_goes_and_the_rest_stays() -> None:
    old_messages(3)
    [young] = old_messages(1, days=89)
    assert retention.forget() == 3
    assert Message.objects.get() == young
    assert retention.forget() == 0


def test_unless_told_messages_are_kept(settings: Settings) -> None:
    settings.MESSAGES_KEPT_DAYS = 0
    old_messages(1, days=5_000)
    assert retention.forget() == 0


def test_what_is_still_to_be_sent_stays() -> None:
    old_messages(1, state=Message.State.QUEUED)
    old_messages(1)
    assert retention.forget() == 1
    assert Message.objects.get().state == Message.State.QUEUED


def test_many_go_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 10)
    old_messages(35)
    with CaptureQueriesContext(connection) as asked:
        assert retention.forget() == 35
    deletions = [each["sql"] for each in asked if each["sql"].startswith("DELETE")]
    assert len([sql for sql in deletions if '"notifications_message"' in sql]) == 4


def test_counts_of_past_days_go() -> None:
    today = timezone.now().date()
    for days in (0, 1, 3):
        MessageCount.objects.create(name="address", whom="x", day=today - timedelta(days=days), count=1)
    assert retention.forget() == 1
    assert set(MessageCount.objects.values_list("day", flat=True)) == {today, today - timedelta(days=1)}


def test_the_names_of_what_people_sent_us_go_after_a_month() -> None:
    for days in (29, 31):
        InboundMessage.objects.create(provider_id=f"SM{days}", at=timezone.now() - timedelta(days=days))
    assert retention.forget() == 1
    assert InboundMessage.objects.get().provider_id == "SM29"
