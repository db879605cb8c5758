"""What can be said of a shipment's code to those who never see it."""

from datetime import datetime
from enum import StrEnum

from django.db.models import OuterRef, Prefetch, Subquery

from handoffs.issue import attempts_remaining
from handoffs.models import DeliveryCode
from handoffs.models.codes import EndReason
from orders.models import Shipment


class CodeState(StrEnum):
    NONE = "none"
    PENDING = "pending"
    LIVE = "live"
    LOCKED = "locked"
    EXPIRED = "expired"
    USED = "used"


def code_state(shipment: Shipment, latest: DeliveryCode | None, now: datetime) -> CodeState:
    """The state of `latest`, the newest generation (None if there is none), as the API names it."""
    if not shipment.code_required:
        return CodeState.NONE
    if latest is None:
        return CodeState.PENDING
    if latest.ended_because == EndReason.USED:
        return CodeState.USED
    if latest.is_locked:
        return CodeState.LOCKED
    if latest.is_over(now) or latest.ended_because == EndReason.CLOSED:
        return CodeState.EXPIRED
    return CodeState.LIVE if shipment.is_out and not latest.has_ended else CodeState.PENDING


def attempts_left(shipment: Shipment, latest: DeliveryCode | None) -> int | None:
    """How many attempts the newest generation has left; null where no code is needed or none was issued."""
    if not shipment.code_required or latest is None:
        return None
    return max(0, min(latest.attempts_left, attempts_remaining(latest)))


# --- For many shipments at once ------------------------------------------------------------------


def newest_codes(path: str = "codes") -> Prefetch:
    """Loads the newest generation of each shipment in one statement, for `newest_code_of`; `path` leads from
    what is queried to the shipments' codes. No secret is read."""
    newest = DeliveryCode.objects.filter(shipment=OuterRef("shipment")).order_by("-generation")
    codes = DeliveryCode.objects.filter(pk=Subquery(newest.values("pk")[:1]))
    return Prefetch(path, codes.defer("nonce", "predecessor_mark"), to_attr="newest_codes")


def newest_code_of(shipment: Shipment) -> DeliveryCode | None:
    """The newest generation of a shipment that was loaded with `newest_codes`."""
    codes: list[DeliveryCode] = getattr(shipment, "newest_codes")  # noqa: B009 - a prefetch's attribute
    return codes[0] if codes else None
