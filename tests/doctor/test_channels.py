"""doctor looks at the channels, and signs in at a real mail server."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from django.utils import timezone
from pytest_django import Settings

from delivery_otp.doctor import Level
from notifications.models import Message
from tests.doctor.conftest import found, said
from tests.servers.process import free_port

USER, PASSWORD = "codes", "hush-hush"


class Door:
    """A mail server that lets one user in."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=right, handled=False)  # the answer is left to the server


@pytest.fixture
def mail(settings: Settings) -> Iterator[Settings]:
    """A mail server that asks for a password, configured as the only channel, with the right one."""
    door = Door()
    controller = Controller(
        door,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=door.authenticate,
        auth_required=True,
        auth_require_tls=False,
    )
    controller.start()
    settings.SANDBOX, settings.EMAIL_CONFIGURED = False, True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = USER, PASSWORD
    settings.DEFAULT_FROM_EMAIL = "Acme <codes@acme.example>"
    yield settings
    controller.stop()


def test_a_mail_server_that_lets_us_in_is_well(mail: Settings) -> None:
    assert said("channels") == []
    assert "The mail server lets us in." in said("channels", Level.OK)


def test_a_wrong_password_is_found_and_not_shown(mail: Settings) -> None:
    mail.EMAIL_HOST_PASSWORD = "wrong-secret"
    assert said("channels") == ["The mail server does not let us in (SMTP 535)."]
    assert "wrong-secret" not in repr(found("channels"))


def test_a_mail_server_that_is_down_is_found(mail: Settings) -> None:
    mail.EMAIL_PORT = free_port()
    assert said("channels") == ["The mail server is not reached (ConnectionRefusedError)."]


def test_a_mail_server_that_says_nothing_is_given_up_after_5_seconds(mail: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mail.EMAIL_PORT = silent.getsockname()[1]
        began = time.monotonic()
        assert said("channels") == ["The mail server is not reached (SMTPServerDisconnected)."]
    assert time.monotonic() - began < 10


def test_a_sender_that_does_not_exist_is_found(mail: Settings) -> None:
    mail.DEFAULT_FROM_EMAIL = "Delivery codes <no-reply@localhost>"
    assert said("channels") == ["E-mail would come from an address that does not exist."]


def test_no_channel_at_all_is_found(settings: Settings) -> None:
    settings.SANDBOX = False
    assert said("channels") == ["No channel is configured: no message reaches anybody."]


@pytest.mark.django_db
@pytest.mark.parametrize("missing", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_FROM"])
def test_half_a_twilio_is_found(settings: Settings, missing: str) -> None:
    settings.SANDBOX = False
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, settings.TWILIO_FROM = (
        "AC1",
        "token",
        "+15005550006",
    )
    assert said("channels") == []
    setattr(settings, missing, "")
    assert said("channels") == ["SMS is only half configured: no text message goes out."]
    assert missing in next(each.mend for each in found("channels") if each.level == Level.PROBLEM)


def test_a_sandbox_in_production_is_a_warning(settings: Settings) -> None:
    assert said("channels", Level.WARNING) == []
    settings.DEVELOPMENT = False
    assert len(said("channels", Level.WARNING)) == 1


@pytest.fixture
def twilio_settings(settings: Settings) -> Settings:
    settings.SANDBOX = False
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC1", "token"
    settings.TWILIO_FROM = "+15005550006"
    return settings


def a_text(*, days_ago: float, kept: bool) -> None:
    sent_at = timezone.now() - timedelta(days=days_ago)
    Message.objects.create(
        kind="delivery_code",
        channel="sms",
        livemode=True,
        state="sent",
        next_try_at=None,
        sent_at=sent_at,
        text_kept=kept,
    )


@pytest.mark.django_db
def test_it_says_whether_twilio_keeps_our_texts(twilio_settings: Settings) -> None:
    assert any("blanked at Twilio after their receipts" in says for says in said("channels", Level.OK))
    twilio_settings.TWILIO_DISCARD_TEXTS = True
    a_text(days_ago=0, kept=False)
    assert any("asked to discard texts" in says for says in said("channels", Level.OK))
    a_text(days_ago=0, kept=True)
    assert any("discards no texts for this account" in says for says in said("channels", Level.WARNING))


@pytest.mark.django_db
def test_texts_that_could_not_be_blanked_are_counted(twilio_settings: Settings) -> None:
    a_text(days_ago=1, kept=True)
    assert not any("still keeps" in says for says in said("channels", Level.WARNING))
    a_text(days_ago=5, kept=True)
    assert "Twilio still keeps 1 texts of more than 4 days ago." in said("channels", Level.WARNING)
