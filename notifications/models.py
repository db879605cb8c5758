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


class StoppedNumber(models.Model):
    """A phone number that has answered STOP: it gets no text message until it answers START.

    The number stays here when its recipient is forgotten: it is what keeps us from texting it again.
    """

    phone = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField(default=timezone.now)
    heard = models.BooleanField(
        default=True, help_text="It told us itself. Else the provider said so, and is asked again some day."
    )

    def __str__(self) -> str:
        return f"stopped number {self.pk}"


class InboundMessage(models.Model):
    """A text message that somebody sent us, so that it is acted on once. Neither its words nor its number."""

    provider_id = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.provider_id


class Pace(models.Model):
    """How fast one provider is asked, over all workers: see `notifications.pace`."""

    provider = models.CharField(max_length=20, unique=True)
    # In microseconds since 1970: until then, all that may be asked has been.
    spent_until = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.provider


class MessageCount(models.Model):
    """How many messages one cap has counted on one day: see `notifications.caps`.

    `whom`: an HMAC under SECRET_KEY of an address, a number's first digits, a country, or who pays.
    """

    name = models.CharField(max_length=10)
    whom = models.CharField(max_length=64)
    day = models.DateField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("name", "whom", "day"), name="one_message_count_a_day"),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.name} {self.count}"


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

    class Fault(models.TextChoices):
        PERMANENT = "permanent", "It never gets there this way"
        TEMPORARY = "temporary", "Another try, or another way, may get there"
        CONFIGURATION = "configuration", "Our own set-up has to be mended"

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
    payer = models.CharField(
        max_length=40,
        blank=True,
        default="",
        db_default="",
        help_text="Public id of whose cost it is, if it is anybody's.",
    )
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
    error_code = models.CharField(
        max_length=20,
        blank=True,
        default="",
        help_text="The provider's own code for the error, such as 21610.",
    )
    fault = models.CharField(max_length=13, choices=Fault, blank=True, default="")
    # By whom and into which country it was tried, written when a try begins: an address may be erased, what
    # was spent stays. The country (ISO 3166-1 alpha-2) is that of a number, and empty for a mailbox.
    provider = models.CharField(max_length=20, blank=True, default="", db_default="")
    country = models.CharField(max_length=3, blank=True, default="", db_default="")
    segments = models.PositiveSmallIntegerField(null=True, default=None)
    # What the provider charged, as soon as it says so; positive, in units of the currency (ISO 4217).
    price = models.DecimalField(max_digits=10, decimal_places=5, null=True, default=None)
    price_currency = models.CharField(max_length=3, blank=True, default="")
    text_kept = models.BooleanField(
        default=False, help_text="The provider still keeps the text: it has to be blanked there."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, default=None)
    received_at = models.DateTimeField(null=True, default=None)
    # Set while a channel that gives receipts owes one: what it is too long ago for has met silence.
    receipt_awaited_since = models.DateTimeField(null=True, default=None)
    # When to ask the provider itself what became of the message: a receipt may be lost, a price come late.
    look_again_at = models.DateTimeField(null=True, default=None)

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
            models.Index(fields=["created_at"], name="message_written"),
            models.Index(
                fields=["to", "sent_at"], name="message_sent_to", condition=Q(sent_at__isnull=False)
            ),
            models.Index(fields=["provider_id"], name="message_provider_id", condition=~Q(provider_id="")),
            models.Index(
                fields=["receipt_awaited_since"],
                name="message_receipt_awaited",
                condition=Q(receipt_awaited_since__isnull=False),
            ),
            models.Index(
                fields=["look_again_at"], name="message_look_again", condition=Q(look_again_at__isnull=False)
            ),
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
            models.CheckConstraint(
                condition=Q(fault__in=["", "permanent", "temporary", "configuration"]),
                name="message_fault_known",
            ),
            models.CheckConstraint(
                condition=Q(state="received") | Q(received_at__isnull=True),
                name="message_received_has_state",
            ),
            models.CheckConstraint(
                condition=Q(state="sent") | Q(receipt_awaited_since__isnull=True),
                name="message_awaiting_is_sent",
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
