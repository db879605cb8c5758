"""Closing runs whose day is over."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from fleet.models import Route, Stop
from orders.models import Status

INTERVAL_SECONDS = 600


def close_past_routes() -> int:
    """Close every run of a past day of its depot with nothing out any more. Returns how many there were."""
    now = timezone.now()
    still_out = Stop.objects.current().filter(route=OuterRef("pk"), shipment__status=Status.OUT_FOR_DELIVERY)
    somewhere_past = Route.objects.filter(closed_at=None, date__lte=now.date() + timedelta(days=1))
    candidates = somewhere_past.exclude(Exists(still_out)).select_related("courier__depot")
    past = [route.pk for route in candidates if route.date < route.courier.depot.today(now)]
    return Route.objects.filter(pk__in=past, closed_at=None).exclude(Exists(still_out)).update(closed_at=now)
