"""Which way a message goes."""

from __future__ import annotations

from django.conf import settings

from notifications.channels.base import Channel, Missing
from notifications.channels.email import EmailChannel
from notifications.channels.email_provider import EmailProviderChannel
from notifications.channels.sandbox import SandboxChannel
from notifications.channels.twilio import TwilioChannel
from notifications.models import Message

NO_SMS = Missing(
    "no SMS channel is configured: set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM or "
    "TWILIO_MESSAGING_SERVICE_SID"
)
NO_EMAIL = Missing("no e-mail channel is configured: set EMAIL_URL or EMAIL_PROVIDER")
NO_VOICE = Missing("no voice channel is configured")


def channel_for(message: Message) -> Channel:
    """The channel that this message goes by. What a test key made never reaches a phone or a mailbox."""
    if settings.SANDBOX or not message.livemode:
        return SandboxChannel()
    if message.channel == Message.Channel.SMS:
        return TwilioChannel() if _twilio_is_configured() else NO_SMS
    if message.channel == Message.Channel.EMAIL:
        return _email()
    return NO_VOICE


def _email() -> Channel:
    if settings.EMAIL_PROVIDER:
        return EmailProviderChannel()
    return EmailChannel() if settings.EMAIL_CONFIGURED else NO_EMAIL


def _twilio_is_configured() -> bool:
    sender = settings.TWILIO_FROM or settings.TWILIO_MESSAGING_SERVICE_SID
    return bool(settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN and sender)
