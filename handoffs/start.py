"""Setting out on a run."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Device, Route, Stop
from handoffs.dispatch import send_out
from handoffs.messages import with_wishes
from handoffs.models import DeliveryAttempt
from handoffs.visit import actor_of
from orders.models import Shipment, Status
from orders.models.shipments import WITH_MERCHANT


def start(*, device: Device) -> Route | Refusal:
    """Send out all of the current route's shipments that may go, each with a living code if it needs one.

    Again, it sends out what was added since. What failed on this run stays failed: that is for `reopen`.
    Refuses with not_found where no run has begun (one planned for a later day has not), or where the device
    was revoked or its courier has left.
    """
    now = timezone.now()
    with transaction.atomic():
        route = _hold_route(device, now)
        if route is None:
            return Refusal("not_found", "You have no route to start today.")
        if route.started_at is None:
            route.started_at = now
            route.save(update_fields=["started_at"])
        send_out(_hold_waiting(route), device.courier, actor_of(device), now)
        return route


def _hold_route(device: Device, now: datetime) -> Route | None:
    current = Route.objects.current_of(device.courier, now)
    if current is None or current.date > device.courier.depot.today(now):
        return None
    return (
        Route.objects.filter(
            pk=current.pk,
            closed_at=None,
            courier__active=True,
            courier__devices=device,
            courier__devices__revoked_at=None,
        )
        .select_related("courier__depot")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )


def _hold_waiting(route: Route) -> list[Shipment]:
    """The route's shipments that may go out, in the order of their stops.

    Locked in the order of their keys, so that two who lock several never wait for each other; stops and
    failed visits are read after that, since who moves a stop or fails a visit holds its shipment.
    """
    stops = Stop.objects.current().filter(route=route)
    held = list(
        Shipment.objects.filter(pk__in=stops.values("shipment_id")).locked(with_wishes(WITH_MERCHANT))
    )
    failed_here = DeliveryAttempt.objects.filter(stop__in=stops).values("stop_id")
    places = list(
        stops.exclude(pk__in=failed_here).order_by("sequence", "pk").values_list("shipment_id", flat=True)
    )
    waiting = {shipment.pk: shipment for shipment in held if shipment.may_become(Status.OUT_FOR_DELIVERY)}
    return [waiting[place] for place in places if place in waiting]
