"""Couriers who ask to hand over without a code: the queue, one request, and what staff say to it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from api.refusals import Refusal
from handoffs.models import ReleaseRequest
from handoffs.models.releases import ReleaseState
from handoffs.release.decide import approve_release, refuse_release
from support.audit import Entry, audited
from support.forms import ReasonForm
from support.models import StaffAction
from support.release_page import ReleasePage, requests, waiting_requests
from support.views.base import page, staff_of

VIEW, DECIDE = "orders.view_shipment", "support.approve_release"


@dataclass(frozen=True)
class Decision:
    """One of the two answers, in its words, and the verb that gives it."""

    name: str
    kind: StaffAction.Kind
    title: str
    button: str
    says: tuple[str, ...]
    reasons: tuple[str, ...]
    give: Callable[..., ReleaseRequest | Refusal]
    serious: bool = False


DECISIONS = {
    "approve": Decision(
        name="approve",
        kind=StaffAction.Kind.RELEASE_APPROVE,
        title="Approve: hand over without the code",
        button="Approve it",
        says=(
            "The courier may hand over the parcel without the delivery code, within ten minutes.",
            "Your name stays with it. If the parcel goes to somebody else, nobody can take it back.",
            "Do not ask for the code, and do not call the recipient on a number that the courier tells you.",
        ),
        reasons=("Courier's account is plausible", "Recipient called us", "Message could not be delivered"),
        give=approve_release,
        serious=True,
    ),
    "refuse": Decision(
        name="refuse",
        kind=StaffAction.Kind.RELEASE_REFUSE,
        title="Refuse: the code is needed",
        button="Refuse it",
        says=(
            "The courier is told at once. They may go on with the code, or leave without handing over.",
            "If they leave, that is not put down to them.",
        ),
        reasons=("Courier is far from the address", "Too many requests by this courier", "No sound reason"),
        give=refuse_release,
    ),
}


def waiting_now() -> list[ReleaseRequest]:
    return waiting_requests(timezone.now())


@require_safe
def queue(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """Those who wait, the oldest first. The page loads itself again, without a script."""
    staff, now = staff_of(request, VIEW, DECIDE), timezone.now()
    waiting = [ReleasePage(each, staff, now) for each in waiting_requests(now)]
    return _shown(page(site, request, "support/releases.html", {"title": "Releases", "waiting": waiting}))


@require_safe
def show(request: HttpRequest, site: AdminSite, release_id: str) -> HttpResponse:
    """What the courier asks, and what speaks for it and against."""
    seen = _page(release_id, staff_of(request, VIEW, DECIDE))
    context = {"title": f"Release for {seen.request.shipment.tracking_number}", "seen": seen}
    return _shown(page(site, request, "support/release.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, site: AdminSite, release_id: str, name: str) -> HttpResponseBase:
    """GET asks once more and for a reason; POST says it."""
    decision = DECISIONS.get(name)
    if decision is None:
        raise Http404
    staff = staff_of(request, VIEW, DECIDE)
    seen = _page(release_id, staff)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"title": decision.title, "decision": decision, "seen": seen, "form": form}
        context |= {"reasons": decision.reasons}
        answer = page(site, request, "support/decide.html", context, status=400 if form.errors else 200)
        return _shown(answer)
    outcome = _say(decision, staff=staff, seen=seen, form=form)
    _tell(request, decision, outcome)
    return redirect("admin:release", release_id)


def _say(decision: Decision, *, staff: User, seen: ReleasePage, form: ReasonForm) -> ReleaseRequest | Refusal:
    reason = form.cleaned_data["reason"]
    entry = Entry(
        staff=staff,
        action=decision.kind,
        about=seen.request.shipment.public_id,
        reason=reason,
        form_key=form.cleaned_data["form_key"],
        details={"release": seen.request.public_id},
    )
    give = decision.give
    return audited(entry, lambda: give(staff=staff, request_id=seen.request.public_id, reason=reason))


def _tell(request: HttpRequest, decision: Decision, outcome: ReleaseRequest | Refusal) -> None:
    if isinstance(outcome, Refusal):
        known = outcome.code == "already_done"
        words = outcome.detail if known else f"Nothing was done. {outcome.detail}".strip()
        (messages.info if known else messages.warning)(request, words)
    elif outcome.state == ReleaseState.WAITING:
        messages.success(request, "Approved by you. It needs another person before the parcel may go.")
    elif outcome.state == ReleaseState.APPROVED:
        messages.success(request, "Approved. The courier sees it now and has ten minutes to hand over.")
    else:
        messages.success(request, "Refused. The courier sees it now.")


def _page(release_id: str, staff: User) -> ReleasePage:
    return ReleasePage(get_object_or_404(requests(), public_id=release_id), staff, timezone.now())


def _shown(answer: HttpResponse) -> HttpResponse:
    """Kept by no browser: it holds what a courier wrote about somebody."""
    add_never_cache_headers(answer)
    return answer
