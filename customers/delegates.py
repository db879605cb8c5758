"""Passes for others: what the recipient does with them on their page, and what a pass itself shows."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from api.refusals import Refusal
from customers.found import in_language_of, only, opened, unknown
from customers.guard import secret_address
from customers.progress import Expected, expected_of, stop_of
from customers.words import refused
from fleet.models import Stop
from handoffs.delegate import Lasts, name_delegate, revoke_delegate
from handoffs.holders import living_among
from handoffs.limits import DELEGATES_AT_ONCE, DELEGATES_PER_SHIPMENT
from handoffs.links import Pass
from handoffs.messages import link_of
from handoffs.models import Delegate, DeliveryCode
from handoffs.models.delegates import delegates_of
from handoffs.word import word_of
from orders.models import Actor, Parcel, Shipment, Status

RECIPIENT = Actor("recipient")
TEMPLATE = "customers/delegate.html"


@dataclass(frozen=True)
class Given:
    """A pass as the recipient sees it, with the link to pass on."""

    number: int
    name: str
    until: datetime
    link: str


@dataclass(frozen=True)
class Passes:
    """The part of the recipient's page that is about passes. `code`: the generation whose link opened it."""

    shipment: Shipment
    code: DeliveryCode
    now: datetime

    @cached_property
    def given(self) -> list[Given]:
        """Those that hold."""
        return [
            Given(each.number, each.name, each.expires_at, link_of(self.shipment, self.code, each.holder))
            for each in living_among(delegates_of(self.shipment), self.now)
        ]

    @property
    def next_number(self) -> int:
        return self.shipment.passes_made + 1

    @property
    def may_give(self) -> bool:
        return len(self.given) < DELEGATES_AT_ONCE and not self.all_given

    @property
    def all_given(self) -> bool:
        """Whether this shipment has had as many as it may, ended ones too."""
        return self.shipment.passes_made >= DELEGATES_PER_SHIPMENT

    @property
    def lasts(self) -> list[tuple[str, str]]:
        return [
            (Lasts.TODAY, _("today")),
            (Lasts.THREE_DAYS, _("three days")),
            (Lasts.WEEK, _("a week")),
        ]


@dataclass(frozen=True)
class DelegatePage:
    """What a pass shows: what the door needs, and nothing else of the order."""

    shipment: Shipment
    opened: Pass
    now: datetime

    @property
    def code(self) -> DeliveryCode:
        return self.opened.code

    @property
    def delegate(self) -> Delegate:
        return self.opened.delegate

    @property
    def merchant(self) -> str:
        return self.shipment.order.merchant.name

    @property
    def digits(self) -> str:
        """The code, where it would be taken at the door now; else empty."""
        works = self.shipment.is_out and self.code.is_usable(self.now) and not self.code.held_back
        return self.opened.digits if works else ""

    @property
    def until(self) -> datetime:
        return min(self.delegate.expires_at, self.code.expires_at)

    @cached_property
    def parcels(self) -> int:
        return Parcel.objects.filter(shipment=self.shipment).count()

    @cached_property
    def stop(self) -> Stop | None:
        return stop_of(self.shipment)

    @cached_property
    def expected(self) -> Expected | None:
        return expected_of(self.stop, self.now)

    @property
    def word(self) -> str:
        return word_of(self.stop) if self.stop and self.digits else ""

    @property
    def status(self) -> Status:
        return Status(self.shipment.status)

    @property
    def arrived_at(self) -> datetime | None:
        return self.stop.arrived_at if self.stop and self.shipment.is_out else None

    @property
    def comes_next(self) -> bool:
        """Whether the courier is on the way to this door."""
        is_near: bool = self.stop is not None and getattr(self.stop, "is_near", False)
        return is_near and self.shipment.is_out and self.arrived_at is None

    @property
    def waits_for_courier(self) -> bool:
        """Whether the shop wants the code shown only once the courier comes."""
        return self.code.held_back and self.shipment.is_out

    @property
    def state(self) -> str:
        """Another one whenever the page has something else to say; no secret of the code is in it."""
        shown = (self.status, self.expected, self.code.generation, self.arrived_at, self.comes_next)
        told = repr((*shown, self.waits_for_courier, bool(self.digits)))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


# --- What the recipient asks for -----------------------------------------------------------------


@secret_address
@require_POST
def name(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """Give a pass. The form names the next number, so that sent again it gives no second one."""
    shipment, code = opened(tracking, proof)
    if shipment is None:
        return unknown(request)
    if code is not None:
        result = name_delegate(
            within=only(shipment),
            shipment_id=shipment.public_id,
            generation=code.generation,
            number=_number(request),
            name=request.POST.get("name", ""),
            lasts=request.POST.get("lasts", ""),
            actor=RECIPIENT,
        )
        with in_language_of(shipment):
            if isinstance(result, Refusal):
                messages.warning(request, _refused(result))
            else:
                messages.success(request, _("Done. Now share the link below with them."))
    return redirect("customers:own", tracking, proof)


@secret_address
@require_POST
def revoke(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """Take a pass back. A second click changes nothing."""
    shipment, code = opened(tracking, proof)
    if shipment is None:
        return unknown(request)
    if code is not None:
        result = revoke_delegate(
            within=only(shipment),
            shipment_id=shipment.public_id,
            generation=code.generation,
            number=_number(request),
            actor=RECIPIENT,
        )
        with in_language_of(shipment):
            if isinstance(result, Refusal):
                messages.warning(request, _refused(result))
            else:
                messages.success(request, _("Taken back. That code and that page no longer work."))
    return redirect("customers:own", tracking, proof)


def _number(request: HttpRequest) -> int:
    """0, which no pass has, for what is no number."""
    given = request.POST.get("number", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0


def _refused(refusal: Refusal) -> str:
    if refusal.code == "delegates_full":
        return _full(for_good=refusal.members["for_good"])
    if refusal.code == "validation_failed":
        return _("Write a short name, without a number, an address or a link.")
    return refused(refusal)


def _full(*, for_good: bool) -> str:
    if for_good:
        return _("This parcel has had as many passes as it may.")
    return _("Three people have a pass already. Take one back first.")
