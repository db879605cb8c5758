"""Numbers that said STOP, and get no text message until they say START."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from notifications.channels.base import Permanent
from notifications.models import Message, StoppedNumber

# Twilio's code for a number that has said STOP: twilio.com/docs/api/errors/21610
STOPPED = "21610"
REASON = f"this number has answered STOP (error {STOPPED})"

# A provider that refused a number for it is tried again after so long: the START may never have reached us.
ASKED_AGAIN_AFTER = timedelta(days=7)


def stop(phone: str, *, heard: bool = True) -> None:
    """From now on no text message to this number (E.164). `heard`: it told us itself."""
    now = timezone.now()
    StoppedNumber.objects.bulk_create(
        [StoppedNumber(phone=phone, at=now, heard=heard)], ignore_conflicts=True
    )
    StoppedNumber.objects.filter(phone=phone, heard=False).update(at=now, heard=heard)


def start(phone: str) -> None:
    """Text messages may go to this number again."""
    StoppedNumber.objects.filter(phone=phone).delete()


def stopped_among(phones: Iterable[str]) -> set[str]:
    """Which of these numbers get no text message now."""
    return set(_standing().filter(phone__in=list(phones)).values_list("phone", flat=True))


def refusal(message: Message) -> Permanent | None:
    """Why a real text message may not go to its number; None where it may."""
    if message.channel != Message.Channel.SMS or not _is_real(message):
        return None
    return Permanent(REASON, error_code=STOPPED) if stopped_among([message.to]) else None


def learn_from(message: Message) -> None:
    """Keep in mind what a provider's refusal tells. What a test key made, or we refused, tells nothing."""
    told = message.error_code == STOPPED and message.error != REASON
    if told and message.channel == Message.Channel.SMS and _is_real(message):
        stop(message.to, heard=False)


def _standing() -> QuerySet[StoppedNumber]:
    return StoppedNumber.objects.filter(Q(heard=True) | Q(at__gt=timezone.now() - ASKED_AGAIN_AFTER))


def _is_real(message: Message) -> bool:
    return message.livemode and not settings.SANDBOX
