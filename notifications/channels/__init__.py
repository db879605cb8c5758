"""Which way a message goes."""

from __future__ import annotations

from django.conf import settings

from notifications.channels import email_errors, twilio_client, twilio_errors
from notifications.channels.base import Channel, Missing
from notifications.channels.email import EmailChannel
from notifications.channels.email_provider import EmailProviderChannel
from notifications.channels.sandbox import SandboxChannel
from notifications.channels.twilio import TwilioChannel
from notifications.channels.twilio_voice import TwilioVoiceChannel
from notifications.models import Message

NO_SMS = Missing(
    "no SMS channel is configured: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM or "
    "TWILIO_MESSAGING_SERVICE_SID"
)
NO_EMAIL = Missing("no e-mail channel is configured: set EMAIL_URL or EMAIL_PROVIDER")
NO_VOICE = Missing("no voice channel is configured: set TWILIO_VOICE_FROM beside the account")


def channel_for(message: Message) -> Channel:
    """The channel that this message goes by. What a test key made never reaches a phone or a mailbox."""
    return channel_of(message.channel, livemode=message.livemode)


def is_configured(channel: str, *, livemode: bool) -> bool:
    """Whether messages can go by this channel at all."""
    return not isinstance(channel_of(channel, livemode=livemode), Missing)


def channel_of(channel: str, *, livemode: bool) -> Channel:
    if settings.SANDBOX or not livemode:
        return SandboxChannel()
    if channel == Message.Channel.SMS:
        return TwilioChannel() if _twilio_may(send_by=_SENDERS) else NO_SMS
    if channel == Message.Channel.EMAIL:
        return _email()
    return TwilioVoiceChannel() if _twilio_may(send_by=_CALLERS) else NO_VOICE


def says(message: Message) -> str:
    """Why a message did not arrive, as a clause in the reader's language; empty where nobody knows."""
    if message.channel == Message.Channel.EMAIL:
        return email_errors.says(message.error_code)
    return twilio_errors.says(message.error_code)


def _email() -> Channel:
    if settings.EMAIL_PROVIDER:
        return EmailProviderChannel()
    return EmailChannel() if settings.EMAIL_CONFIGURED else NO_EMAIL


_SENDERS = ("TWILIO_FROM", "TWILIO_MESSAGING_SERVICE_SID")
_CALLERS = ("TWILIO_VOICE_FROM",)


def _twilio_may(*, send_by: tuple[str, ...]) -> bool:
    return twilio_client.is_configured() and any(getattr(settings, name) for name in send_by)
