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
from notifications.models import Message, MessageCount
from tests.base import acme
from tests.notifications.greeting import PHONE, told
from tests.notifications.outbox_steps import OutboxSteps
from tests.notifications.servers import Mailbox
from tests.servers.twilio import TwilioStandIn

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
    assert "3 messages today" in messages[-1].error
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


@pytest.mark.parametrize(
    ("setting", "together", "apart"),
    [
        ("SMS_CAP_PER_PREFIX_PER_DAY", "+447400123457", "+447500123456"),
        ("SMS_CAP_PER_COUNTRY_PER_DAY", "+447500123456", "+33612345678"),
    ],
)
@pytest.mark.usefixtures("twilio")
def test_texts_to_one_range_and_to_one_country_are_capped(
    enqueue: Enqueue, settings: Settings, setting: str, together: str, apart: str
) -> None:
    setattr(settings, setting, 2)
    messages = [enqueue(channel="sms", to=to) for to in (PHONE, together, together)]
    other = enqueue(channel="sms", to=apart)
    worker.drain()
    assert states(*messages, other) == ["sent", "sent", "failed", "sent"]
    assert "as many as may in a day" in messages[-1].error


@pytest.mark.parametrize(("own", "sent"), [(None, 2), (1, 1), (0, 3)])
def test_what_goes_out_for_one_merchant_is_capped_by_them_or_by_all(
    enqueue: Enqueue, twilio: TwilioStandIn, settings: Settings, own: int | None, sent: int
) -> None:
    settings.MESSAGE_CAP_PER_ADDRESS_PER_DAY = 0
    settings.SMS_CAP_PER_MERCHANT_PER_DAY = 2
    merchant = acme(sms_a_day=own)
    messages = [enqueue(channel="sms", to=PHONE, payer=merchant.public_id) for _ in range(3)]
    worker.drain()
    assert states(*messages) == ["sent"] * sent + ["failed"] * (3 - sent)


def test_what_one_cap_refuses_is_counted_by_none(
    enqueue: Enqueue, twilio: TwilioStandIn, settings: Settings
) -> None:
    settings.SMS_CAP_PER_PREFIX_PER_DAY = 1
    for _ in range(3):
        enqueue(channel="sms", to=PHONE)
    worker.drain()
    assert set(MessageCount.objects.values_list("name", "count")) >= {("prefix", 1), ("address", 1)}


def test_another_try_of_one_message_is_counted_once(enqueue: Enqueue, mailbox: Mailbox) -> None:
    mailbox.answers_to_data = ["451 later"]
    message = enqueue()
    worker.drain()
    Message.objects.update(next_try_at=timezone.now())
    worker.drain()
    assert states(message) == ["sent"]
    assert MessageCount.objects.get().count == 1


def test_however_many_ask_at_once_as_many_go_as_may(outbox_steps: OutboxSteps) -> None:
    assert outbox_steps.run("count", "20", "5") == "5"
