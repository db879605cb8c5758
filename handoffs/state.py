"""What can be said of a shipment's code to those who never see it."""

from datetime import datetime
from enum import StrEnum

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
