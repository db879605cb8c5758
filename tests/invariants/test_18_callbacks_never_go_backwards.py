"""18: Forged, replayed or out-of-order provider callbacks change nothing, or never go backwards."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from delivery_otp.invariants import broken
from notifications.models import InboundMessage, Message, StoppedNumber
from tests.customers.stories import everything
from tests.notifications import greeting
from tests.notifications.greeting import PHONE
from tests.notifications.twilio_stories import bring, forged, sent_sms, texted, told
from tests.servers.twilio import Callback, TwilioStandIn

pytestmark = pytest.mark.django_db
Enqueue = Callable[..., Message]

LADDER = {"queued": 0, "sending": 1, "sent": 2, "received": 3, "failed": 3}


@pytest.mark.parametrize("end", ["delivered", "undelivered"])
def test_whatever_the_order_of_five_callbacks_a_message_only_moves_on(
    enqueue: Enqueue,
    twilio: TwilioStandIn,
    settings: Settings,
    end: str,
) -> None:
    settings.MESSAGE_CAP_PER_ADDRESS_PER_DAY = 0
    statuses = ["queued", "sending", "sent", end, end]
    settled = "received" if end == "delivered" else "failed"
    for order in sorted(set(permutations(statuses))):
        message = sent_sms(enqueue)
        greeting.told.clear()
        for status in order:
            before = message.state
            assert bring(told(message, status, code=30005)).status_code == 204
            message.refresh_from_db()
            assert LADDER[message.state] >= LADDER[before], order
            assert message.state == (settled if settled in (before, message.state) else "sent"), order
        assert message.state == settled, order
        assert greeting.told == [(message.public_id, settled, True)], order
    assert list(broken()) == []


@pytest.mark.parametrize(("first", "then"), [("delivered", "undelivered"), ("failed", "delivered")])
def test_the_first_end_that_is_told_is_the_end(
    enqueue: Enqueue,
    twilio: TwilioStandIn,
    first: str,
    then: str,
) -> None:
    message = sent_sms(enqueue)
    bring(told(message, first))
    after_first = everything()
    for _ in range(2):
        assert bring(told(message, then, code=30003)).status_code == 204
    assert everything() == after_first


def requests(message: Message, stand_in: TwilioStandIn) -> list[Callback]:
    return [told(message, "delivered"), told(message, "failed", code=30003), texted(stand_in, "STOP")]


def test_a_forged_request_is_refused_and_changes_nothing(
    enqueue: Enqueue,
    twilio: TwilioStandIn,
    client: Client,
) -> None:
    message = sent_sms(enqueue)
    before = everything()
    for callback in requests(message, twilio):
        altered = callback.form | {"MessageStatus": "undelivered", "Body": "START"}
        unsigned: list[dict[str, str]] = [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "é" * 28}]
        assert bring(forged(callback)).status_code == 403
        assert (
            bring(Callback(callback.url, altered, callback.token), None, callback.headers).status_code == 403
        )
        for headers in unsigned:
            assert _posted(client, callback, headers).status_code == 403
        assert client.get(callback.url, headers=callback.headers).status_code == 405
    assert everything() == before


def _posted(client: Client, callback: Callback, headers: dict[str, str]) -> Any:
    return client.post(callback.url.partition("8000")[2], callback.form, headers=headers)


def test_without_a_token_of_ours_nothing_counts_as_signed(
    enqueue: Enqueue,
    twilio: TwilioStandIn,
    settings: Settings,
) -> None:
    message = sent_sms(enqueue)
    settings.TWILIO_AUTH_TOKEN = ""
    callback = Callback(told(message, "delivered").url, told(message, "delivered").form, "")
    assert bring(callback).status_code == 403
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_text_message_that_is_replayed_undoes_nothing(
    twilio: TwilioStandIn,
) -> None:
    stop = texted(twilio, "STOP")
    assert bring(stop).status_code == 200
    bring(texted(twilio, "START"))
    before = everything()
    assert bring(stop).status_code == 200
    assert everything() == before
    assert not StoppedNumber.objects.filter(phone=PHONE).exists()
    assert InboundMessage.objects.count() == 2


def test_a_receipt_for_a_message_that_nobody_knows_is_taken_and_forgotten(
    twilio: TwilioStandIn,
) -> None:
    unknown = Message(provider_id="SM" + "f" * 32, to=PHONE)
    before = everything()
    assert bring(told(unknown, "delivered")).status_code == 204
    assert everything() == before
