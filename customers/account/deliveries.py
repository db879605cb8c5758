"""Delivery preferences in the account: routine parcels without a code, and how all other codes come."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.step_up import form_with_fresh_code
from api.refusals import Refusal
from customers.account.guard import account_of, an_id, form_signed_in, private, signed_in
from customers.account.words import wait
from customers.guard import secret_address
from handoffs.linked import shipments_of
from handoffs.preferences.account import (
    Door,
    account_unsettled,
    choose_way,
    doors_of,
    found_by,
    opt_in,
    opt_out,
    take_back,
)
from handoffs.preferences.opened import Unsettled
from orders.models import OPEN, Shipment

NEWEST = 20


@dataclass(frozen=True)
class DeliveriesPage:
    """What the template shows, in the time of the person's newest parcel."""

    account: User
    now: datetime

    @cached_property
    def doors(self) -> list[Door]:
        return doors_of(self.account)

    @cached_property
    def waits(self) -> Unsettled | None:
        return account_unsettled(self.account, self.now)

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.doors[0].order.timezone) if self.doors else ZoneInfo("UTC")

    @property
    def with_code(self) -> list[Shipment]:
        """The parcels on their way that need a code, whatever is chosen here."""
        still = shipments_of(self.account).filter(status__in=OPEN, code_required=True)
        return list(still.select_related("order__merchant").order_by("-pk")[:NEWEST])

    @property
    def channels(self) -> list[tuple[str, str]]:
        """The ways that there are for this person, the one of everybody first."""
        ways = User.DeliveryChannel
        named = [(ways.USUAL, _("by text message, else by e-mail")), (ways.EMAIL, _("by e-mail first"))]
        if self.account.phone:
            named += [(ways.SMS, _("by text message first")), (ways.VOICE, _("by a call first"))]
        named.append((ways.ACCOUNT, _("in my account alone: no message has the code")))
        return [(way.value, said) for way, said in named]

    @property
    def languages(self) -> list[tuple[str, str]]:
        return [("", _("what the shop says")), *settings.LANGUAGES]


@signed_in
def show(request: HttpRequest) -> HttpResponse:
    page = DeliveriesPage(account_of(request), timezone.now())
    with timezone.override(page.zone):
        return render(request, "customers/account/deliveries.html", {"page": page})


@private
@require_POST
@form_with_fresh_code
def no_codes(request: HttpRequest) -> HttpResponse:
    """Less careful, so with a fresh code."""
    result = opt_out(account_of(request), an_id(request.POST.get("address", "")))
    if isinstance(result, Refusal):
        messages.warning(request, _refused(result, account_of(request)))
    else:
        said = _("Done. Routine parcels ordered from now on to this address come without a delivery code.")
        messages.success(request, said)
    return redirect("account_deliveries")


@form_signed_in
def codes_again(request: HttpRequest) -> HttpResponse:
    """More careful, so with nothing but being signed in."""
    if opt_in(account_of(request), an_id(request.POST.get("address", ""))):
        messages.success(request, _is_back())
    return redirect("account_deliveries")


@private
@require_POST
@form_with_fresh_code
def way(request: HttpRequest) -> HttpResponse:
    """On which way codes come first, and in which language."""
    result = choose_way(
        account_of(request),
        channel=request.POST.get("channel", ""),
        language=request.POST.get("language", ""),
    )
    if isinstance(result, Refusal):
        messages.warning(request, _refused(result, account_of(request)))
    else:
        messages.success(request, _("Saved."))
    return redirect("account_deliveries")


@secret_address
@private
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link of the notice, signed in or not: GET says what the button does, POST does it.

    An old link, a made-up one and one that was used look the same.
    """
    public_id, _dot, proof = token.partition(".")
    choice = found_by(an_id(public_id), proof)
    is_done = choice is not None and request.method == "POST" and take_back(choice) > 0
    shown = {"done": is_done, "dead": choice is None or (request.method == "POST" and not is_done)}
    return render(request, "customers/account/codes_again.html", shown)


def _is_back() -> str:
    return _("Done. Parcels ordered from now on come with a delivery code wherever the shop asks for one.")


def _refused(refusal: Refusal, account: User) -> str:
    if refusal.code == "rate_limited":
        return wait(int(refusal.members["retry_after"]))
    if refusal.code != "contact_not_settled":
        return _("This has changed meanwhile: here is how it stands now.")
    zone = DeliveriesPage(account, timezone.now()).zone
    until = date_format(refusal.members["until"].astimezone(zone), _("D j M, H:i"))
    if refusal.members["because"] == "dispute":
        return _(
            "You told us a short time ago that you did not get a parcel. To protect you, this can be chosen "
            "from %(until)s on."
        ) % {"until": until}
    return _(
        "Your contact details were changed a short time ago. To protect you, this can be chosen from "
        "%(until)s on."
    ) % {"until": until}
