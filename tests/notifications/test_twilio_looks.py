"""Twilio is asked what it does not tell: a lost receipt, the price. Texts that it keeps are blanked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import count
from types import SimpleNamespace

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from notifications import looking
from notifications.models import Message
from tests.notifications.greeting import PHONE, WORDS, told
from tests.notifications.twilio_stories import bring, sent_sms
from tests.notifications.twilio_stories import told as twilio_says
from tests.servers.twilio import Plan, Refusal, TwilioStandIn
from tests.servers.twilio.plans import SILENT, undelivered

Enqueue = Callable[..., Message]
AT_ONCE = Plan(steps=((0.0, "delivered"),))


def look_after(message: Message, **later: float) -> Message:
    with time_machine.travel(timezone.now() + timedelta(**later)):
        looking.look()
    message.refresh_from_db()
    return message


def test_a_receipt_that_was_lost_is_asked_for(enqueue: Enqueue, twilio: TwilioStandIn) -> None:
    twilio.plan(PHONE, AT_ONCE)
    message = sent_sms(enqueue)
    assert looking.look() == 0
    look_after(message, seconds=21)
    assert message.state == "received"
    assert message.received_at is not None
    assert told[-1] == (message.public_id, "received", True)


def test_a_failure_that_nobody_told_is_found(enqueue: Enqueue, twilio: TwilioStandIn) -> None:
    twilio.plan(PHONE, Plan(steps=((0.0, "undelivered"),), error_code=30005))
    message = look_after(sent_sms(enqueue), seconds=21)
    assert (message.state, message.error_code, message.fault) == ("failed", "30005", "permanent")
    assert message.error == "undelivered according to Twilio (error 30005)"


def test_silence_is_asked_about_ever_less_often_and_in_the_end_no_more(
    enqueue: Enqueue, twilio: TwilioStandIn
) -> None:
    twilio.plan(PHONE, SILENT)
    message = sent_sms(enqueue)
    began = timezone.now()
    looks: list[timedelta] = []
    while message.look_again_at is not None and len(looks) < 50:
        with time_machine.travel(message.look_again_at, tick=False):
            looks.append(timezone.now() - began)
            looking.look()
        message.refresh_from_db()
    assert 10 < len(looks) < 20
    assert looks[1] - looks[0] < looks[-1] - looks[-2]
    assert (message.state, message.receipt_awaited_since) == ("sent", message.sent_at)
    assert message.text_kept, "Twilio lets nobody blank what has not ended"


def test_a_kept_text_is_blanked_after_the_receipt_and_its_price_is_learnt(
    enqueue: Enqueue, twilio: TwilioStandIn
) -> None:
    twilio.plan(PHONE, AT_ONCE)
    message = sent_sms(enqueue)
    [resource] = twilio.account.messages
    assert WORDS in resource.body
    bring(twilio_says(message, "delivered"))
    look_after(message, seconds=3)
    assert (resource.body, message.text_kept) == ("", False)
    assert (message.price, message.price_currency, message.segments) == (Decimal("0.04"), "USD", 1)
    assert message.look_again_at is None


def test_a_text_is_blanked_in_the_end_where_twilio_could_not_be_asked_at_first(
    enqueue: Enqueue, twilio: TwilioStandIn
) -> None:
    twilio.plan(PHONE, AT_ONCE)
    message = sent_sms(enqueue)
    bring(twilio_says(message, "delivered"))
    twilio.answers = [(503, Refusal(20503).body())]
    look_after(message, seconds=3)
    assert (message.text_kept, message.state) == (True, "received")
    assert not look_after(message, seconds=70).text_kept
    assert twilio.account.messages[0].body == ""


def test_where_the_account_may_twilio_keeps_no_text(
    enqueue: Enqueue, twilio: TwilioStandIn, settings: Settings
) -> None:
    settings.TWILIO_DISCARD_TEXTS = True
    message = sent_sms(enqueue)
    assert twilio.requests[0][1]["ContentRetention"] == "discard"
    assert not message.text_kept
    assert twilio.account.messages[0].body == ""


def test_where_it_may_not_after_all_the_message_goes_and_is_blanked_later(
    enqueue: Enqueue, twilio: TwilioStandIn, settings: Settings
) -> None:
    settings.TWILIO_DISCARD_TEXTS = True
    twilio.account.may_discard = False
    message = sent_sms(enqueue)
    assert message.text_kept
    assert len(twilio.account.messages) == 1


def test_a_message_that_twilio_no_longer_has_is_not_asked_about_again(
    enqueue: Enqueue, twilio: TwilioStandIn
) -> None:
    message = sent_sms(enqueue)
    twilio.account.resources.clear()
    look_after(message, seconds=21)
    assert (message.state, message.text_kept, message.look_again_at) == ("sent", False, None)


@pytest.mark.parametrize("code", [30003, 30007])
def test_an_early_receipt_beats_the_look(enqueue: Enqueue, twilio: TwilioStandIn, code: int) -> None:
    twilio.plan(PHONE, undelivered(code))
    message = sent_sms(enqueue)
    bring(twilio_says(message, "delivered"))
    assert look_after(message, seconds=30).state == "received"


def test_who_has_asked_for_a_second_leaves_the_rest_to_the_next_run(
    enqueue: Enqueue, twilio: TwilioStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else codes wait to be sent behind what is merely asked."""
    twilio.plan(PHONE, SILENT)
    for _ in range(looking.BATCH + 1):
        sent_sms(enqueue)
    Message.objects.update(look_again_at=timezone.now())
    seconds = count(0, 0.6)
    monkeypatch.setattr(looking, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    assert [looking.look() for _ in range(3)] == [looking.BATCH, 1, 0]
