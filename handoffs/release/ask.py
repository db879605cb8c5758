"""What a courier does at the door where the code cannot be had: ask, and look what became of it."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Courier, Device, Stop
from handoffs.dispatch import illegal_transition
from handoffs.hold import hold_stop
from handoffs.limits import RELEASE_WAITS
from handoffs.messages import send_release_asked
from handoffs.models import Photo, ReleaseRequest
from handoffs.photos import unusable_photo, use_photo
from handoffs.release.caps import refusal_to_ask
from handoffs.release.expire import expire_one
from handoffs.visit import actor_of
from orders.checking import Fault, validation_failed
from orders.models import CodeReason, Fact, Shipment
from orders.need import raised_need


def ask_release(
    *,
    device: Device,
    shipment_id: str,
    reason: str,
    note: str,
    identity_seen: bool,
    photo_id: str | None = None,
) -> ReleaseRequest | Refusal:
    """Ask to hand over without the code. While one is open, asking again answers that one; so does asking
    for what the recipient has given.

    A courier whose wrong codes are spent may ask. The recipient is told on every contact. Refuses with
    not_found, authentication_failed, not_out_for_delivery, illegal_transition (no code is needed), too_early,
    validation_failed (no evidence, or no such photo) or rate_limited (`handoffs.release.caps`).
    """
    now = timezone.now()
    with transaction.atomic():
        stop = hold_stop(device, shipment_id)
        if isinstance(stop, Refusal):
            return stop
        shipment, courier = stop.shipment, stop.route.courier
        earlier = open_release_of(shipment)
        if earlier is not None and now >= earlier.expires_at:
            expire_one(shipment, earlier, now)
        elif earlier is not None:
            return earlier
        refusal = (
            _not_now(stop)
            or _no_evidence(identity_seen, photo_id)
            or unusable_photo(courier, photo_id)
            or refusal_to_ask(courier, shipment, now)
        )
        if refusal is not None:
            return refusal
        request = ReleaseRequest.objects.create(
            shipment=shipment,
            stop=stop,
            courier=courier,
            device=device,
            reason=reason,
            note=note,
            identity_seen=identity_seen,
            photo=_photo_of(courier, photo_id),
            approvals_needed=approvals_needed(shipment),
            asked_at=now,
            expires_at=now + RELEASE_WAITS,
        )
        use_photo(courier, photo_id, used_for=Photo.UsedFor.RELEASE, shipment=shipment, now=now)
        data = {
            "release": request.public_id,
            "reason": str(reason),
            "approvals_needed": request.approvals_needed,
        }
        shipment.record([Fact("release.requested", actor_of(device), data)], at=now, release_open=True)
        send_release_asked(shipment)
        return request


def release_state(*, device: Device, shipment_id: str) -> ReleaseRequest | Refusal:
    """The newest request of this courier at this visit; not_found where there is none. Changes nothing."""
    request = (
        ReleaseRequest.objects.filter(
            courier=device.courier_id,
            stop__in=Stop.objects.current().filter(shipment__public_id=shipment_id),
        )
        .order_by("-pk")
        .first()
    )
    return request or Refusal("not_found")


def open_release_of(shipment: Shipment) -> ReleaseRequest | None:
    """The one that is waiting, or approved and not used. Costs no statement where there is none."""
    if not shipment.release_open:
        return None
    return ReleaseRequest.objects.open().filter(shipment=shipment).first()


def approvals_needed(shipment: Shipment) -> int:
    """Two of staff at or above the merchant's line, one below. Asked anew when it is approved: the line may
    have moved, and the recipient's other parcels count."""
    above = shipment.code_reason == CodeReason.HIGH_VALUE or raised_need(shipment) is not None
    return 2 if above else 1


def may_ask(courier: Courier, shipment: Shipment, now: datetime) -> bool:
    """Whether to offer it at a door where a code is needed."""
    return not shipment.release_open and refusal_to_ask(courier, shipment, now) is None


def _not_now(stop: Stop) -> Refusal | None:
    shipment = stop.shipment
    if not shipment.is_out:
        return Refusal("not_out_for_delivery", members={"shipment_status": str(shipment.status)})
    if not shipment.code_required:
        return Refusal(
            "illegal_transition", "No code is needed: hand it over.", illegal_transition(shipment).members
        )
    if shipment.order.merchant.arrival_first and stop.arrived_at is None:
        return Refusal("too_early")
    return None


def _no_evidence(identity_seen: bool, photo_id: str | None) -> Refusal | None:
    if identity_seen or photo_id is not None:
        return None
    detail = "Say that you saw an identity document, or name a photo. Never take a photo of the document."
    return validation_failed(Fault("/identity_seen", "evidence_missing", detail))


def _photo_of(courier: Courier, photo_id: str | None) -> Photo | None:
    if photo_id is None:
        return None
    return Photo.objects.defer("picture").get(courier=courier, public_id=photo_id)
