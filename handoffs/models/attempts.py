"""Visits that did not end in a handoff."""

from django.db import models

from fleet.models import Stop


class DeliveryAttempt(models.Model):
    """One failed visit. Never a wrong code."""

    class Reason(models.TextChoices):
        ABSENT = "absent"
        REFUSED = "refused"
        ADDRESS = "address"
        DAMAGED = "damaged"
        MISSING = "missing"
        NO_CODE = "no_code"
        UNSAFE = "unsafe"
        NOT_ATTEMPTED = "not_attempted"

    class Blameless(models.TextChoices):
        """What kept the courier from handing over, where it was not theirs to change."""

        RELEASE_UNANSWERED = "release_unanswered"
        RELEASE_REFUSED = "release_refused"

    stop = models.ForeignKey(Stop, on_delete=models.PROTECT, related_name="failed_visits")
    reason = models.CharField(max_length=20, choices=Reason)
    blameless = models.CharField(
        max_length=20, choices=Blameless, blank=True, help_text="Empty: nothing speaks for or against them."
    )
    note = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    accuracy_m = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.reason
