"""Making the next generation of a shipment's code."""

from datetime import datetime

from django.conf import settings

from codes import derivation
from handoffs.lifetime import expiry_of
from handoffs.limits import ATTEMPTS_PER_GENERATION, ATTEMPTS_PER_SHIPMENT, GENERATIONS_PER_SHIPMENT
from handoffs.models import DeliveryCode
from handoffs.models.codes import EndReason
from orders.models import SYSTEM, Actor, Fact, Shipment


def attempts_remaining(latest: DeliveryCode | None) -> int:
    """What is left of the shipment's own attempts after all its generations so far."""
    if latest is None:
        return ATTEMPTS_PER_SHIPMENT
    return ATTEMPTS_PER_SHIPMENT - latest.attempts_before - latest.attempts


def may_issue(shipment: Shipment, latest: DeliveryCode | None, now: datetime) -> bool:
    """Whether another generation could be tried even once, and is not held back after a changed contact."""
    generations = latest.generation if latest else 0
    held = shipment.code_held_until is not None and now < shipment.code_held_until
    return attempts_remaining(latest) > 0 and generations < GENERATIONS_PER_SHIPMENT and not held


def issue(shipment: Shipment, latest: DeliveryCode | None, *, now: datetime) -> DeliveryCode:
    """The next generation; the one before ends at once. Call with the shipment locked and after `may_issue`.

    It brings no attempts with it: they are what is left of the shipment's, and five at the most.
    """
    key_id = list(settings.DELIVERY_CODE_KEYS)[-1]
    code = DeliveryCode(
        shipment=shipment,
        generation=latest.generation + 1 if latest else 1,
        key_id=key_id,
        digits=shipment.order.merchant.code_digits,
        nonce=derivation.new_nonce(),
        attempts_before=latest.attempts_before + latest.attempts if latest else 0,
        attempts_allowed=min(ATTEMPTS_PER_GENERATION, attempts_remaining(latest)),
        issued_at=now,
        expires_at=expiry_of(shipment.order, now),
    )
    if latest and not latest.has_ended:
        if latest.digits == code.digits:
            latest.shipment = shipment
            code.predecessor_mark = code.mark_of(latest.code_of())
        DeliveryCode.objects.filter(pk=latest.pk).end(EndReason.SUPERSEDED, now)
    code.save(force_insert=True)
    return code


def issued(code: DeliveryCode, actor: Actor = SYSTEM) -> Fact:
    return Fact("code.issued", actor, {"generation": code.generation})
