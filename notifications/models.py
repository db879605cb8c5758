"""The outbox: one row for each thing we tell a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from api.ids import new_id


def new_message_id() -> str:
    """A fresh public id of a message (`msg_…`)."""
    return new_id("msg")


class Message(models.Model):
    """Something we tell a person, and what became of it.

    The text is never stored: `kinds` renders it from `about` and `context` when it is sent. `context` holds
    nothing secret. `about` is the public id of what the message is about, not a foreign key, because this app
    knows nothing of what it carries.
    """

    class Channel(models.TextChoices):
        SMS = "sms", "SMS"
        EMAIL = "email", "E-mail"
        VOICE = "voice", "Voice call"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to be sent"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Accepted by the provider"
        RECEIVED = "received", "Received"
        FAILED = "failed", "Could not be sent"
        DROPPED = "dropped", "No longer needed"

    public_id = models.CharField(max_length=40, unique=True, default=new_message_id, editable=False)
    kind = models.CharField(max_length=64)
    about = models.CharField(max_length=64)
    to = models.CharField(max_length=320)
    channel = models.CharField(max_length=8, choices=Channel)
    locale = models.CharField(max_length=35, default="en")
    livemode = models.BooleanField()
    context: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    # Sends that were begun. Together with the state it is also the fence: a result is recorded only while
    # nobody else has begun to send the same row.
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, default=timezone.now)
    claimed_until = models.DateTimeField(null=True, default=None)
    begun_at = models.DateTimeField(null=True, default=None)
    uncertain = models.BooleanField(
        default=False,
        help_text="A crash or a lost reply left unknown whether it went; it may have gone more than once.",
    )

    provider_id = models.CharField(max_length=200, blank=True, default="")
    error = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            # Conditions on NULL rather than on the state: both PostgreSQL and SQLite can prove these from
            # a comparison with a bound value, and the indexes hold only the rows that still need work.
            models.Index(
                fields=["next_try_at", "id"], name="message_due", condition=Q(next_try_at__isnull=False)
            ),
            models.Index(
                fields=["claimed_until"], name="message_claimed", condition=Q(claimed_until__isnull=False)
            ),
            models.Index(fields=["about", "id"], name="message_about"),
            models.Index(
                fields=["to", "sent_at"], name="message_sent_to", condition=Q(sent_at__isnull=False)
            ),
            models.Index(fields=["provider_id"], name="message_provider_id", condition=~Q(provider_id="")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "sent", "received", "failed", "dropped"]),
                name="message_state_known",
            ),
            models.CheckConstraint(
                condition=Q(channel__in=["sms", "email", "voice"]), name="message_channel_known"
            ),
            models.CheckConstraint(
                condition=Q(state="queued", next_try_at__isnull=False)
                | (~Q(state="queued") & Q(next_try_at__isnull=True)),
                name="message_queued_has_next_try",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", claimed_until__isnull=False)
                | (~Q(state="sending") & Q(claimed_until__isnull=True)),
                name="message_sending_has_claim",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_settled(self) -> bool:
        """Whether our own sending is over, well or badly."""
        return self.state not in (self.State.QUEUED, self.State.SENDING)

    @property
    def reached_provider(self) -> bool:
        """Whether a provider took the message."""
        return self.state in (self.State.SENT, self.State.RECEIVED)

    @property
    def settled_or_created_at(self) -> datetime:
        """When it went out, or when it was written where it has not."""
        return self.sent_at or self.created_at
