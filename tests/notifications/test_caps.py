"""An address gets so many real messages a day and no more; delivery codes keep a reserve."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from handoffs.messages import DELIVERY_CODE
from notifications import kinds, worker
from notifications.models import Message
from tests.notifications.greeting import told
from tests.notifications.servers import Mailbox

Enqueue = Callable[..., Message]
CAP = 3


@pytest.fixture(autouse=True)
def _cap(settings: Settings) -> None:
    settings.MESSAGE_CAP_PER_ADDRESS_PER_DAY = CAP


def states(*messages: Message) -> list[str]:
    for message in messages:
        message.refresh_from_db()
    return [message.state for message in messages]


def test_what_is_over_the_cap_fails_for_good_and_says_why(enqueue: Enqueue, mailbox: Mailbox) -> None:
    messages = [enqueue() for _ in range(CAP + 1)]
    worker.drain()
    assert states(*messages) == ["sent"] * CAP + ["failed"]
    assert "3 messages in 24 hours" in messages[-1].error
    assert messages[-1].to not in messages[-1].error
    assert (messages[-1].public_id, "failed", True) in told
    assert len(mailbox.mails) == CAP


def test_another_address_and_the_next_day_are_counted_apart(enqueue: Enqueue, mailbox: Mailbox) -> None:
    first = [enqueue() for _ in range(CAP)]
    other = enqueue(to="bob@example.com")
    worker.drain()
    assert states(*first, other) == ["sent"] * (CAP + 1)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        tomorrow = enqueue()
        worker.drain()
    assert states(tomorrow) == ["sent"]


def test_nothing_is_capped_that_reaches_nobody(enqueue: Enqueue, mailbox: Mailbox) -> None:
    messages = [enqueue(livemode=False) for _ in range(CAP + 1)]
    worker.drain()
    assert states(*messages) == ["sent"] * (CAP + 1)
    assert not mailbox.mails


def test_a_cap_of_none_is_no_cap(enqueue: Enqueue, mailbox: Mailbox, settings: Settings) -> None:
    settings.MESSAGE_CAP_PER_ADDRESS_PER_DAY = 0
    messages = [enqueue() for _ in range(CAP + 1)]
    worker.drain()
    assert states(*messages) == ["sent"] * (CAP + 1)


def test_a_kind_with_a_reserve_still_goes(
    enqueue: Enqueue, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kinds.get(DELIVERY_CODE).has_reserve
    others = [enqueue() for _ in range(CAP)]
    worker.drain()
    greeting = kinds.get(others[0].kind)
    reserved = kinds.Kind("test_reserved", greeting.render, has_reserve=True)
    monkeypatch.setitem(kinds._kinds, "test_reserved", reserved)
    codes = [enqueue(kind="test_reserved") for _ in range(CAP + 1)]
    worker.drain()
    assert states(*codes) == ["sent"] * CAP + ["failed"]
