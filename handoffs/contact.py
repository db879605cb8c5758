"""Changing where a recipient is reached: the way a thief would turn a code towards themselves."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from handoffs.delegate import revoke_all
from handoffs.dispatch import illegal_transition, raise_need
from handoffs.issue import issue, issued, may_issue
from handoffs.lifetime import end_of_day
from handoffs.limits import CONTACT_CHANGES_PER_DAY
from handoffs.messages import channels_of, send_code, send_contact_changed
from handoffs.models import DeliveryCode
from handoffs.models.codes import EndReason
from handoffs.release.expire import withdraw_release
from orders.checking import Fault, checked_contact, validation_failed
from orders.drafts import RecipientDraft
from orders.models import CLOSED, Actor, CodeReason, Event, Fact, Order, Shipment, Status
from orders.models.orders import name_key
from orders.models.shipments import ShipmentQuerySet

DAY = timedelta(days=1)
CONTACTS = ("phone", "email")
TOO_LATE = CLOSED | {Status.RETURNING}


def change_recipient(
    *, within: ShipmentQuerySet, shipment_id: str, changes: Mapping[str, str], actor: Actor
) -> Shipment | Refusal:
    """Write these fields of RecipientDraft over those of the shipment's order, shared by its other shipments.

    Another phone or e-mail address ends the living codes of all of them, with their links, and the contacts
    before are told. A shipment that is out gets its next code at once; one of high value not on this delivery
    day. Refuses with not_found, illegal_transition, validation_failed or, after the fifth change in 24 hours,
    rate_limited.
    """
    with transaction.atomic():
        shipments = _hold_siblings(within, shipment_id)
        shipment = next((each for each in shipments if each.public_id == shipment_id), None)
        if shipment is None:
            return Refusal("not_found")
        if shipment.status in TOO_LATE:
            return illegal_transition(shipment)
        waiting = [each for each in shipments if each.status not in TOO_LATE]
        before = _recipient_of(shipment.order)
        after = _checked(replace(before, **changes), shipment.order, waiting)
        if isinstance(after, Refusal):
            return after
        told = channels_of(shipment.order)
        changed = [name for name in CONTACTS if getattr(before, name) != getattr(after, name)]
        refusal = _too_often(shipment) if changed else None
        if refusal is not None:
            return refusal
        if changed:
            raise_need(waiting)  # by the contact before: to leave a group of parcels does not undo its need
        _write(after, waiting)
        if changed:
            send_contact_changed(shipment, told)
            for each in waiting:
                _start_over(each, changed, actor)
        return shipment


def _too_often(shipment: Shipment) -> Refusal | None:
    """The order's changes are counted by the events that each leaves on all its open shipments."""
    now = timezone.now()
    changes = Event.objects.filter(shipment=shipment, type="order.contact_changed", at__gt=now - DAY)
    newest = list(changes.order_by("-sequence").values_list("at", flat=True)[:CONTACT_CHANGES_PER_DAY])
    if len(newest) < CONTACT_CHANGES_PER_DAY:
        return None
    wait = math.ceil((newest[-1] + DAY - now).total_seconds())
    detail = f"The contact of an order is changed {CONTACT_CHANGES_PER_DAY} times a day at most."
    return Refusal("rate_limited", detail, {"retry_after": wait})


def _hold_siblings(within: ShipmentQuerySet, shipment_id: str) -> list[Shipment]:
    """All shipments of the order, locked in one order, so that two changes wait for one another."""
    order_id = within.filter(public_id=shipment_id).values_list("order_id", flat=True).first()
    if order_id is None:
        return []
    return list(within.filter(order_id=order_id).locked())


def _recipient_of(order: Order) -> RecipientDraft:
    return RecipientDraft(
        name=order.name, company=order.company, phone=order.phone, email=order.email, locale=order.locale
    )


def _checked(wanted: RecipientDraft, order: Order, waiting: Iterable[Shipment]) -> RecipientDraft | Refusal:
    recipient = checked_contact(wanted, order.country)
    if isinstance(recipient, Refusal):
        return recipient
    if not (recipient.phone or recipient.email) and any(each.code_required for each in waiting):
        detail = "A shipment of this order needs a code: a phone number or an e-mail address has to stay."
        return validation_failed(Fault("/phone", "required", detail))
    return recipient


def _write(recipient: RecipientDraft, shipments: list[Shipment]) -> None:
    """To the order's row, and to its copy that each of the loaded shipments has."""
    columns = {**vars(recipient), "name_key": name_key(recipient.name)}
    Order.objects.filter(pk=shipments[0].order_id).update(**columns)
    for shipment in shipments:
        for name, value in columns.items():
            setattr(shipment.order, name, value)


def _start_over(shipment: Shipment, changed: list[str], actor: Actor) -> None:
    """End the shipment's code, and issue the next one where that may go out now."""
    now = timezone.now()
    DeliveryCode.objects.filter(shipment=shipment).end(EndReason.CONTACT_CHANGED, now)
    withdraw_release(shipment, now)
    shipment.code_held_until = _held_until(shipment, now)
    # Whoever was named was named by the one who had the contact before.
    facts = [Fact("order.contact_changed", actor, {"changed": changed}), *revoke_all(shipment, actor, now)]
    latest = DeliveryCode.objects.latest_of(shipment)
    code = None
    if shipment.is_out and shipment.code_required and may_issue(shipment, latest, now):
        code = issue(shipment, latest, now=now)
        facts += issued(code)
    shipment.record(facts, at=now, code_held_until=shipment.code_held_until)
    if code is not None:
        send_code(shipment, code, now=now, renewed=True)


def _held_until(shipment: Shipment, now: datetime) -> datetime | None:
    """High value waits for the next delivery day; so does what needs no code yet, since only high value can
    make it need one. A hold that is there already never gets shorter."""
    if shipment.code_required and shipment.code_reason != CodeReason.HIGH_VALUE:
        return shipment.code_held_until
    ends = end_of_day(shipment.order, now)
    return max(ends, shipment.code_held_until) if shipment.code_held_until else ends
