"""The outside world of these tests, and the outbox with nothing in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from notifications import outbox
from notifications.models import Message
from tests.notifications import greeting
from tests.notifications.outbox_steps import OutboxSteps
from tests.notifications.servers import Mailbox, mail_server
from tests.servers.databases import Databases
from tests.servers.twilio import TwilioStandIn, twilio_server


@pytest.fixture(autouse=True)
def _nothing_told() -> None:
    greeting.told.clear()


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """A mail server, configured as the e-mail channel outside the sandbox."""
    with mail_server() as server:
        settings.SANDBOX = False
        settings.EMAIL_CONFIGURED = True
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.DEFAULT_FROM_EMAIL = "Acme <codes@acme.example>"
        yield server


@pytest.fixture
def twilio(settings: Settings) -> Iterator[TwilioStandIn]:
    """A stand-in for Twilio, configured as the SMS channel outside the sandbox."""
    with twilio_server() as server:
        settings.SANDBOX = False
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC" + "0" * 32, "only-for-tests"
        settings.TWILIO_FROM, settings.TWILIO_MESSAGING_SERVICE_SID = "+15005550006", ""
        settings.TWILIO_API_BASE = server.base
        yield server


@pytest.fixture
def enqueue(db: None) -> Callable[..., Message]:
    """Writes one message to Ada, with whatever is different about it."""

    def write(**fields: object) -> Message:
        return outbox.enqueue_many([greeting.draft(**fields)])[0]

    return write


@pytest.fixture(params=["postgresql", "sqlite"])
def outbox_steps(request: pytest.FixtureRequest, databases: Databases) -> Iterator[OutboxSteps]:
    """The outbox on a database of its own, worked by processes of their own that send to a mail server."""
    with mail_server() as mailbox:
        yield OutboxSteps(databases.make(request.param), mailbox)
