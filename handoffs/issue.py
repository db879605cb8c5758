"""Making the next generation of a shipment's code."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from codes import derivation
from handoffs.holders import marks_of
from handoffs.lifetime import expiry_of
from handoffs.limits import ATTEMPTS_PER_GENERATION, ATTEMPTS_PER_SHIPMENT, GENERATIONS_PER_SHIPMENT
from handoffs.models import DeliveryCode
from handoffs.models.codes import EndReason
from handoffs.models.delegates import delegates_of
from orders.models import SYSTEM, Actor, Fact, Shipment
from orders.models.merchants import CodeShows


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
    """`issue_all` for one shipment."""
    return issue_all({shipment: latest}, now=now)[shipment]


def issue_all(
    latest: Mapping[Shipment, DeliveryCode | None], *, now: datetime
) -> dict[Shipment, DeliveryCode]:
    """The next generation of each of these, after the latest there is; that one ends at once. A few
    statements however many they are. Call with the shipments locked and after `may_issue`.

    It brings no attempts with it: they are what is left of the shipment's, and five at the most.
    """
    codes = {shipment: _following(shipment, before, now) for shipment, before in latest.items()}
    replaced = [before.pk for before in latest.values() if before]
    if replaced:
        predecessors = DeliveryCode.objects.filter(pk__in=replaced)
        predecessors.end(EndReason.SUPERSEDED, now)
        predecessors.forget_marks()
    DeliveryCode.objects.bulk_create(codes.values())
    return codes


def _following(shipment: Shipment, latest: DeliveryCode | None, now: datetime) -> DeliveryCode:
    key_id = list(settings.DELIVERY_CODE_KEYS)[-1]
    code = DeliveryCode(
        shipment=shipment,
        generation=latest.generation + 1 if latest else 1,
        key_id=key_id,
        digits=shipment.order.merchant.code_digits,
        nonce=derivation.new_nonce(),
        attempts_before=latest.attempts_before + latest.attempts if latest else 0,
        attempts_allowed=min(ATTEMPTS_PER_GENERATION, attempts_remaining(latest)),
        held_back=_is_held_back(shipment),
        issued_at=now,
        expires_at=expiry_of(shipment.order, now),
    )
    if latest:
        latest.shipment = shipment
        code.predecessor_mark = _marks_of_predecessor(latest, code, now)
    return code


def _is_held_back(shipment: Shipment) -> bool:
    """Whether the merchant wants it told later; once the courier is there, `show_code` tells it."""
    return shipment.order.merchant.code_shows != CodeShows.DISPATCH


def _marks_of_predecessor(latest: DeliveryCode, code: DeliveryCode, now: datetime) -> bytes | None:
    """What recognises the codes before this one; none where they looked otherwise or that key
    may be gone."""
    if (latest.key_id, latest.digits) != (code.key_id, code.digits):
        return None
    if latest.has_ended:
        return bytes(latest.mark) if latest.mark else None
    return marks_of(latest, delegates_of(latest.shipment), now)


def issued(code: DeliveryCode, actor: Actor = SYSTEM) -> list[Fact]:
    """What the timeline says of a new generation; without a contact, also that no message can carry it."""
    data = {"generation": code.generation}
    facts = [Fact("code.issued", actor, data)]
    if not code.shipment.order.contacts:
        facts.append(Fact("code.undeliverable", SYSTEM, {**data, "because": "no_contact"}))
    return facts
