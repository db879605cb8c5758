"""E-mail over real SMTP: what is sent, and what each answer of the server means."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from notifications import worker
from notifications.models import Message
from tests.notifications.greeting import ADDRESS, WORDS
from tests.notifications.servers import Mailbox

Enqueue = Callable[..., Message]


def test_a_plain_mail_arrives_as_it_was_written(enqueue: Enqueue, mailbox: Mailbox) -> None:
    message = enqueue()

    worker.drain()

    [mail] = mailbox.mails
    message.refresh_from_db()
    assert (mail["To"], mail["From"], mail["Subject"]) == (ADDRESS, "Acme <codes@acme.example>", "Hello")
    assert WORDS in mail.get_content()
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{message.public_id}@acme.example>" == message.provider_id


def test_html_goes_beside_the_plain_text(enqueue: Enqueue, mailbox: Mailbox) -> None:
    enqueue(context={"html": True})

    worker.drain()

    [mail] = mailbox.mails
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_a_put_off_mail_goes_on_the_next_try(enqueue: Enqueue, mailbox: Mailbox) -> None:
    mailbox.answers_to_rcpt = ["450 4.2.1 ada@example.com is busy"]
    message = enqueue()

    worker.drain()
    message.refresh_from_db()
    assert (message.state, message.uncertain) == ("queued", False)
    assert message.error == "put off by the mail server (SMTP 450)"

    Message.objects.update(next_try_at=message.created_at)
    worker.drain()
    message.refresh_from_db()
    assert (message.state, message.attempts) == ("sent", 2)


@pytest.mark.parametrize("step", ["answers_to_rcpt", "answers_to_data"])
def test_a_rejected_mail_fails_for_good_without_repeating_the_address(
    enqueue: Enqueue, mailbox: Mailbox, step: str
) -> None:
    setattr(mailbox, step, ["550 5.1.1 <ada@example.com>: user unknown"])
    message = enqueue()

    worker.drain()

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", 1)
    assert message.error == "refused by the mail server (SMTP 550)"


def test_a_reply_that_is_lost_is_tried_again_with_the_same_id_and_recorded(
    enqueue: Enqueue, mailbox: Mailbox
) -> None:
    mailbox.answers_to_data = ["hang up after taking it"]
    message = enqueue()

    worker.drain()
    message.refresh_from_db()
    assert (message.state, message.uncertain) == ("queued", True)

    Message.objects.update(next_try_at=message.created_at)
    worker.drain()
    message.refresh_from_db()
    assert (message.state, message.uncertain) == ("sent", True)
    first, second = mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_a_line_break_in_the_address_is_no_way_to_more_recipients(enqueue: Enqueue, mailbox: Mailbox) -> None:
    message = enqueue(to="ada@example.com\nBcc: eve@example.com")

    worker.drain()

    message.refresh_from_db()
    assert message.state == "failed"
    assert mailbox.mails == []
