"""Sending a shipment out with a courier."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Courier, Route, Stop
from handoffs.issue import issue_all, issued, may_issue
from handoffs.messages import Telling, send_codes
from handoffs.models import DeliveryCode
from handoffs.release.expire import withdraw_release
from orders.checking import Fault, validation_failed
from orders.models import Actor, Fact, Shipment, Status, become_all, record_all
from orders.models.shipments import ShipmentQuerySet
from orders.need import RAISED, raised_among


def dispatch(
    *, within: ShipmentQuerySet, shipment_id: str, courier: Courier, actor: Actor
) -> Shipment | Refusal:
    """Put the shipment on the courier's route of today and out for delivery; issue its code if it needs one.

    One that is out already is reassigned, with the same code. Refuses with not_found, illegal_transition or,
    where the courier carries test parcels and this is a real one or the other way round, validation_failed.
    """
    now = timezone.now()
    with transaction.atomic():
        shipment = within.hold(shipment_id)
        if shipment is None:
            return Refusal("not_found")
        if not (shipment.is_out or shipment.may_become(Status.OUT_FOR_DELIVERY)):
            return illegal_transition(shipment)
        if not courier.takes_on(livemode=shipment.order.livemode):
            return other_mode(courier)
        route = route_of_today(courier, now)
        if shipment.is_out and Stop.objects.current().filter(route=route, shipment=shipment).exists():
            return shipment
        withdraw_release(shipment, now)
        place_on(route, shipment, now)
        send_out([shipment], courier, actor, now)
        return shipment


def send_out(
    shipments: Sequence[Shipment], courier: Courier, actor: Actor, now: datetime, *, repeat: bool = True
) -> None:
    """Make held shipments that are on this courier's route out for delivery, with living codes where needed;
    a few statements however many they are.

    `repeat`: whether a code that lived before is told again; a new one always is.
    """
    out_before = {shipment for shipment in shipments if shipment.is_out}
    raise_need(shipments)
    living, new = _living_codes([shipment for shipment in shipments if shipment.code_required], now)
    told = {
        shipment: [
            _went_out(courier, actor, reassigned=shipment in out_before),
            *(issued(new[shipment]) if shipment in new else ()),
        ]
        for shipment in shipments
    }
    record_all({shipment: told[shipment] for shipment in out_before}, at=now)
    begun = {shipment: facts for shipment, facts in told.items() if shipment not in out_before}
    become_all(Status.OUT_FOR_DELIVERY, begun, at=now)
    again = {shipment: code for shipment, code in living.items() if repeat and shipment not in out_before}
    tellings = [Telling(shipment, code) for shipment, code in again.items()]
    tellings += [Telling(shipment, code, renewed=code.generation > 1) for shipment, code in new.items()]
    send_codes(tellings, now=now)


def _went_out(courier: Courier, actor: Actor, *, reassigned: bool) -> Fact:
    data = {"courier": courier.public_id, "reassigned": reassigned}
    return Fact("shipment.out_for_delivery", actor, data)


def illegal_transition(shipment: Shipment) -> Refusal:
    return Refusal("illegal_transition", members={"shipment_status": str(shipment.status)})


def other_mode(courier: Courier) -> Refusal:
    kinds = ("test", "live") if courier.livemode is False else ("live", "test")
    detail = "This courier carries {} parcels, so no {} one can be given to them.".format(*kinds)
    return validation_failed(Fault("/courier", "other_mode", detail))


def route_of_today(courier: Courier, now: datetime) -> Route:
    """The courier's route of the depot's day, made where there is none."""
    route, _ = Route.objects.get_or_create(courier=courier, date=courier.depot.today(now))
    return route


def place_on(route: Route, shipment: Shipment, now: datetime) -> Stop:
    """The shipment's stop on this route; a stop elsewhere is replaced by it."""
    Stop.objects.current().filter(shipment=shipment).exclude(route=route).update(replaced_at=now)
    stop = Stop.objects.current().filter(route=route, shipment=shipment).first()
    return stop or Stop.objects.create(route=route, shipment=shipment, sequence=route.next_sequence())


def raise_need(shipments: Iterable[Shipment]) -> None:
    """The recipients' other open parcels may have lifted these over the line since they were ordered."""
    raised = raised_among(shipments)
    for shipment in raised:
        shipment.code_required, shipment.code_reason = RAISED.required, RAISED.reason
    if raised:
        here = Shipment.objects.filter(pk__in=[shipment.pk for shipment in raised])
        here.update(code_required=RAISED.required, code_reason=RAISED.reason)


Codes = dict[Shipment, DeliveryCode]


def _living_codes(shipments: Sequence[Shipment], now: datetime) -> tuple[Codes, Codes]:
    """The codes that open today: those that did before, and those that are new. A shipment that has no
    attempts left is in neither."""
    latest = DeliveryCode.objects.latest_of_all(shipments)
    living = {shipment: code for shipment, code in latest.items() if code.is_usable(now)}
    without = [shipment for shipment in shipments if shipment not in living]
    may = {each: latest.get(each) for each in without if may_issue(each, latest.get(each), now)}
    return living, issue_all(may, now=now)
