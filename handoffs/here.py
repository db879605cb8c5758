"""The recipient says on their page that they are there: then nobody is reported not to be at home."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from api.times import rfc3339
from fleet.models import Stop
from handoffs.dispatch import illegal_transition
from handoffs.limits import HERE_HOLDS, HERE_HOLDS_AFTER_ARRIVAL
from handoffs.models import Delegate, DeliveryCode
from handoffs.show import show_code
from orders.models import Actor, Fact
from orders.models.shipments import ShipmentQuerySet


def say_here(
    *,
    within: ShipmentQuerySet,
    shipment_id: str,
    generation: int,
    actor: Actor,
    delegate: Delegate | None = None,
) -> Stop | Refusal:
    """Tell the courier's stop that the recipient is there. Again, while that still holds, changes nothing,
    but for the first time after the courier's arrival: that answers whether somebody is at the door.

    `generation` is the one whose page it was said on: once another has come, it is not_found; so it is where
    the pass of the `delegate` who says it has ended. Refuses with not_found or illegal_transition.
    """
    now = timezone.now()
    with transaction.atomic():
        shipment = within.hold(shipment_id)
        if shipment is None:
            return Refusal("not_found")
        code = DeliveryCode.objects.living().filter(shipment=shipment, generation=generation).first()
        if code is None or code.is_over(now):
            return Refusal("not_found")
        if delegate is not None and not Delegate.objects.get(pk=delegate.pk).lives(now):
            return Refusal("not_found")
        stop = Stop.objects.current().filter(shipment=shipment).first()
        if stop is None or not shipment.is_out:
            return illegal_transition(shipment)
        answers = stop.arrived_at is not None and (stop.recipient_here_at or now) < stop.arrived_at
        if answers or not says_here(stop, now):
            stop.recipient_here_at = now
            stop.save(update_fields=["recipient_here_at"])
            shipment.record([Fact("recipient.here", actor)], at=now)
            show_code(shipment, now)
        return stop


def says_here(stop: Stop, now: datetime) -> bool:
    """Whether the recipient has said so lately."""
    return stop.recipient_here_at is not None and now < stop.recipient_here_at + HERE_HOLDS


def not_absent(stop: Stop, now: datetime) -> Refusal | None:
    """Why nobody home is not taken now: the recipient says that they are there. None where it may be."""
    if stop.recipient_here_at is None or not says_here(stop, now):
        return None
    until = stop.recipient_here_at + HERE_HOLDS
    if stop.arrived_at is not None:
        until = min(until, stop.arrived_at + HERE_HOLDS_AFTER_ARRIVAL)
    return Refusal("recipient_here", members={"until": rfc3339(until)}) if now < until else None
