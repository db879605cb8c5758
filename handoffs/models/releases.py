"""Handing over without a code: what the courier asked for, and what each member of staff said to it."""

import datetime
from functools import partial
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from api.ids import new_id
from fleet.models import Courier, Device, Stop
from handoffs.models.photos import Photo
from orders.models import Shipment


class ReleaseState(models.TextChoices):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


OPEN = (ReleaseState.WAITING, ReleaseState.APPROVED)


class ReleaseRequestQuerySet(models.QuerySet["ReleaseRequest"]):
    def open(self) -> Self:
        """Waiting for staff, or approved and not used. At most one of a shipment, which knows that it has one
        (`Shipment.release_open`)."""
        return self.filter(state__in=OPEN, used_at=None)

    def asked(self) -> Self:
        """Those that a courier asked staff for."""
        return self.filter(account=None)

    def approved_since(self, day: datetime.date) -> Self:
        """Those approved after this day of the depot, whatever became of them then."""
        return self.filter(approved_day__gt=day)


class ReleaseRequest(models.Model):
    """A courier at a door asks to hand over without the code; or the recipient lets them, from their account.
    It counts for this courier and this visit only.

    `expires_at` is the end of the waiting, and once approved the end of the time to hand over. The clock
    decides; the sweep only writes down what it has decided (`state_at`).
    """

    class Reason(models.TextChoices):
        NOT_RECEIVED = "not_received"
        PHONE_UNUSABLE = "phone_unusable"
        CANNOT_READ = "cannot_read"
        LOCKED = "locked"
        OTHER = "other"

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "rel"), editable=False)
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="releases")
    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, related_name="releases")
    courier = models.ForeignKey(Courier, on_delete=models.PROTECT, related_name="releases")
    device = models.ForeignKey(Device, null=True, on_delete=models.PROTECT, related_name="releases")
    account = models.ForeignKey(
        User,
        null=True,
        on_delete=models.PROTECT,
        related_name="releases",
        help_text="The recipient's, where they gave it themselves. Then nobody of staff decides.",
    )
    reason = models.CharField(max_length=20, choices=Reason, blank=True)
    note = models.CharField(max_length=500, blank=True)
    identity_seen = models.BooleanField(
        default=False, help_text="The courier says that they saw an identity document. No picture of it."
    )
    photo = models.OneToOneField(Photo, null=True, on_delete=models.PROTECT, related_name="release")
    state = models.CharField(max_length=10, choices=ReleaseState, default=ReleaseState.WAITING)
    approvals_needed = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    approved_day = models.DateField(null=True, help_text="The depot's day on which it counts as a release.")
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[ReleaseRequestQuerySet] = ReleaseRequestQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("shipment",),
                condition=Q(state__in=OPEN, used_at=None),
                name="one_open_release_per_shipment",
            ),
            models.CheckConstraint(
                condition=Q(identity_seen=True) | Q(photo__isnull=False) | Q(account__isnull=False),
                name="release_has_evidence",
            ),
            models.CheckConstraint(
                condition=Q(account=None, device__isnull=False, approvals_needed__in=(1, 2))
                | (
                    Q(account__isnull=False, device=None, approvals_needed=0) & ~Q(state=ReleaseState.WAITING)
                ),
                name="release_decided_by_staff_or_given",
            ),
            models.CheckConstraint(
                condition=Q(used_at=None) | Q(state=ReleaseState.APPROVED), name="release_used_only_approved"
            ),
            models.CheckConstraint(
                condition=~Q(state=ReleaseState.APPROVED)
                | Q(approved_day__isnull=False)
                | Q(account__isnull=False),
                name="release_approved_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state=ReleaseState.WAITING, decided_at=None)
                | (~Q(state=ReleaseState.WAITING) & Q(decided_at__isnull=False)),
                name="release_decided_iff_not_waiting",
            ),
        )
        indexes = (
            models.Index(
                fields=("expires_at",),
                condition=Q(state__in=OPEN, used_at=None),
                name="open_release_by_expiry",
            ),
            models.Index(fields=("courier", "approved_day"), name="release_by_courier_and_day"),
        )

    def __str__(self) -> str:
        return self.public_id

    def state_at(self, now: datetime.datetime) -> ReleaseState:
        """How it stands by the clock. Used or not, an approved one was approved."""
        over = self.state in OPEN and self.used_at is None and now >= self.expires_at
        return ReleaseState.EXPIRED if over else ReleaseState(self.state)

    def is_waiting(self, now: datetime.datetime) -> bool:
        return self.state_at(now) == ReleaseState.WAITING

    def is_usable(self, now: datetime.datetime) -> bool:
        """Whether it lets the courier hand over now."""
        return self.state_at(now) == ReleaseState.APPROVED and self.used_at is None


class ReleaseApproval(models.Model):
    """What one member of staff said to a request, once. The database itself refuses UPDATE and DELETE."""

    class Verdict(models.TextChoices):
        APPROVED = "approved"
        REFUSED = "refused"

    request = models.ForeignKey(ReleaseRequest, on_delete=models.PROTECT, related_name="approvals")
    staff = models.ForeignKey(User, on_delete=models.PROTECT, related_name="release_approvals")
    verdict = models.CharField(max_length=10, choices=Verdict)
    reason = models.CharField(max_length=300, help_text="Names no person, contact or code.")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("request", "staff"), name="one_verdict_per_staff_and_release"),
        )

    def __str__(self) -> str:
        return f"{self.verdict} at {self.at}"
