"""Where a shipment is, in words and as a line of steps. Nothing here is personal: a bare link is shared."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fleet.models import Stop
from fleet.near import only_near
from handoffs.plan import ETA_FROM_DAY
from orders.models import Event, Shipment, Status


class Mark(StrEnum):
    DONE = "done"
    NOW = "now"
    STUCK = "stuck"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Step:
    """One step of the line, and when it was reached."""

    label: str | Promise
    mark: Mark
    at: datetime | None


@dataclass(frozen=True)
class Expected:
    """The day on which the courier comes, at the depot, and the hours where they are known."""

    day: date
    is_today: bool
    is_tomorrow: bool
    eta_from: datetime | None
    eta_to: datetime | None


LABELS: dict[Status, str | Promise] = {
    Status.CREATED: _("Ordered"),
    Status.IN_TRANSIT: _("On its way"),
    Status.OUT_FOR_DELIVERY: _("Out for delivery"),
    Status.ATTEMPT_FAILED: _("Not handed over"),
    Status.DELIVERED: _("Delivered"),
    Status.RETURNING: _("Going back"),
    Status.RETURNED: _("Back at the shop"),
    Status.CANCELLED: _("Cancelled"),
}
EVENTS = {
    "order.created": Status.CREATED,
    "shipment.in_transit": Status.IN_TRANSIT,
    "shipment.out_for_delivery": Status.OUT_FOR_DELIVERY,
    "shipment.attempt_failed": Status.ATTEMPT_FAILED,
    "shipment.delivered": Status.DELIVERED,
    "shipment.returning": Status.RETURNING,
    "shipment.returned": Status.RETURNED,
    "shipment.cancelled": Status.CANCELLED,
}
USUAL = (Status.CREATED, Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY, Status.DELIVERED)
PATHS: dict[Status, tuple[Status, ...]] = {
    Status.ATTEMPT_FAILED: (Status.CREATED, Status.IN_TRANSIT, Status.ATTEMPT_FAILED, Status.DELIVERED),
    Status.RETURNING: (Status.CREATED, Status.ATTEMPT_FAILED, Status.RETURNING, Status.RETURNED),
    Status.RETURNED: (Status.CREATED, Status.ATTEMPT_FAILED, Status.RETURNING, Status.RETURNED),
    Status.CANCELLED: (Status.CREATED, Status.CANCELLED),
}
STOPPED = frozenset({Status.ATTEMPT_FAILED, Status.CANCELLED})
ARRIVED = frozenset({Status.DELIVERED, Status.RETURNED})


def steps_of(shipment: Shipment) -> list[Step]:
    """The line from the order to where the shipment is, and what lies ahead."""
    status = Status(shipment.status)
    path = PATHS.get(status, USUAL)
    reached = _reached(shipment)
    place = path.index(status)
    return [
        Step(LABELS[step], _mark(index, place, status), reached.get(step) if index <= place else None)
        for index, step in enumerate(path)
    ]


def _mark(index: int, place: int, status: Status) -> Mark:
    if index < place:
        return Mark.DONE
    if index > place:
        return Mark.AHEAD
    if status in STOPPED:
        return Mark.STUCK
    return Mark.DONE if status in ARRIVED else Mark.NOW


def _reached(shipment: Shipment) -> dict[Status, datetime]:
    """When each status was reached; the last time, where it was more than once."""
    events = Event.objects.filter(shipment=shipment, type__in=EVENTS).order_by("sequence")
    return {EVENTS[kind]: at for kind, at in events.values_list("type", "at")}


def stop_of(shipment: Shipment) -> Stop | None:
    """Where it stands on a courier's run, while it may be handed over there; with `is_near`: whether the
    courier is at this door, or comes to it next."""
    if shipment.status not in (Status.CREATED, Status.IN_TRANSIT, Status.OUT_FOR_DELIVERY):
        return None
    stops = Stop.objects.current().filter(shipment=shipment).select_related("route__courier__depot")
    near = Exists(only_near(Shipment.objects.filter(pk=OuterRef("shipment"))))
    stop = stops.annotate(is_near=near).first()
    if stop is not None:
        stop.shipment = shipment
    return stop


def expected_of(stop: Stop | None, now: datetime) -> Expected | None:
    """When the courier is to come; None where no route says so, or its day is past."""
    if stop is None:
        return None
    day, today = stop.route.date, stop.route.courier.depot.today(now)
    if day < today:
        return None
    hours = (_if_near(stop.eta_from, day), _if_near(stop.eta_to, day))
    return Expected(day, day == today, day == today + timedelta(days=1), *hours)


def _if_near(eta: datetime | None, day: date) -> datetime | None:
    """Hours of another time than the run's tell nobody anything; at the calendar's end they have no local
    time."""
    return eta if eta and abs(eta.date() - day) <= ETA_FROM_DAY else None
