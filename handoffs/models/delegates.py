"""Who else may receive a shipment: the passes that its recipient has given."""

import datetime
from collections.abc import Sequence
from functools import partial

from django.db import models

from api.ids import new_id
from handoffs.limits import DELEGATE_NAME_LENGTH
from orders.models import Shipment


class Delegate(models.Model):
    """One pass: somebody whom the recipient lets receive instead of them, until it ends or is taken back.

    Their code and link follow from the shipment's living generation, so each generation brings them others.
    """

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "dlg"), editable=False)
    # Found by its constraint with the number.
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="delegates", db_index=False)
    number = models.PositiveSmallIntegerField(help_text="Among the shipment's, from 1. What proofs name.")
    name = models.CharField(
        max_length=DELEGATE_NAME_LENGTH, help_text="As the recipient wrote it. Empty once they were erased."
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("shipment", "number"), name="one_delegate_per_number"),
        )

    def __str__(self) -> str:
        return f"delegate {self.number} of {self.shipment_id}"

    @property
    def holder(self) -> str:
        """What their code and link are derived under."""
        return f"delegate/{self.public_id}"

    def lives(self, now: datetime.datetime) -> bool:
        """Whether the pass holds, by the clock and because nobody has taken it back."""
        return self.revoked_at is None and now < self.expires_at


def delegates_of(shipment: Shipment) -> Sequence[Delegate]:
    """All that the shipment ever had, the first first. Costs no statement where there never was one."""
    if not shipment.passes_made:
        return ()
    return tuple(Delegate.objects.filter(shipment=shipment).order_by("number"))
