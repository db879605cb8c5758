"""Using an approved release up: at the door, in the transaction of the handoff."""

from datetime import datetime

from fleet.models import Stop
from handoffs.models import DeliveryCode, ReleaseRequest
from handoffs.models.releases import ReleaseState
from handoffs.release.expire import close_release
from orders.models import Shipment


def usable_release(stop: Stop, now: datetime) -> ReleaseRequest | None:
    """The approved release of this visit, by the clock; None where there is none. Call with the stop held.
    Costs no statement where none was asked for."""
    if not stop.shipment.release_open:
        return None
    request = ReleaseRequest.objects.open().filter(stop=stop, courier=stop.route.courier).first()
    return request if request is not None and request.is_usable(now) else None


def use_release(request: ReleaseRequest, shipment: Shipment, now: datetime) -> None:
    """Consume it, and end the shipment's living code, which nobody needs any more.

    RuntimeError where it was consumed already, so that the transaction is undone.
    """
    unused = ReleaseRequest.objects.filter(
        pk=request.pk, state=ReleaseState.APPROVED, used_at=None, expires_at__gt=now
    )
    if unused.update(used_at=now) != 1:
        raise RuntimeError(f"release {request} was used while it was held")
    close_release(shipment)
    DeliveryCode.objects.close(shipment, now)
