"""Letting somebody else receive a shipment, and taking that back."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from api.times import rfc3339
from handoffs.dispatch import illegal_transition
from handoffs.holders import living_among
from handoffs.lifetime import end_of_day
from handoffs.limits import DELEGATE_NAME_LENGTH, DELEGATES_AT_ONCE, DELEGATES_PER_SHIPMENT
from handoffs.messages import send_delegate_named
from handoffs.models import Delegate, DeliveryCode
from handoffs.models.delegates import delegates_of
from orders.branding import validate_shown_name
from orders.checking import Fault, validation_failed
from orders.models import Actor, Fact, Shipment, Status
from orders.models.shipments import ShipmentQuerySet

WHILE = (Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED)


class Lasts(StrEnum):
    """How long a pass holds: to the end of so many delivery days at the address."""

    TODAY = "today"
    THREE_DAYS = "three_days"
    WEEK = "week"


DAYS = {Lasts.TODAY: 1, Lasts.THREE_DAYS: 3, Lasts.WEEK: 7}


def name_delegate(
    *,
    within: ShipmentQuerySet,
    shipment_id: str,
    generation: int,
    number: int,
    name: str,
    lasts: str,
    actor: Actor,
) -> Delegate | Refusal:
    """Give somebody a pass: from now on a code of their own opens as well. The recipient is told every way.

    `generation` and `number` bind the wish to the page that it was made on: where another code has come, or
    that pass was given meanwhile, it is not_found, so a form sent again gives no second one. Refuses with
    not_found, illegal_transition (nobody is on the way with it), validation_failed (`/name`, `/lasts`) or
    delegates_full.
    """
    now = timezone.now()
    with transaction.atomic():
        shipment = _hold(within, shipment_id, generation, now)
        if isinstance(shipment, Refusal):
            return shipment
        if number != shipment.passes_made + 1:
            return Refusal("not_found")
        wanted = " ".join(name.split())
        refusal = _unusable(wanted, lasts) or _full(shipment, now)
        if refusal is not None:
            return refusal
        until = end_of_day(shipment.order, now + timedelta(days=DAYS[Lasts(lasts)] - 1))
        delegate = Delegate.objects.create(
            shipment=shipment, number=number, name=wanted, made_at=now, expires_at=until
        )
        fact = Fact("delegate.named", actor, {"delegate": number, "until": rfc3339(until)})
        shipment.record([fact], at=now, passes_made=number)
        send_delegate_named(shipment, number)
        return delegate


def revoke_delegate(
    *, within: ShipmentQuerySet, shipment_id: str, generation: int, number: int, actor: Actor
) -> Delegate | Refusal:
    """Take a pass back: its code and page are dead with this. Again, or once it has ended, changes nothing.

    A handoff holds the shipment as this does: one of them is first, and the other sees what it did. Refuses
    with not_found or illegal_transition.
    """
    now = timezone.now()
    with transaction.atomic():
        shipment = _hold(within, shipment_id, generation, now)
        if isinstance(shipment, Refusal):
            return shipment
        delegate = Delegate.objects.filter(shipment=shipment, number=number).first()
        if delegate is None:
            return Refusal("not_found")
        if delegate.lives(now):
            shipment.record(_revoke([delegate], actor, now), at=now)
        return delegate


def revoke_all(shipment: Shipment, actor: Actor, now: datetime) -> list[Fact]:
    """End every pass of a shipment that is held, and answer what its timeline says of that. Costs no
    statement where there never was one."""
    return _revoke(living_among(delegates_of(shipment), now), actor, now)


def _revoke(delegates: list[Delegate], actor: Actor, now: datetime) -> list[Fact]:
    for delegate in delegates:
        delegate.revoked_at = now
        delegate.save(update_fields=["revoked_at"])
    return [Fact("delegate.revoked", actor, {"delegate": each.number}) for each in delegates]


def _hold(within: ShipmentQuerySet, shipment_id: str, generation: int, now: datetime) -> Shipment | Refusal:
    """The shipment, locked, while this generation of its code lives and a courier may still come with it."""
    shipment = within.hold(shipment_id)
    if shipment is None:
        return Refusal("not_found")
    code = DeliveryCode.objects.living().filter(shipment=shipment, generation=generation).first()
    if shipment.status not in WHILE:
        return illegal_transition(shipment)
    return Refusal("not_found") if code is None or code.is_over(now) else shipment


def _unusable(name: str, lasts: str) -> Refusal | None:
    if not name or len(name) > DELEGATE_NAME_LENGTH:
        detail = f"A name has 1 to {DELEGATE_NAME_LENGTH} characters."
        return validation_failed(Fault("/name", "length", detail))
    try:
        validate_shown_name(name)  # it stands in messages, as a shop's does
    except ValidationError as error:
        return validation_failed(Fault("/name", str(error.code), str(error.message)))
    if lasts not in DAYS:
        return validation_failed(Fault("/lasts", "unknown", f"One of {', '.join(DAYS)}."))
    return None


def _full(shipment: Shipment, now: datetime) -> Refusal | None:
    if shipment.passes_made >= DELEGATES_PER_SHIPMENT:
        return Refusal("delegates_full", members={"for_good": True})
    if len(living_among(delegates_of(shipment), now)) >= DELEGATES_AT_ONCE:
        return Refusal("delegates_full", members={"for_good": False})
    return None
