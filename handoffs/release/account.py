"""The recipient does without the code themselves: from their account, to this courier, on this visit."""

import math
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from api.refusals import Refusal
from fleet.models import Stop
from handoffs.dispatch import illegal_transition
from handoffs.ladder import Tries
from handoffs.limits import ACCOUNT_RELEASE_SETTLES, ACCOUNT_RELEASES_PER_SHIPMENT, RELEASE_USABLE
from handoffs.linked import is_linked, shipments_of
from handoffs.messages import send_released
from handoffs.models import DeliveryCode, ReleaseRequest
from handoffs.models.releases import ReleaseState
from handoffs.release.ask import open_release_of
from handoffs.release.expire import end_release, expire_one
from orders.models import Actor, Event, Fact, Shipment

DAY = timedelta(days=1)


def visit_of(stop: Stop) -> str:
    """The name of the visit under way: this courier's, begun when they said that they had arrived. Empty
    before that. No secret."""
    if stop.arrived_at is None:
        return ""
    return f"{stop.route.courier.public_id}.{int(stop.arrived_at.timestamp() * 1_000_000)}"


def release_from_account(*, account: User, shipment_id: str, visit: str) -> ReleaseRequest | Refusal:
    """Let the courier of this visit hand over with no code for RELEASE_USABLE. Again, it answers the same
    one; what the courier has asked staff for is withdrawn.

    The surface asks for a fresh code before. Every contact of order and account is told. Refuses with
    not_found (not this account's, or another visit) and as `why_no_release`, or rate_limited.
    """
    with transaction.atomic():
        shipment = shipments_of(account).hold(shipment_id)
        # Who it is and whose the order is are read after the lock: either may have changed while we waited.
        person = User.objects.filter(pk=account.pk, is_active=True).first()
        if shipment is None or person is None or not is_linked(person, shipment.order):
            return Refusal("not_found")
        now = timezone.now()
        stop = Stop.objects.current().filter(shipment=shipment).select_related("route__courier").first()
        if stop is None or not visit or visit != visit_of(stop):
            return Refusal("not_found")
        earlier = open_release_of(shipment)
        if earlier is not None and now >= earlier.expires_at:
            expire_one(shipment, earlier, now)
        elif earlier is not None and earlier.account_id is not None:
            return earlier
        refusal = why_no_release(person, shipment, stop, now) or _too_often(shipment, now)
        if refusal is not None:
            return refusal
        return _given(person, shipment, stop, now)


def why_no_release(account: User, shipment: Shipment, stop: Stop, now: datetime) -> Refusal | None:
    """None where the account could release at this stop now: illegal_transition, too_early (nobody is at the
    door), contact_not_settled, code_locked (there is no code that opens) or code_reached (a message with the
    code has arrived: that is the way)."""
    if not (shipment.is_out and shipment.code_required):
        return illegal_transition(shipment)
    if stop.arrived_at is None:
        return Refusal("too_early")
    if _is_unsettled(account, shipment, now):
        return Refusal("contact_not_settled")
    code = DeliveryCode.objects.latest_of(shipment)
    if code is None or not code.is_usable(now):
        return Refusal("code_locked")
    return Refusal("code_reached") if Tries.of(shipment, code.generation).has_arrived else None


def _is_unsettled(account: User, shipment: Shipment, now: datetime) -> bool:
    """Whether a contact was changed lately, codes are held back for that, or the account's person disputes a
    delivery: then it may be somebody else who asks."""
    since = now - ACCOUNT_RELEASE_SETTLES
    if shipment.code_held_until is not None and now < shipment.code_held_until:
        return True
    changed = Event.objects.filter(shipment=shipment, type="order.contact_changed", at__gt=since)
    return changed.exists() or shipments_of(account).filter(disputed_at__gt=since).exists()


def _too_often(shipment: Shipment, now: datetime) -> Refusal | None:
    given = ReleaseRequest.objects.filter(shipment=shipment, account__isnull=False, asked_at__gt=now - DAY)
    times = list(given.order_by("-asked_at").values_list("asked_at", flat=True))
    if len(times) < ACCOUNT_RELEASES_PER_SHIPMENT:
        return None
    wait = times[ACCOUNT_RELEASES_PER_SHIPMENT - 1] + DAY - now
    return Refusal("rate_limited", members={"retry_after": math.ceil(wait.total_seconds())})


def _given(account: User, shipment: Shipment, stop: Stop, now: datetime) -> ReleaseRequest:
    if shipment.release_open:
        end_release(shipment, ReleaseState.WITHDRAWN, now)
    release = ReleaseRequest.objects.create(
        shipment=shipment,
        stop=stop,
        courier=stop.route.courier,
        account=account,
        state=ReleaseState.APPROVED,
        approvals_needed=0,
        asked_at=now,
        decided_at=now,
        expires_at=now + RELEASE_USABLE,
    )
    data = {"release": release.public_id, "courier": stop.route.courier.public_id}
    fact = Fact("release.given", Actor("recipient", account.public_id), data)
    shipment.record([fact], at=now, release_open=True)
    send_released(shipment, account)
    return release
