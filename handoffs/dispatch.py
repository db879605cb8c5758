"""Sending a shipment out with a courier."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Courier, Route, Stop
from handoffs.issue import issue, issued, may_issue
from handoffs.messages import send_code
from handoffs.models import DeliveryCode
from handoffs.release.expire import withdraw_release
from orders.checking import Fault, validation_failed
from orders.models import Actor, Fact, Shipment, Status
from orders.models.shipments import ShipmentQuerySet
from orders.need import raised_need


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
        send_out(shipment, courier, actor, now)
        return shipment


def send_out(
    shipment: Shipment, courier: Courier, actor: Actor, now: datetime, *, repeat: bool = True
) -> None:
    """Make a held shipment that is on this courier's route out for delivery, with a living code if needed.

    `repeat`: whether a code that lived before is told again; a new one always is.
    """
    reassigned = shipment.is_out
    facts = [
        Fact("shipment.out_for_delivery", actor, {"courier": courier.public_id, "reassigned": reassigned})
    ]
    raise_need(shipment)
    code, is_new = _living_code(shipment, now) if shipment.code_required else (None, False)
    if code and is_new:
        facts += issued(code)
    if reassigned:
        shipment.record(facts, at=now)
    else:
        shipment.become(Status.OUT_FOR_DELIVERY, facts, at=now)
    if code and (is_new or (repeat and not reassigned)):
        send_code(shipment, code, now=now, renewed=is_new and code.generation > 1)


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


def raise_need(shipment: Shipment) -> None:
    """The recipient's other open parcels may have lifted this one over the line since it was ordered."""
    decision = raised_need(shipment)
    if decision is not None:
        shipment.code_required, shipment.code_reason = decision.required, decision.reason
        Shipment.objects.filter(pk=shipment.pk).update(
            code_required=decision.required, code_reason=decision.reason
        )


def _living_code(shipment: Shipment, now: datetime) -> tuple[DeliveryCode | None, bool]:
    """The code that opens today, and whether it is new. None where the shipment has no attempts left."""
    latest = DeliveryCode.objects.latest_of(shipment)
    if latest and latest.is_usable(now):
        return latest, False
    return (issue(shipment, latest, now=now), True) if may_issue(shipment, latest, now) else (None, False)
