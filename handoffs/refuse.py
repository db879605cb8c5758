"""Why a handoff is not even compared, in the order in which it is told. None of it is charged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from api.refusals import Refusal
from codes import comparison
from fleet.models import Stop
from handoffs import remedies
from handoffs.holders import living_among
from handoffs.models import Delegate, DeliveryCode, ProofOfDelivery, ReleaseRequest
from handoffs.models.budget import Standing
from handoffs.models.codes import EndReason
from handoffs.release.ask import may_ask
from orders.models import Parcel, Shipment, Status


@dataclass(frozen=True)
class Visit:
    """What was read after the lock: the stop with its shipment, its newest code, the courier's standing."""

    stop: Stop
    latest: DeliveryCode | None
    standing: Standing
    now: datetime
    release: ReleaseRequest | None = None  # approved for this visit, where no code is given
    delegates: Sequence[Delegate] = ()  # all that the shipment ever had

    @property
    def holders(self) -> int:
        """How many have a code that opens: what a wrong one costs the courier's budget."""
        return 1 + len(living_among(self.delegates, self.now))


def first_refusal(visit: Visit, *, typed: str | None, barcodes: tuple[str, ...] | None) -> Refusal | None:
    """The first refusal that holds, in the order in which they are told; None where there is none."""
    shipment = visit.stop.shipment
    needs_code = shipment.code_required and visit.release is None
    return (
        _wrong_status(shipment)
        or (_unusable_code(visit, typed) if needs_code else None)
        or _wrong_parcels(shipment, barcodes)
        or _too_early(visit)
        or (_exhausted(visit) if needs_code else None)
    )


def _wrong_status(shipment: Shipment) -> Refusal | None:
    if shipment.status == Status.DELIVERED:
        proof = ProofOfDelivery.objects.get(shipment=shipment)
        return Refusal("already_delivered", members={"proof": proof.summary()})
    if not shipment.is_out:
        return Refusal("not_out_for_delivery", members={"shipment_status": str(shipment.status)})
    return None


def _unusable_code(visit: Visit, typed: str | None) -> Refusal | None:
    if typed is None:
        return Refusal("code_required")
    shipment = visit.stop.shipment
    digits = visit.latest.digits if visit.latest else shipment.order.merchant.code_digits
    if comparison.clean(typed, digits) is None:
        return Refusal("code_malformed", f"A delivery code is {digits} digits, 0 to 9. Nothing was charged.")
    return None


def _wrong_parcels(shipment: Shipment, barcodes: tuple[str, ...] | None) -> Refusal | None:
    if barcodes is None:
        return None
    expected = set(Parcel.objects.filter(shipment=shipment).values_list("barcode", flat=True))
    if strange := sorted(set(barcodes) - expected):
        return Refusal("wrong_parcel", members={"barcodes": strange})
    if missing := sorted(expected - set(barcodes)):
        return Refusal("parcel_missing", members={"barcodes": missing})
    return None


def _too_early(visit: Visit) -> Refusal | None:
    if visit.stop.shipment.order.merchant.arrival_first and visit.stop.arrived_at is None:
        return Refusal("too_early")
    return None


def _exhausted(visit: Visit) -> Refusal | None:
    if visit.standing.left < visit.holders:
        return Refusal("courier_suspended", members={"next": _next(visit, remedies.after_suspension())})
    latest = visit.latest
    if latest is None or latest.has_ended or latest.is_over(visit.now) or latest.is_locked:
        return lock_or_expiry(visit)
    return None


def lock_or_expiry(visit: Visit) -> Refusal:
    """Expired before locked: the clock alone decides, so that the answer tells nothing of what was typed."""
    shipment, latest, now = visit.stop.shipment, visit.latest, visit.now
    gone = latest is None or latest.is_over(now) or latest.ended_because == EndReason.CONTACT_CHANGED
    if gone:
        steps = remedies.after_expiry(shipment, latest, now)
        return Refusal("code_expired", members={"next": _next(visit, steps)})
    steps = remedies.after_lock(shipment, latest, now)
    return Refusal("code_locked", members={"next": _next(visit, steps)})


def _next(visit: Visit, steps: list[str]) -> list[str]:
    """What the courier at the door can do besides: ask for a release, within the caps."""
    stop = visit.stop
    return remedies.at_door(steps, may_ask(stop.route.courier, stop.shipment, visit.now))
