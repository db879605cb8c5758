"""Every submission at the door, and what it was told."""

from typing import ClassVar

from django.db import models

from codes.comparison import Likeness
from fleet.models import Courier, Device
from orders.models import Shipment


class CodeCheckQuerySet(models.QuerySet["CodeCheck"]):
    def of_key(self, courier: Courier, key_digest: str) -> "CodeCheck":
        """What was answered to this courier's Idempotency-Key. Raises DoesNotExist where it is new."""
        return self.get(courier=courier, key_digest=key_digest)


class CodeCheck(models.Model):
    """One submission and its result: the audit row and the idempotency record of a handoff.

    The database itself refuses UPDATE and DELETE. It holds no code: the fingerprint is keyed by the
    Idempotency-Key, which is kept only as a digest, and by the service's secret.
    """

    DELIVERED = "delivered"

    # A courier's checks are found by the constraint with the key, and nobody seeks a device's.
    courier = models.ForeignKey(Courier, on_delete=models.PROTECT, related_name="checks", db_index=False)
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="checks", db_index=False)
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="checks")
    generation = models.PositiveIntegerField(null=True)
    at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True)
    key_digest = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    result = models.CharField(max_length=40)
    likeness = models.CharField(
        max_length=20, blank=True, choices=[(kind.value, kind.name) for kind in Likeness]
    )
    holders = models.PositiveSmallIntegerField(
        null=True,
        help_text="Of a wrong code: how many had one that opened. So often it was charged to the courier.",
    )
    budget_day = models.DateField(null=True, help_text="The courier's day that was charged.")
    answer = models.JSONField(default=dict, help_text="What the answer says besides the result. No secret.")
    request_id = models.CharField(max_length=64)

    objects: ClassVar[CodeCheckQuerySet] = CodeCheckQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("courier", "key_digest"), name="one_check_per_courier_and_key"),
        )

    def __str__(self) -> str:
        return f"{self.result} at {self.at}"
