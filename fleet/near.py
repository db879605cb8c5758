"""Whether the courier is near a door: the moment from which a code must not be late."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from fleet.models import Stop
from orders.models import Shipment, Status

AHEAD = (Status.CREATED, Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY)


def only_near(shipments: QuerySet[Shipment]) -> QuerySet[Shipment]:
    """Those at whose door a courier reports to be, or to which they come next: the stop before is closed."""
    here = Stop.objects.current().filter(shipment=OuterRef("pk"))
    before = Stop.objects.current().filter(
        route__stops__shipment=OuterRef("pk"),
        route__stops__replaced_at=None,
        sequence__lt=F("route__stops__sequence"),
    )
    nearest = before.order_by("-sequence", "-pk").values("shipment__status")[:1]
    comes_next = Q(stop_before=None) | ~Q(stop_before__in=AHEAD)
    return shipments.alias(stop_before=Subquery(nearest)).filter(
        Exists(here.exclude(arrived_at=None)) | (Exists(here) & comes_next)
    )


def has_arrived(shipment_key: int) -> bool:
    """Whether the courier who has this shipment now (its primary key) has reported to be at its door."""
    return Stop.objects.current().filter(shipment=shipment_key).exclude(arrived_at=None).exists()
