"""How, when, where, by whom and to whom a shipment was handed over."""

from functools import partial

from django.db import models

from api.ids import new_id
from api.times import rfc3339
from fleet.models import Courier
from handoffs.models.checks import CodeCheck
from orders.models import Shipment


class Method(models.TextChoices):
    CODE = "code"
    QR = "qr"
    DELEGATE_CODE = "delegate_code"
    ACCOUNT_RELEASE = "account_release"
    SUPERVISOR_RELEASE = "supervisor_release"
    NOT_REQUIRED = "not_required"


RELEASED = frozenset({Method.ACCOUNT_RELEASE, Method.SUPERVISOR_RELEASE})


class ReceivedBy(models.TextChoices):
    RECIPIENT = "recipient"
    DELEGATE = "delegate"
    HOUSEHOLD = "household"
    RECEPTION = "reception"
    SAFE_PLACE = "safe_place"


class ProofOfDelivery(models.Model):
    """The record of one handoff; a shipment has at most one."""

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "prf"), editable=False)
    shipment = models.OneToOneField(Shipment, on_delete=models.PROTECT, related_name="proof")
    courier = models.ForeignKey(Courier, on_delete=models.PROTECT, related_name="proofs", db_index=False)
    check_made = models.OneToOneField(CodeCheck, null=True, on_delete=models.PROTECT, related_name="proof")
    method = models.CharField(max_length=20, choices=Method)
    received_by = models.CharField(max_length=20, choices=ReceivedBy)
    delegate_number = models.PositiveSmallIntegerField(
        null=True, help_text="Whose code it was, among the shipment's delegates. Their name can be erased."
    )
    delivered_at = models.DateTimeField()
    occurred_at = models.DateTimeField(null=True)
    code_reason = models.CharField(
        max_length=20, help_text="Why a code was needed, or why not, at that moment."
    )
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    accuracy_m = models.PositiveIntegerField(null=True)
    events_head = models.CharField(max_length=64, help_text="Hash of the delivered event.")
    signature = models.TextField(
        blank=True,
        help_text="Signed at delivery, never later (docs/proof-format.md). Empty where that was before there "
        "were signatures.",
    )

    def __str__(self) -> str:
        return self.public_id

    def summary(self) -> dict[str, str]:
        """What an answer to a handoff says of the proof."""
        return {
            "id": self.public_id,
            "method": str(self.method),
            "delivered_at": rfc3339(self.delivered_at),
            "received_by": str(self.received_by),
        }
