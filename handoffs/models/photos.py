"""Pictures that a courier took at a stop."""

from functools import partial

from django.db import models

from api.ids import new_id
from fleet.models import Courier, Device
from orders.models import Shipment


class Photo(models.Model):
    """One picture as it was kept: re-encoded, without what the camera wrote into it. Used once.

    Never a photo of an identity document. Why it is kept in the database: docs/decisions/0022.
    """

    class UsedFor(models.TextChoices):
        FAIL = "fail", "failed visit"
        HANDOFF = "handoff", "handoff"
        RELEASE = "release", "release without a code"

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "pho"), editable=False)
    courier = models.ForeignKey(Courier, on_delete=models.PROTECT, related_name="photos")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="photos")
    created_at = models.DateTimeField()
    picture = models.BinaryField(null=True, help_text="JPEG. NULL once it was erased with its recipient.")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    used_at = models.DateTimeField(null=True)
    used_for = models.CharField(max_length=10, blank=True, choices=UsedFor)
    shipment = models.ForeignKey(Shipment, null=True, on_delete=models.PROTECT, related_name="photos")

    class Meta:
        default_permissions = ("view",)
        indexes = (
            models.Index(fields=("courier", "created_at"), name="photos_of_courier"),
            models.Index(
                fields=("created_at",), condition=models.Q(used_at=None), name="photos_not_used_yet"
            ),
        )
        constraints = (
            models.CheckConstraint(
                condition=models.Q(used_at=None, used_for="", shipment=None)
                | (
                    models.Q(used_at__isnull=False, shipment__isnull=False)
                    & models.Q(used_for__in=("fail", "handoff", "release"))
                ),
                name="photo_used_for_one_shipment",
            ),
        )

    def __str__(self) -> str:
        return self.public_id
