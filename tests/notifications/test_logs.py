"""Nothing that is logged holds a text or an address, whatever goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from pytest_django import Settings

from notifications import worker
from notifications.models import Message
from tests.notifications.greeting import ADDRESS, PHONE, WORDS
from tests.notifications.servers import Mailbox
from tests.servers.twilio import TwilioStandIn

Enqueue = Callable[..., Message]


def test_the_log_names_messages_by_their_public_id_only(
    enqueue: Enqueue,
    mailbox: Mailbox,
    twilio: TwilioStandIn,
    caplog: pytest.LogCaptureFixture,
    settings: Settings,
) -> None:
    caplog.set_level(logging.DEBUG)
    mailbox.answers_to_rcpt = [f"550 <{ADDRESS}> unknown"]
    twilio.answers = [(400, {"code": 21211, "message": f"{PHONE}: {WORDS}"})]
    broken = [enqueue(context={"render": "broken"}), enqueue(context={"settled": "broken"})]
    for channel, to in [("email", ADDRESS), ("email", ADDRESS), ("sms", PHONE), ("sms", PHONE)]:
        enqueue(channel=channel, to=to)

    assert worker.drain() == 6

    for message in broken:
        assert message.public_id in caplog.text
    said = "\n".join(record.getMessage() for record in caplog.records if not _is_statement(record))
    said += "\n".join(record.exc_text or "" for record in caplog.records)
    for secret in (WORDS, WORDS.replace(" ", "+"), ADDRESS, PHONE, PHONE.lstrip("+")):
        assert secret not in said


def _is_statement(record: logging.LogRecord) -> bool:
    """Django's log of SQL, which only a developer's DEBUG switches on; the test's own asyncio server."""
    return record.name in ("django.db.backends", "mail.log", "asyncio")


def test_what_a_periodic_function_raises_is_told_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def fails() -> None:
        raise ValueError(f"{WORDS} for {ADDRESS}")

    for _ in range(3):
        worker.guarded("test_fails", fails)

    [record] = caplog.records
    assert "test_fails failed (ValueError at tests.notifications.test_logs:" in record.getMessage()
    assert WORDS not in caplog.text
