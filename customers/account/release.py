"""Doing without the code, where its messages do not arrive: one tap and a fresh code, for the courier at the
door."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.step_up import fresh_code_required
from api.refusals import Refusal
from customers.account.guard import account_of, private
from fleet.models import Stop
from handoffs.linked import shipments_of
from handoffs.models import ReleaseRequest
from handoffs.release.account import release_from_account, visit_of, why_no_release
from handoffs.release.ask import open_release_of
from handoffs.word import word_of
from orders.models import Shipment, Status


@dataclass(frozen=True)
class ReleasePage:
    """What the page of one parcel says of its visit."""

    account: User
    shipment: Shipment
    now: datetime

    @property
    def merchant(self) -> str:
        return self.shipment.order.merchant.shown_name

    @cached_property
    def stop(self) -> Stop | None:
        stop = Stop.objects.current().filter(shipment=self.shipment).select_related("route__courier").first()
        if stop is not None:
            stop.shipment = self.shipment
        return stop

    @property
    def visit(self) -> str:
        return visit_of(self.stop) if self.stop else ""

    @property
    def word(self) -> str:
        return word_of(self.stop) if self.stop else ""

    @cached_property
    def given(self) -> ReleaseRequest | None:
        """What this account has released already, and the courier has not used."""
        release = open_release_of(self.shipment)
        return release if release and release.account_id and release.is_usable(self.now) else None

    @cached_property
    def why_not(self) -> str:
        """Why it cannot be released now; empty where it can."""
        if self.stop is None:
            return _refused(Refusal("too_early"))
        refusal = why_no_release(self.account, self.shipment, self.stop, self.now)
        return _refused(refusal) if refusal else ""


def at_the_door_of(account: User) -> list[Shipment]:
    """The parcels of this account that a courier reports to be at the door with."""
    here = Stop.objects.current().exclude(arrived_at=None).values("shipment")
    out = shipments_of(account).filter(status=Status.OUT_FOR_DELIVERY, code_required=True, pk__in=here)
    return list(out.select_related("order__merchant").order_by("-id"))


@private
@fresh_code_required
def release(request: HttpRequest, tracking: str) -> HttpResponse:
    """GET says what the button does, POST does it. A second tap finds what the first one did."""
    account = account_of(request)
    shipment = _theirs(account, tracking)
    if request.method != "POST":
        page = ReleasePage(account, shipment, timezone.now())
        with timezone.override(shipment.order.zone):
            return render(request, "customers/account/release.html", {"page": page})
    visit = request.POST.get("visit", "")
    result = release_from_account(account=account, shipment_id=shipment.public_id, visit=visit)
    if isinstance(result, Refusal):
        messages.warning(request, _refused(result))
    else:
        messages.success(request, _("Released. Now have the courier hand it over."))
    return redirect("account_release", tracking)


def _theirs(account: User, tracking: str) -> Shipment:
    """A parcel of the account. Another's, and one that there is not, are the same: not there."""
    found = shipments_of(account).filter(tracking_number=tracking.upper())
    shipment = found.select_related("order__merchant").first()
    if shipment is None:
        raise Http404
    return shipment


def _refused(refusal: Refusal) -> str:
    said = {
        "too_early": _("No courier reports being at your door now. It can be released only then."),
        "contact_not_settled": _(
            "A contact was changed or a delivery disputed a short time ago. To protect you, it cannot be "
            "released here; the courier can ask our support."
        ),
        "code_locked": _("There is no code that works now. The courier can ask our support."),
        "code_reached": _("The message with your code has arrived: tell the courier that code."),
        "rate_limited": _("It was released as often as it can be in a day. The courier can ask our support."),
        "illegal_transition": _("This parcel is not at a door where a code is needed now."),
    }
    return said.get(refusal.code, _("This has changed meanwhile: here is how it stands now."))
