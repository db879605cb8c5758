"""What a courier does at a stop besides handing over: arriving, and leaving without success."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Device, Stop
from fleet.position import Position, columns_of
from handoffs.dispatch import illegal_transition
from handoffs.here import not_absent
from handoffs.hold import hold_stop
from handoffs.messages import send_arrived, send_nobody_home
from handoffs.models import DeliveryAttempt, Photo, ReleaseRequest
from handoffs.models.releases import ReleaseState
from handoffs.photos import unusable_photo, use_photo
from handoffs.release.expire import withdraw_release
from handoffs.show import show_code
from orders.models import Actor, Fact, Status


def arrive(
    *, device: Device, shipment_id: str, location: Position | None, occurred_at: datetime | None
) -> Stop | Refusal:
    """Record that the courier says they are at the door. The first time counts; again changes nothing.

    Refuses with not_found, authentication_failed or illegal_transition.
    """
    now = timezone.now()
    with transaction.atomic():
        stop = hold_stop(device, shipment_id)
        if isinstance(stop, Refusal):
            return stop
        if not stop.shipment.is_out:
            return illegal_transition(stop.shipment)
        if stop.arrived_at is None:
            stop.arrived_at, stop.arrival_occurred_at = now, occurred_at
            columns = columns_of(location, prefix="arrival_")
            for name, value in columns.items():
                setattr(stop, name, value)
            stop.save(update_fields=["arrived_at", "arrival_occurred_at", *columns])
            fact = Fact("shipment.arrived", actor_of(device), {"located": location is not None})
            stop.shipment.record([fact], at=now)
            send_arrived(stop.shipment)
            show_code(stop.shipment, now)
        return stop


def fail(
    *,
    device: Device,
    shipment_id: str,
    reason: str,
    note: str,
    location: Position | None,
    occurred_at: datetime | None,
    photo_id: str | None = None,
) -> Stop | Refusal:
    """Record a visit without a handoff. The code lives on until its time is over: they may turn up after all.

    Refuses with not_found, authentication_failed, validation_failed (the photo), illegal_transition or, for
    nobody home while the recipient says that they are there, recipient_here.
    """
    now = timezone.now()
    with transaction.atomic():
        stop = hold_stop(device, shipment_id)
        if isinstance(stop, Refusal):
            return stop
        if unusable := unusable_photo(stop.route.courier, photo_id):
            return unusable
        if not stop.shipment.may_become(Status.ATTEMPT_FAILED):
            return illegal_transition(stop.shipment)
        # After the wait for the lock: what the recipient said meanwhile came before this.
        denied = not_absent(stop, timezone.now()) if reason == DeliveryAttempt.Reason.ABSENT else None
        if denied:
            return denied
        withdraw_release(stop.shipment, now)
        blameless = _blameless(stop, reason)
        DeliveryAttempt.objects.create(
            stop=stop,
            reason=reason,
            blameless=blameless,
            note=note,
            at=now,
            occurred_at=occurred_at,
            **columns_of(location),
        )
        use_photo(stop.route.courier, photo_id, used_for=Photo.UsedFor.FAIL, shipment=stop.shipment, now=now)
        data: dict[str, object] = {"reason": reason, **({"blameless": blameless} if blameless else {})}
        if stop.recipient_here_at is not None:
            data["recipient_here"] = True  # they had said so: it speaks against nobody home
        fact = Fact("shipment.attempt_failed", actor_of(device), data)
        stop.shipment.become(Status.ATTEMPT_FAILED, [fact], at=now)
        if reason == DeliveryAttempt.Reason.ABSENT:
            send_nobody_home(stop.shipment)
        return stop


def _blameless(stop: Stop, reason: str) -> str:
    """Without a code, after staff refused to do without one: the courier did what they could."""
    if reason != DeliveryAttempt.Reason.NO_CODE:
        return ""
    newest = ReleaseRequest.objects.filter(stop=stop).order_by("-pk").values_list("state", flat=True).first()
    refused = newest == ReleaseState.REFUSED
    return str(DeliveryAttempt.Blameless.RELEASE_REFUSED) if refused else ""


def actor_of(device: Device) -> Actor:
    """The courier who carries this device. Call with the courier loaded."""
    return Actor("courier", device.courier.public_id)
