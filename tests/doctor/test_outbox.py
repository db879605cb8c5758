"""doctor looks at the outbox: what is late, and what has failed?"""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from delivery_otp.doctor import Level
from notifications.models import Message
from tests.doctor.conftest import said

pytestmark = pytest.mark.django_db


def a_message(**fields: Any) -> Message:
    usual = {"kind": "k", "about": "shp_1", "to": "+447400123456", "channel": "sms", "livemode": True}
    return Message.objects.create(**usual | fields)


def due(minutes_ago: float) -> Message:
    return a_message(next_try_at=timezone.now() - timedelta(minutes=minutes_ago))


def test_what_is_due_just_now_is_not_late() -> None:
    due(0.1)
    a_message(next_try_at=timezone.now() + timedelta(days=1))
    assert said("outbox") == said("outbox", Level.WARNING) == []


def test_what_waits_for_minutes_is_a_warning() -> None:
    due(5)
    assert said("outbox", Level.WARNING) == ["The oldest message that is due has waited for 5 minutes."]


def test_what_waits_for_long_is_a_problem() -> None:
    due(16)
    assert said("outbox") == ["The oldest message that is due has waited for 16 minutes."]


def test_what_a_lost_worker_had_claimed_counts_too() -> None:
    long_ago = timezone.now() - timedelta(minutes=20)
    a_message(state="sending", next_try_at=None, claimed_until=long_ago)
    assert said("outbox") == ["The oldest message that is due has waited for 20 minutes."]


def test_what_failed_in_the_last_day_is_counted_without_addresses() -> None:
    a_message(state="failed", next_try_at=None)
    a_message(state="failed", next_try_at=None, channel="email", to="ada@example.com")
    a_message(state="failed", next_try_at=None, created_at=timezone.now() - timedelta(days=2))
    warnings = said("outbox", Level.WARNING)
    assert warnings == ["Messages of the last day that failed for good: 1 by email, 1 by sms."]
