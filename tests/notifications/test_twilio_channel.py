"""SMS by Twilio's own client, against a stand-in: what is asked, and what each answer means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from notifications import worker
from notifications.models import Message
from tests.notifications.greeting import PHONE, WORDS
from tests.servers.process import free_port
from tests.servers.twilio import TwilioStandIn

Enqueue = Callable[..., Message]


@pytest.fixture
def sms(enqueue: Enqueue) -> Message:
    return enqueue(channel="sms", to=PHONE)


def test_an_sms_is_asked_for_with_its_text_and_sender(sms: Message, twilio: TwilioStandIn) -> None:
    worker.drain()

    [(path, form)] = twilio.requests
    sms.refresh_from_db()
    assert path == f"/2010-04-01/Accounts/AC{'0' * 32}/Messages.json"
    assert (form["To"], form["From"]) == (PHONE, "+15005550006")
    assert WORDS in form["Body"]
    assert (sms.state, sms.provider_id) == ("sent", f"SM{1:032d}")


def test_a_messaging_service_goes_before_a_number(
    sms: Message, twilio: TwilioStandIn, settings: Settings
) -> None:
    settings.TWILIO_MESSAGING_SERVICE_SID = "MG" + "0" * 32

    worker.drain()

    [(_, form)] = twilio.requests
    assert form["MessagingServiceSid"] == "MG" + "0" * 32
    assert "From" not in form


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (400, 21211, ("failed", False)),
        (401, 20003, ("failed", False)),
        (429, 20429, ("queued", False)),
        (500, 20500, ("queued", True)),
        (503, 20503, ("queued", True)),
    ],
)
def test_twilio_s_refusals_mean_what_their_status_says(
    sms: Message, twilio: TwilioStandIn, status: int, code: int, outcome: tuple[str, bool]
) -> None:
    body: dict[str, Any] = {"status": status, "code": code, "message": f"The number {PHONE} is not valid"}
    twilio.answers = [(status, body)]

    worker.drain()

    sms.refresh_from_db()
    assert (sms.state, sms.uncertain) == outcome
    assert sms.error == f"refused by Twilio (HTTP {status}, error {code})"


def test_a_dropped_reply_is_tried_again_and_recorded_as_uncertain(
    sms: Message, twilio: TwilioStandIn
) -> None:
    twilio.answers = [(0, None)]

    worker.drain()
    sms.refresh_from_db()
    assert (sms.state, sms.uncertain, len(twilio.requests)) == ("queued", True, 1)

    Message.objects.update(next_try_at=sms.created_at)
    worker.drain()
    sms.refresh_from_db()
    assert (sms.state, sms.uncertain) == ("sent", True)


def test_a_twilio_that_cannot_be_reached_certainly_did_not_send(
    sms: Message, twilio: TwilioStandIn, settings: Settings
) -> None:
    settings.TWILIO_API_BASE = f"http://127.0.0.1:{free_port()}"

    worker.drain()

    sms.refresh_from_db()
    assert (sms.state, sms.uncertain) == ("queued", False)
    assert sms.error == "Twilio not reached (ConnectionError)"
