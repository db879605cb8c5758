"""A new code in place of one that someone else may know."""

from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Stop
from handoffs import remedies
from handoffs.dispatch import illegal_transition
from handoffs.issue import issue, issued, may_issue
from handoffs.messages import send_code
from handoffs.models import DeliveryCode
from handoffs.release.expire import withdraw_release
from handoffs.show import show_code
from orders.models import Actor, Fact, Shipment, Status
from orders.models.shipments import ShipmentQuerySet


class Because(StrEnum):
    """Why a code is rotated."""

    ASKED_FOR = "someone_asked_for_it"
    LOCKED = "locked"
    SUPPORT = "support"


def rotate(
    *,
    within: ShipmentQuerySet,
    shipment_id: str,
    actor: Actor,
    because: Because,
    generation: int | None = None,
) -> Shipment | Refusal:
    """Kill the living code and its links at once, and send a new one. Adds no attempts to the shipment's.

    `generation` binds the wish to the generation it was made for, so that a second click changes
    nothing: once another has come, it is not_found. Refuses with not_found, illegal_transition or
    code_locked.
    """
    now = timezone.now()
    with transaction.atomic():
        shipment = within.hold(shipment_id)
        if shipment is None:
            return Refusal("not_found")
        latest = DeliveryCode.objects.latest_of(shipment)
        if generation is not None and (latest is None or latest.generation != generation):
            return Refusal("not_found")
        if latest is None or shipment.status not in (Status.OUT_FOR_DELIVERY, Status.ATTEMPT_FAILED):
            return illegal_transition(shipment)
        if not may_issue(shipment, latest, now):
            return Refusal("code_locked", members={"next": remedies.after_lock(shipment, latest, now)})
        code = issue(shipment, latest, now=now)
        data: dict[str, object] = {"generation": latest.generation, "because": str(because)}
        if because == Because.ASKED_FOR:  # whoever doubts the courier does not want them released either
            withdraw_release(shipment, now)
            data["courier"] = _courier_of(shipment)  # for the pattern of who had it when somebody asked
        shipment.record([Fact("code.rotated", actor, data), *issued(code)], at=now)
        send_code(shipment, code, now=now, renewed=True)
        show_code(shipment, now)
        return shipment


def _courier_of(shipment: Shipment) -> str | None:
    """The public id of the courier who has it."""
    stops = Stop.objects.current().filter(shipment=shipment)
    return stops.values_list("route__courier__public_id", flat=True).first()


def unlock(
    *, within: ShipmentQuerySet, shipment_id: str, actor: Actor, generation: int | None = None
) -> Shipment | Refusal:
    """A new code in place of one that is locked, within the shipment's own attempts; support's `rotate`.

    Refuses as `rotate` does, and a code that is not locked with illegal_transition.
    """
    with transaction.atomic():
        shipment = within.hold(shipment_id)
        latest = DeliveryCode.objects.latest_of(shipment) if shipment else None
        meant = latest is not None and generation in (None, latest.generation)
        if shipment and latest and meant and not latest.is_locked:
            return illegal_transition(shipment)
        return rotate(
            within=within,
            shipment_id=shipment_id,
            actor=actor,
            because=Because.SUPPORT,
            generation=generation,
        )
