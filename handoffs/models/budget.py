"""How many wrong codes a courier may type."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from fleet.models import Courier, Device
from handoffs.limits import COURIER_BUDGET
from handoffs.models.checks import CodeCheck


class CourierDay(models.Model):
    """One courier's wrong codes on one day of their depot, over all their devices."""

    courier = models.ForeignKey(Courier, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    wrong_codes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("courier", "day"), name="one_budget_row_a_day"),)

    def __str__(self) -> str:
        return f"{self.wrong_codes} on {self.day}"

    @classmethod
    def charge(cls, courier: Courier, day: datetime.date, holders: int = 1) -> None:
        """Count one wrong code, as often as there were codes that it could have been. Call with the courier's
        row locked."""
        if not cls.objects.filter(courier=courier, day=day).update(wrong_codes=F("wrong_codes") + holders):
            cls.objects.create(courier=courier, day=day, wrong_codes=holders)

    @classmethod
    def give_back(cls, courier_id: int, day: datetime.date, holders: int = 1) -> None:
        """Take one honest typo off again, as often as it was counted, after the shipment has closed."""
        cls.objects.filter(courier_id=courier_id, day=day, wrong_codes__gte=holders).update(
            wrong_codes=F("wrong_codes") - holders
        )


@dataclass(frozen=True)
class Standing:
    """How many wrong codes the courier's budget leaves, and whether they used this key before."""

    left: int
    knows_key: bool


def standing_of(device: Device, day: datetime.date, key_digest: str) -> Standing | None:
    """The standing of the device's courier on that day of their depot; None where the device was revoked.

    One statement for all of it, because all of it must be read after the lock: whoever waited for it sees
    here what was committed in the meantime.
    """
    used = CodeCheck.objects.filter(courier=models.OuterRef("courier"), key_digest=key_digest)
    sums = {
        f"wrong_in_{days}": Coalesce(
            Sum(
                "courier__days__wrong_codes",
                filter=models.Q(courier__days__day__gt=day - datetime.timedelta(days=days)),
            ),
            0,
        )
        for days, _ in COURIER_BUDGET
    }
    found = (
        Device.objects.filter(pk=device.pk, revoked_at=None)
        .annotate(knows_key=models.Exists(used), **sums)
        .values("knows_key", *sums)
        .first()
    )
    if found is None:
        return None
    left = min(most - found[f"wrong_in_{days}"] for days, most in COURIER_BUDGET)
    return Standing(left=left, knows_key=found["knows_key"])


def standing_by(
    day: datetime.date, wrong_codes: Iterable[tuple[datetime.date, int]], *, knows_key: bool
) -> Standing:
    """The same from the courier's days with their wrong codes, in any order, read after the lock too."""
    counted = list(wrong_codes)
    left = min(
        most - sum(wrong for at, wrong in counted if at > day - datetime.timedelta(days=days))
        for days, most in COURIER_BUDGET
    )
    return Standing(left=left, knows_key=knows_key)
