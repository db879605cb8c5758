"""What an e-mail provider tells later: taken where it is proven to be its, and never backwards."""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from notifications.models import Message
from tests.notifications import greeting
from tests.notifications.greeting import ADDRESS

SECRET = "hooks:only-for-tests"
PROVIDER_ID = "b7bc2f4a-e38e-4336-af7d-e6c392c2f817"


@pytest.fixture(autouse=True)
def _provider(settings: Settings) -> None:
    settings.EMAIL_PROVIDER = "postmark"
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "only-for-tests", "WEBHOOK_SECRET": SECRET}


@pytest.fixture
def sent(enqueue: Callable[..., Message]) -> Message:
    """A mail that the provider took."""
    message = enqueue()
    Message.objects.update(
        state="sent", sent_at=message.created_at, next_try_at=None, provider_id=PROVIDER_ID
    )
    message.refresh_from_db()
    return message


def delivered(message: Message) -> dict[str, Any]:
    return told("Delivery", message, DeliveredAt="2026-11-23T01:00:00Z")


def bounced(message: Message, kind: str = "HardBounce") -> dict[str, Any]:
    return told("Bounce", message, Type=kind, BouncedAt="2026-11-23T01:00:00Z", Email=ADDRESS)


def told(record: str, message: Message, **fields: Any) -> dict[str, Any]:
    known = {"RecordType": record, "MessageID": PROVIDER_ID, "Recipient": ADDRESS}
    return {**known, "Metadata": {"message": message.public_id}, **fields}


def tell(event: object, *, secret: str = SECRET, provider: str = "postmark") -> int:
    """The status of the answer to the provider's call."""
    body = event if isinstance(event, str) else json.dumps(event)
    proof = {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"} if secret else {}
    path = f"/hooks/email/{provider}/"
    return Client().post(path, body, content_type="application/json", headers=proof).status_code


def test_a_delivery_is_written_down(sent: Message) -> None:
    assert tell(delivered(sent)) == 200
    sent.refresh_from_db()
    assert (sent.state, sent.error) == ("received", "")
    assert sent.received_at is not None
    assert greeting.told == [(sent.public_id, "received", True)]


@pytest.mark.parametrize(
    ("kind", "code", "fault"),
    [
        ("HardBounce", "bounced", "permanent"),
        ("BadEmailAddress", "invalid", "permanent"),
        ("Blocked", "blocked", "permanent"),
        ("SMTPApiError", "other", "temporary"),
    ],
)
def test_a_bounce_is_written_down_with_whose_fault_it_is(
    sent: Message, kind: str, code: str, fault: str
) -> None:
    assert tell(bounced(sent, kind)) == 200
    sent.refresh_from_db()
    assert (sent.state, sent.error_code, sent.fault) == ("failed", code, fault)
    assert ADDRESS not in sent.error


@pytest.mark.parametrize("record", ["Open", "Click", "SpamComplaint", "SubscriptionChange"])
def test_what_is_no_news_of_the_mail_s_way_changes_nothing(sent: Message, record: str) -> None:
    assert tell(told(record, sent)) == 200
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_a_delay_is_not_the_end(sent: Message) -> None:
    assert tell(bounced(sent, "Transient")) == 200
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_a_receipt_finds_its_mail_where_the_answer_to_the_sending_was_lost(sent: Message) -> None:
    Message.objects.update(provider_id="")
    assert tell(delivered(sent)) == 200
    sent.refresh_from_db()
    assert sent.state == "received"


def test_a_receipt_without_our_id_finds_its_mail_by_the_provider_s(sent: Message) -> None:
    assert tell(delivered(sent) | {"Metadata": {}}) == 200
    sent.refresh_from_db()
    assert sent.state == "received"


@pytest.mark.parametrize("secret", ["", "hooks:wrong", "hooks", ":", SECRET + "x"])
def test_what_does_not_know_the_secret_is_refused_and_changes_nothing(sent: Message, secret: str) -> None:
    assert tell(delivered(sent), secret=secret) == 403
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_without_a_secret_of_ours_nothing_is_taken(sent: Message, settings: Settings) -> None:
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "only-for-tests"}
    assert tell(delivered(sent), secret="") == 403
    assert tell(delivered(sent)) == 403


@pytest.mark.parametrize("provider", ["mailgun", "sendgrid", "nobody", "base"])
def test_there_is_no_hook_but_that_of_our_provider(sent: Message, provider: str) -> None:
    assert tell(delivered(sent), provider=provider) == 404


def test_a_provider_that_signs_needs_its_signature_besides_the_secret(
    sent: Message, settings: Settings
) -> None:
    settings.EMAIL_PROVIDER = "mailgun"
    settings.ANYMAIL = {
        "MAILGUN_API_KEY": "key",
        "MAILGUN_WEBHOOK_SIGNING_KEY": "key",
        "WEBHOOK_SECRET": SECRET,
    }
    event = {
        "signature": {"token": "t", "timestamp": "1790000000", "signature": "0" * 64},
        "event-data": {"event": "delivered", "user-variables": {"message": sent.public_id}},
    }
    assert tell(event, provider="mailgun") == 403
    sent.refresh_from_db()
    assert sent.state == "sent"


@pytest.mark.parametrize("body", ["", "not json", "[]", "{}", '{"RecordType": 7}', '"x"', "null"])
def test_what_cannot_be_read_is_no_error_of_ours(sent: Message, body: str) -> None:
    assert tell(body) in (200, 400)
    sent.refresh_from_db()
    assert sent.state == "sent"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_whatever_comes_after_the_end_changes_nothing(sent: Message, order: tuple[int, ...]) -> None:
    """A delivery, the same again, and a bounce in any order: the first one stands."""
    calls = [delivered(sent), delivered(sent), bounced(sent)]
    for number in order:
        assert tell(calls[number]) == 200
    sent.refresh_from_db()
    assert sent.state == ("failed" if order[0] == 2 else "received")
    assert len(greeting.told) == 1


def test_looking_at_the_hook_needs_no_secret_and_changes_nothing(sent: Message) -> None:
    assert Client().head("/hooks/email/postmark/").status_code == 200
    assert Client().get("/hooks/email/postmark/").status_code == 405
