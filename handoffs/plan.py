"""Planning a courier's run."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Courier, Route, Stop
from handoffs.dispatch import illegal_transition, other_mode
from handoffs.messages import send_needs_code
from orders.checking import Fault, validation_failed
from orders.models import Actor, Fact, Shipment, Status, become_all
from orders.models.shipments import ShipmentQuerySet

FURTHEST_DAY = datetime.timedelta(days=366)
ETA_FROM_DAY = datetime.timedelta(days=7)  # either way: generous to any time zone and any long haul
PLANNABLE = frozenset({Status.CREATED, Status.IN_TRANSIT, Status.ATTEMPT_FAILED})


@dataclass(frozen=True, kw_only=True)
class StopDraft:
    """A stop as somebody wants it. Without a `sequence` it comes after those that are there."""

    shipment: str
    sequence: int | None = None
    eta_from: datetime.datetime | None = None
    eta_to: datetime.datetime | None = None


def plan_route(
    *,
    within: ShipmentQuerySet,
    courier: Courier,
    date: datetime.date,
    stops: Sequence[StopDraft],
    actor: Actor,
) -> Route | Refusal:
    """Put these shipments on the courier's run of that day, which is made where there is none yet.

    A stop that a shipment has on another run is replaced. One that was only created is in transit with this.
    All or nothing: refuses with validation_failed, or with not_found or illegal_transition, which name the
    shipment.
    """
    now = timezone.now()
    faults = [*_faults_of_date(courier, date, now), *_faults_of_stops(stops), *_faults_of_hours(date, stops)]
    if faults:
        return validation_failed(*faults)
    with transaction.atomic():
        held = _hold(within, [stop.shipment for stop in stops])
        for stop in stops:
            refusal = _refusal(held.get(stop.shipment), stop.shipment)
            if refusal is not None:
                return refusal
        if not all(courier.takes_on(livemode=mode) for mode in {s.order.livemode for s in held.values()}):
            return other_mode(courier)
        route, _ = Route.objects.get_or_create(courier=courier, date=date)
        if route.closed_at is not None:
            return validation_failed(Fault("/date", "closed", "The courier's run of this day is closed."))
        _place(route, held, stops, now)
        shipped = [shipment for shipment in held.values() if shipment.status == Status.CREATED]
        fact = Fact("shipment.in_transit", actor, {"route": route.public_id})
        become_all(Status.IN_TRANSIT, {shipment: [fact] for shipment in shipped}, at=now)
        send_needs_code(shipped)
        return route


def _faults_of_date(courier: Courier, date: datetime.date, now: datetime.datetime) -> list[Fault]:
    today = courier.depot.today(now)
    if date < today:
        return [Fault("/date", "past", "This day is over at the courier's depot.")]
    if date - today > FURTHEST_DAY:
        return [Fault("/date", "too_far", "Runs are planned for a year ahead at most.")]
    return []


def _faults_of_hours(date: datetime.date, stops: Sequence[StopDraft]) -> list[Fault]:
    return [
        Fault(f"/stops/{at}/{name}", "not_near_date", "Must be within a week of the run's date.")
        for at, stop in enumerate(stops)
        for name, eta in (("eta_from", stop.eta_from), ("eta_to", stop.eta_to))
        if eta and abs(eta.date() - date) > ETA_FROM_DAY
    ]


def _faults_of_stops(stops: Sequence[StopDraft]) -> list[Fault]:
    faults, shipments, sequences = [], set(), set()
    for at, stop in enumerate(stops):
        if stop.shipment in shipments:
            faults.append(Fault(f"/stops/{at}/shipment", "repeated", "Another stop is for this shipment."))
        if stop.sequence in sequences:
            faults.append(Fault(f"/stops/{at}/sequence", "repeated", "Another stop has this place."))
        if stop.eta_from and stop.eta_to and stop.eta_to < stop.eta_from:
            faults.append(Fault(f"/stops/{at}/eta_to", "before_eta_from", "Ends before it begins."))
        shipments.add(stop.shipment)
        sequences |= {stop.sequence} - {None}
    return faults


def _hold(within: ShipmentQuerySet, shipment_ids: list[str]) -> dict[str, Shipment]:
    """Lock them in one order, so that two plans wait for one another."""
    return {each.public_id: each for each in within.filter(public_id__in=shipment_ids).locked()}


def _refusal(shipment: Shipment | None, shipment_id: str) -> Refusal | None:
    if shipment is None:
        return Refusal("not_found", "One of the shipments is not there.", {"shipment": shipment_id})
    if shipment.status in PLANNABLE:
        return None
    refusal = illegal_transition(shipment)
    return Refusal(refusal.code, members={**refusal.members, "shipment": shipment_id})


def _place(
    route: Route, held: dict[str, Shipment], stops: Sequence[StopDraft], now: datetime.datetime
) -> None:
    """Each shipment's one current stop, on this route; a few statements however many they are."""
    theirs = Stop.objects.current().filter(shipment__in=held.values())
    theirs.exclude(route=route).update(replaced_at=now)
    here = {stop.shipment_id: stop for stop in theirs.filter(route=route)}
    following = route.next_sequence()
    new: list[Stop] = []
    for draft in stops:
        shipment = held[draft.shipment]
        stop = here.get(shipment.pk)
        if stop is None:
            stop = Stop(route=route, shipment=shipment, sequence=following)
            following += 1
            new.append(stop)
        if draft.sequence is not None:
            stop.sequence = draft.sequence
        stop.eta_from, stop.eta_to = draft.eta_from, draft.eta_to
    Stop.objects.bulk_create(new)
    Stop.objects.bulk_update(here.values(), ["sequence", "eta_from", "eta_to"])
