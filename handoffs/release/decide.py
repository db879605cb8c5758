"""What staff say to a request. The surface checks the permission; this, that they are staff still."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from api.refusals import Refusal
from fleet.models import Stop
from handoffs.limits import RELEASE_USABLE
from handoffs.models import ReleaseApproval, ReleaseRequest
from handoffs.models.releases import ReleaseState
from handoffs.release.ask import approvals_needed
from handoffs.release.caps import next_day_of, pair_is_spent
from handoffs.release.expire import end_release
from orders.models import Actor, Fact

Verdict = ReleaseApproval.Verdict


def approve_release(*, staff: User, request_id: str, reason: str) -> ReleaseRequest | Refusal:
    """Approve a waiting request. The last approval needed lets its courier hand over for RELEASE_USABLE.

    Refuses with not_found, permission_denied (not staff any more), release_over (decided, expired, or the
    visit has ended or changed), own_request, decided_before, another_supervisor (this pair's cap) or
    courier_cap.
    """
    now = timezone.now()
    with transaction.atomic():
        request = _hold(request_id, now)
        if isinstance(request, Refusal):
            return request
        refusal = _may_not_decide(staff, request) or _above_a_cap(staff, request, now)
        if refusal is not None:
            return refusal
        _say(request, staff, Verdict.APPROVED, reason, now)
        given = request.approvals.filter(verdict=Verdict.APPROVED).count()
        request.approvals_needed = max(request.approvals_needed, approvals_needed(request.shipment))
        if given >= request.approvals_needed:
            request.state, request.decided_at = ReleaseState.APPROVED, now
            request.expires_at = now + RELEASE_USABLE
            request.approved_day = request.courier.depot.today(now)
        request.save(update_fields=("approvals_needed", "state", "decided_at", "expires_at", "approved_day"))
        data = {
            "release": request.public_id,
            "approvals": given,
            "approvals_needed": request.approvals_needed,
        }
        request.shipment.record([Fact("release.approved", _actor_of(staff), data)], at=now)
        return request


def refuse_release(*, staff: User, request_id: str, reason: str) -> ReleaseRequest | Refusal:
    """Refuse a waiting request; one member of staff is enough. The courier may go on with codes, or fail the
    stop, which is then not put down to them.

    Refuses with not_found, permission_denied, release_over, own_request or decided_before.
    """
    now = timezone.now()
    with transaction.atomic():
        request = _hold(request_id, now)
        if isinstance(request, Refusal):
            return request
        refusal = _may_not_decide(staff, request)
        if refusal is not None:
            return refusal
        _say(request, staff, Verdict.REFUSED, reason, now)
        end_release(request.shipment, ReleaseState.REFUSED, now)
        request.state, request.decided_at = ReleaseState.REFUSED, now
        data = {"release": request.public_id}
        request.shipment.record([Fact("release.refused", _actor_of(staff), data)], at=now)
        return request


def _hold(request_id: str, now: datetime) -> ReleaseRequest | Refusal:
    """The waiting request, with its stop, courier and shipment locked; it is read after the lock."""
    asked = ReleaseRequest.objects.asked().filter(public_id=request_id)
    where = asked.values_list("courier_id", "shipment__public_id").first()
    if where is None:
        return Refusal("not_found")
    stop = Stop.objects.hold(*where)
    request = asked.select_related("device").get()
    if stop is None or stop.pk != request.stop_id or not stop.shipment.is_out:
        return Refusal("release_over", "The visit that it was for has ended, or is another courier's now.")
    if not request.is_waiting(now):
        return Refusal("release_over", "It has been decided, or its time is over.")
    assert request.device is not None, "what a courier asked for was asked from a handheld"
    if request.device.revoked_at is not None:
        return Refusal("release_over", "The handheld that it was asked from was revoked.")
    if not stop.shipment.code_required:
        return Refusal("release_over", "The shipment needs no code any more.")
    request.stop, request.shipment, request.courier = stop, stop.shipment, stop.route.courier
    return request


def _may_not_decide(staff: User, request: ReleaseRequest) -> Refusal | None:
    if not User.objects.filter(pk=staff.pk, is_active=True, is_staff=True).exists():
        return Refusal("permission_denied", "You are not staff any more.")
    enrolled_by = request.device.enrolled_by_id if request.device else None
    if staff.pk in (request.courier.account_id, enrolled_by):
        return Refusal("own_request", "You may hold the handheld that asks: somebody else has to decide.")
    if request.approvals.filter(staff=staff).exists():
        return Refusal("decided_before", "You have approved it already. It needs another person.")
    return None


def _above_a_cap(staff: User, request: ReleaseRequest, now: datetime) -> Refusal | None:
    today = request.courier.depot.today(now)
    if next_day_of(request.courier, today) is not None:
        return Refusal("courier_cap", "This courier has had as many releases as one courier may.")
    if pair_is_spent(request.courier, staff, today):
        detail = "You have approved as many of this courier's releases as one person may. Ask somebody else."
        return Refusal("another_supervisor", detail)
    return None


def _say(request: ReleaseRequest, staff: User, verdict: Verdict, reason: str, now: datetime) -> None:
    ReleaseApproval.objects.create(request=request, staff=staff, verdict=verdict, reason=reason, at=now)


def _actor_of(staff: User) -> Actor:
    return Actor("staff", staff.public_id)
