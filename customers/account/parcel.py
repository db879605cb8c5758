"""The page of one parcel in the account: with its code, for who wants that in no message."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from api.refusals import Refusal
from customers.account.guard import account_of, form_signed_in, signed_in
from customers.found import only
from customers.order_page import OrderPage
from customers.words import refused, told_here
from handoffs.here import say_here
from handoffs.linked import shipments_of
from handoffs.messages import keeper_of
from handoffs.models import DeliveryCode
from handoffs.rotate import Because, rotate
from orders.models import Actor, Shipment

RECIPIENT = Actor("recipient")


@signed_in
def show(request: HttpRequest, tracking: str) -> HttpResponse:
    shipment = _theirs(request, tracking)
    now = timezone.now()
    page = OrderPage(shipment, now, _code_of(shipment, request))
    with timezone.override(shipment.order.zone):
        return render(request, "customers/account/parcel.html", {"page": page})


@form_signed_in
def new_code(request: HttpRequest, tracking: str) -> HttpResponse:
    """End this code, which somebody else may know or which is locked. An earlier one's form ends nothing."""
    shipment = _theirs(request, tracking)
    code = _code_of(shipment, request)
    meant = code is not None and (code.is_locked or request.POST.get("generation") == str(code.generation))
    if code is not None and meant:
        result = rotate(
            within=only(shipment),
            shipment_id=shipment.public_id,
            actor=RECIPIENT,
            because=Because.LOCKED if code.is_locked else Because.ASKED_FOR,
            generation=code.generation,
        )
        if isinstance(result, Refusal):
            messages.warning(request, refused(result))
        else:
            messages.success(request, _("The old code no longer works. Here is a new one."))
    return redirect("account_parcel", tracking)


@form_signed_in
def here(request: HttpRequest, tracking: str) -> HttpResponse:
    """ "I'm here": the courier's stop is told. A second click changes nothing."""
    shipment = _theirs(request, tracking)
    code = _code_of(shipment, request)
    if code is not None:
        result = say_here(
            within=only(shipment),
            shipment_id=shipment.public_id,
            generation=code.generation,
            actor=RECIPIENT,
        )
        if isinstance(result, Refusal):
            messages.warning(request, refused(result))
        else:
            messages.success(request, told_here())
    return redirect("account_parcel", tracking)


def _theirs(request: HttpRequest, tracking: str) -> Shipment:
    """A parcel of the account. Another's, and one that there is not, are the same: not there."""
    found = shipments_of(account_of(request)).filter(tracking_number=tracking.upper())
    shipment = found.select_related("order__merchant").first()
    if shipment is None:
        raise Http404
    return shipment


def _code_of(shipment: Shipment, request: HttpRequest) -> DeliveryCode | None:
    """The living code, where it is this very account that keeps it: another that has verified the same
    telephone is not told."""
    if keeper_of(shipment.order) != account_of(request):
        return None
    code = DeliveryCode.objects.living().filter(shipment=shipment).first()
    if code is None or code.is_over(timezone.now()):
        return None
    code.shipment = shipment
    return code
