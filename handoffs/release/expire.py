"""Releases whose time is over, and those that something else has ended."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from fleet.models import Stop
from handoffs.models import DeliveryAttempt, ReleaseRequest
from handoffs.models.releases import ReleaseState
from orders.models import SYSTEM, Fact, Shipment, Status

INTERVAL_SECONDS = 15
BATCH = 100


def expire_releases() -> int:
    """Close every release whose time is over; an unanswered one becomes a blameless failed visit.

    Returns how many there were. Each in a transaction of its own, with its shipment locked.
    """
    ended = 0
    while batch := _some_over(timezone.now()):
        closed = sum(_expire(shipment_id) for shipment_id in batch)
        ended += closed
        if not closed:  # another worker is at them
            break
    return ended


def _some_over(now: datetime) -> list[str]:
    over = ReleaseRequest.objects.open().filter(expires_at__lte=now).order_by("expires_at")
    return list(over.values_list("shipment__public_id", flat=True)[:BATCH])


def _expire(shipment_id: str) -> bool:
    with transaction.atomic():
        shipment = Shipment.objects.hold(shipment_id)
        now = timezone.now()
        request = ReleaseRequest.objects.open().filter(shipment=shipment, expires_at__lte=now).first()
        if shipment is None or request is None:
            return False
        expire_one(shipment, request, now)
        return True


def expire_one(shipment: Shipment, request: ReleaseRequest, now: datetime) -> None:
    """Write down what the clock has decided. Call with the shipment held and the request over."""
    unanswered = request.state == ReleaseState.WAITING
    end_release(shipment, ReleaseState.EXPIRED, now)
    fact = Fact("release.expired", SYSTEM, {"release": request.public_id, "approved": not unanswered})
    stop = Stop.objects.current().filter(pk=request.stop_id).first()
    if not (unanswered and shipment.is_out and stop):
        shipment.record([fact], at=now)
        return
    reason, because = DeliveryAttempt.Reason.NO_CODE, DeliveryAttempt.Blameless.RELEASE_UNANSWERED
    DeliveryAttempt.objects.create(stop=stop, reason=reason, blameless=because, at=now)
    data = {"reason": str(reason), "blameless": str(because)}
    shipment.become(Status.ATTEMPT_FAILED, [fact, Fact("shipment.attempt_failed", SYSTEM, data)], at=now)


def withdraw_release(shipment: Shipment, now: datetime) -> None:
    """The visit has ended otherwise: what was asked or approved counts no more. Call with the shipment held,
    in the transaction that ends it. Costs no statement where nothing was asked."""
    if shipment.release_open:
        end_release(shipment, ReleaseState.WITHDRAWN, now)


def end_release(shipment: Shipment, state: ReleaseState, now: datetime) -> None:
    """Close the shipment's open release, and have the shipment know it."""
    ReleaseRequest.objects.open().filter(shipment=shipment).update(state=state, decided_at=now)
    close_release(shipment)


def close_release(shipment: Shipment) -> None:
    """The shipment has no open release any more."""
    Shipment.objects.filter(pk=shipment.pk).update(release_open=False)
    shipment.release_open = False
