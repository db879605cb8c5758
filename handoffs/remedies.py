"""What anyone can do now, after a refusal. Only what really works is offered."""

from datetime import datetime

from handoffs.issue import may_issue
from handoffs.models import DeliveryCode
from orders.models import Shipment


def after_expiry(shipment: Shipment, latest: DeliveryCode | None, now: datetime) -> list[str]:
    """A resend issues the next generation, where the shipment has attempts and the recipient a contact."""
    contacts = len(shipment.order.contacts)
    steps = []
    if contacts and may_issue(shipment, latest, now):
        steps.append("resend")
        if contacts > 1:
            steps.append("other_channel")
    return [*steps, "fail"]


def after_lock(shipment: Shipment, latest: DeliveryCode | None, now: datetime) -> list[str]:
    """The recipient or support may rotate while the shipment has attempts; the courier never."""
    return ["rotate", "fail"] if shipment.order.contacts and may_issue(shipment, latest, now) else ["fail"]


def after_suspension() -> list[str]:
    """The courier's typed codes are stopped; failing the stop is not."""
    return ["fail"]


def at_door(steps: list[str], may_ask: bool) -> list[str]:
    """With a release, where the courier may ask for one: before failing the stop, after everything else."""
    return [*steps[:-1], "release_request", *steps[-1:]] if may_ask else steps
