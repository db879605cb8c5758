"""Telling the recipient the code once more."""

import math
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Device
from fleet.near import has_arrived
from handoffs import remedies
from handoffs.dispatch import illegal_transition
from handoffs.hold import hold_stop
from handoffs.issue import issue, issued, may_issue
from handoffs.limits import SEND_COOLDOWN, SENDS_AT_THE_DOOR, SENDS_PER_GENERATION
from handoffs.messages import code_ways, send_code
from handoffs.models import DeliveryCode
from handoffs.release.ask import may_ask
from handoffs.show import is_time
from notifications.models import Message
from orders.models import SYSTEM, Actor, Shipment
from orders.models.shipments import ShipmentQuerySet


@dataclass(frozen=True)
class Resent:
    """What goes out now, and when the next one may."""

    message: Message
    next_allowed_at: datetime


def resend(
    *,
    within: ShipmentQuerySet,
    shipment_id: str,
    channel: str | None,
    generation: int | None = None,
    actor: Actor = SYSTEM,
) -> Resent | Refusal:
    """Repeat the living code on this channel (None: the best); where its time is over, send the next one.

    `generation` binds the wish to the generation it was made for: once another has come, it is not_found. The
    cool-down and the count belong to the code, whoever asks; a next code is put down to `actor`. Refuses with
    not_found, illegal_transition, not_out_for_delivery, validation_failed (no such channel for this
    recipient), code_locked or rate_limited.
    """
    with transaction.atomic():
        shipment = within.hold(shipment_id)
        if shipment is None:
            return Refusal("not_found")
        latest = DeliveryCode.objects.latest_of(shipment)
        if generation is not None and (latest is None or latest.generation != generation):
            return Refusal("not_found")
        return _send_again(shipment, latest, channel, actor)


def resend_at_door(*, device: Device, shipment_id: str, channel: str | None) -> Resent | Refusal:
    """The same, asked for by the courier who has the shipment; refuses a revoked device as well."""
    with transaction.atomic():
        stop = hold_stop(device, shipment_id)
        if isinstance(stop, Refusal):
            return stop
        outcome = _send_again(stop.shipment, DeliveryCode.objects.latest_of(stop.shipment), channel)
        if isinstance(outcome, Refusal) and outcome.code == "code_locked":
            offered = may_ask(stop.route.courier, stop.shipment, timezone.now())
            steps = remedies.at_door(outcome.members["next"], offered)
            return Refusal(outcome.code, outcome.detail, {**outcome.members, "next": steps})
        return outcome


def _send_again(
    shipment: Shipment, latest: DeliveryCode | None, channel: str | None, actor: Actor = SYSTEM
) -> Resent | Refusal:
    now = timezone.now()
    refusal = _refusal(shipment, latest, channel, now)
    if refusal is not None:
        return refusal
    code = latest if latest and latest.is_usable(now) else _next(shipment, latest, actor, now)
    if code.held_back and (is_time(shipment) or _is_asked_for_there(actor, shipment)):
        DeliveryCode.objects.filter(pk=code.pk).update(held_back=False)
    message = send_code(shipment, code, now=now, channel=channel, renewed=code.generation > 1)
    assert message is not None, "a recipient without a channel was refused above"
    return Resent(message, now + SEND_COOLDOWN)


def _is_asked_for_there(actor: Actor, shipment: Shipment) -> bool:
    """By the recipient's own phone, or by support who speak with them, while the courier reports being there:
    that stands for the yes on the page, for those whom no link reaches."""
    return actor.kind in ("recipient", "staff") and has_arrived(shipment.pk)


def _next(shipment: Shipment, latest: DeliveryCode | None, actor: Actor, now: datetime) -> DeliveryCode:
    code = issue(shipment, latest, now=now)
    shipment.record(issued(code, actor), at=now)
    return code


def _refusal(
    shipment: Shipment, latest: DeliveryCode | None, channel: str | None, now: datetime
) -> Refusal | None:
    if not shipment.is_out:
        return Refusal("not_out_for_delivery", members={"shipment_status": str(shipment.status)})
    if not shipment.code_required:
        return illegal_transition(shipment)
    channels = code_ways(shipment.order)
    if not channels or (channel and channel not in channels):
        offered = ", ".join(channels) or "none"
        detail = f"This recipient cannot be reached that way. Channels that work: {offered}."
        error = {"pointer": "/channel", "code": "unavailable", "detail": detail}
        return Refusal("validation_failed", detail, {"errors": [error]})
    over = latest is None or latest.is_over(now) or latest.has_ended
    if (over and not may_issue(shipment, latest, now)) or (latest and not over and latest.is_locked):
        return Refusal("code_locked", members={"next": remedies.after_lock(shipment, latest, now)})
    return None if over else _too_soon(latest, now)


def _too_soon(code: DeliveryCode | None, now: datetime) -> Refusal | None:
    allowed_at = next_send_at(code) if code else None
    if allowed_at is None or now >= allowed_at:
        return None
    return Refusal("rate_limited", members={"retry_after": math.ceil((allowed_at - now).total_seconds())})


def next_send_at(code: DeliveryCode) -> datetime | None:
    """From when on a living code may be sent again: after the cool-down, or once its time is over where it
    was sent as often as may be. None where it was never sent."""
    if _is_spent(code):
        return code.expires_at
    return code.last_sent_at + SEND_COOLDOWN if code.last_sent_at else None


def _is_spent(code: DeliveryCode) -> bool:
    """Whether it was sent as often as may be. A send is kept for when the courier is at the door."""
    if code.sends < SENDS_PER_GENERATION:
        return False
    return code.sends >= SENDS_PER_GENERATION + SENDS_AT_THE_DOOR or not has_arrived(code.shipment_id)
