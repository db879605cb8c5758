"""E-mail by a provider's web API, through the real django-anymail: what it gets, what its answers mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from notifications import worker
from notifications.models import Message
from tests.notifications.greeting import ADDRESS, WORDS
from tests.notifications.postmark import HANG_UP, PostmarkStandIn, postmark_server
from tests.servers.process import free_port

Enqueue = Callable[..., Message]


@pytest.fixture
def provider(settings: Settings) -> Iterator[PostmarkStandIn]:
    """A provider, configured as the e-mail channel outside the sandbox."""
    with postmark_server() as server:
        settings.SANDBOX, settings.EMAIL_CONFIGURED, settings.EMAIL_PROVIDER = False, True, "postmark"
        settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
        settings.ANYMAIL = {
            "POSTMARK_SERVER_TOKEN": "only-for-tests",
            "POSTMARK_API_URL": server.base,
            "REQUESTS_TIMEOUT": 2,
        }
        settings.DEFAULT_FROM_EMAIL = "Acme <codes@acme.example>"
        yield server


def test_the_provider_is_given_the_mail_and_its_name_for_it_is_kept(
    enqueue: Enqueue, provider: PostmarkStandIn
) -> None:
    message = enqueue(context={"html": True})

    worker.drain()

    [mail] = provider.mails
    message.refresh_from_db()
    assert (mail["To"], mail["From"], mail["Subject"]) == (ADDRESS, "Acme <codes@acme.example>", "Hello")
    assert WORDS in mail["TextBody"]
    assert WORDS in mail["HtmlBody"]
    assert (message.state, message.provider_id) == ("sent", "b7bc2f4a-e38e-4336-af7d-000000000001")


def test_nobody_counts_who_opens_or_clicks(enqueue: Enqueue, provider: PostmarkStandIn) -> None:
    enqueue()

    worker.drain()

    [mail] = provider.mails
    assert (mail["TrackOpens"], mail["TrackLinks"]) == (False, "None")


def test_the_mail_carries_the_message_s_id_so_that_a_receipt_finds_it(
    enqueue: Enqueue, provider: PostmarkStandIn
) -> None:
    message = enqueue()

    worker.drain()

    assert provider.mails[0]["Metadata"] == {"message": message.public_id}


@pytest.mark.parametrize(
    ("status", "body", "state", "uncertain"),
    [
        (422, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'ada@example.com'."}, "failed", False),
        (401, {"ErrorCode": 10, "Message": "Bad or missing server token"}, "failed", False),
        (429, {}, "queued", False),
        (500, {"ErrorCode": 0, "Message": "ada@example.com broke us"}, "queued", True),
        (200, {"half": "an answer"}, "queued", True),
        (HANG_UP, {}, "queued", True),
    ],
)
def test_each_answer_has_its_meaning_and_its_words_are_not_kept(  # noqa: PLR0917
    enqueue: Enqueue,
    provider: PostmarkStandIn,
    status: int,
    body: object,
    state: str,
    uncertain: bool,
) -> None:
    provider.answers = [(status, body)]
    message = enqueue()

    worker.drain()

    message.refresh_from_db()
    assert (message.state, message.uncertain) == (state, uncertain), message.error
    assert ADDRESS not in message.error
    assert message.error


def test_an_address_that_the_provider_does_not_send_to_fails_for_good(
    enqueue: Enqueue, provider: PostmarkStandIn
) -> None:
    inactive = (
        "You tried to send to a recipient that has been marked as inactive.\n"
        "Found inactive addresses: ada@example.com.\nInactive recipients are ones that have generated a "
        "hard bounce or a spam complaint."
    )
    provider.answers = [(422, {"ErrorCode": 406, "Message": inactive})]
    message = enqueue()

    worker.drain()

    message.refresh_from_db()
    assert (message.state, message.attempts) == ("failed", 1)
    assert "does not send to this address" in message.error


def test_a_provider_that_is_not_reached_certainly_has_nothing(
    enqueue: Enqueue, provider: PostmarkStandIn, settings: Settings
) -> None:
    settings.ANYMAIL = settings.ANYMAIL | {"POSTMARK_API_URL": f"http://127.0.0.1:{free_port()}/"}
    message = enqueue()

    worker.drain()

    message.refresh_from_db()
    assert (message.state, message.uncertain) == ("queued", False), message.error


def test_a_provider_without_its_key_fails_and_says_where_to_look(
    enqueue: Enqueue, provider: PostmarkStandIn, settings: Settings
) -> None:
    settings.ANYMAIL = {}
    message = enqueue()

    worker.drain()

    message.refresh_from_db()
    assert (message.state, message.error) == ("failed", "the e-mail provider is not set up: see doctor")


def test_a_line_break_in_the_address_is_no_way_to_more_recipients(
    enqueue: Enqueue, provider: PostmarkStandIn
) -> None:
    message = enqueue(to="ada@example.com\nBcc: eve@example.com")

    worker.drain()

    message.refresh_from_db()
    assert message.state == "failed"
    assert provider.mails == []
