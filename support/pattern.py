"""Which couriers had the parcels for whose codes somebody had asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max
from django.utils import timezone

from fleet.models import Courier
from handoffs.rotate import Because
from orders.models import Event

COUNTED_FOR = timedelta(days=90)
SHOWN = 12


@dataclass(frozen=True)
class Asked:
    """How often recipients of this courier's parcels said so, and when they last did. It need not have been
    the courier who asked: what stands out is a number above the others'."""

    courier: Courier
    times: int
    last_at: datetime


def couriers_asked_about() -> list[Asked]:
    """Over 90 days, the most often first."""
    said = Event.objects.filter(
        type="code.rotated", data__because=str(Because.ASKED_FOR), at__gte=timezone.now() - COUNTED_FOR
    )
    counted = said.exclude(data__courier=None).values("data__courier")
    most = list(counted.annotate(times=Count("pk"), last_at=Max("at")).order_by("-times", "-last_at")[:SHOWN])
    known = Courier.objects.select_related("depot").in_bulk(
        [row["data__courier"] for row in most], field_name="public_id"
    )
    return [
        Asked(known[row["data__courier"]], row["times"], row["last_at"])
        for row in most
        if row["data__courier"] in known
    ]
