"""The order page: bare for whoever has the tracking number, the recipient's own behind their link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_POST, require_safe

from api.refusals import Refusal
from customers.guard import secret_address
from customers.order_page import OrderPage
from customers.words import refused, renewed, resent
from handoffs.links import holder_of
from handoffs.models import DeliveryCode
from handoffs.resend import Resent, resend
from handoffs.rotate import Because, rotate
from notifications.kinds import language_of
from orders.models import Actor, Shipment
from orders.models.shipments import ShipmentQuerySet

RECIPIENT = Actor("recipient")


@secret_address
@require_safe
def bare(request: HttpRequest, tracking: str) -> HttpResponse:
    """Status and progress. Never a code, and nothing personal: this link is passed on."""
    shipment = _find(tracking)
    return _answer(request, OrderPage(shipment, timezone.now())) if shipment else _unknown(request)


@secret_address
@require_safe
def own(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """The recipient's own page. Any proof that does not open it gives one and the same bare page."""
    shipment = _find(tracking)
    if shipment is None:
        return _unknown(request)
    now = timezone.now()
    code = holder_of(shipment, proof, now)
    return _answer(request, OrderPage(shipment, now, code, old_link=code is None))


@secret_address
@require_POST
def resend_code(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """Send the code once more. A second click meets the cool-down."""
    shipment, code = _opened(tracking, proof)
    if shipment is None:
        return _unknown(request)
    if code is None:
        return redirect("customers:own", tracking, proof)
    channel = request.POST.get("channel") or None
    result = resend(
        within=_only(shipment), shipment_id=shipment.public_id, channel=channel, generation=code.generation
    )
    with _language_of(shipment):
        if isinstance(result, Resent):
            messages.success(request, resent(result.message))
        else:
            messages.warning(request, refused(result))
    return redirect("customers:own", tracking, proof)


@secret_address
@require_POST
def new_code(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """End this code, which someone else may know or which is locked, and send a new one.

    The link dies with it, so a second click finds an old link and changes nothing.
    """
    shipment, code = _opened(tracking, proof)
    if shipment is None:
        return _unknown(request)
    if code is None:
        return redirect("customers:own", tracking, proof)
    result = rotate(
        within=_only(shipment),
        shipment_id=shipment.public_id,
        actor=RECIPIENT,
        because=Because.LOCKED if code.is_locked else Because.ASKED_FOR,
        generation=code.generation,
    )
    with _language_of(shipment):
        if isinstance(result, Refusal):
            messages.warning(request, refused(result))
            return redirect("customers:own", tracking, proof)
        messages.success(request, renewed(result))
    return redirect("customers:bare", tracking)


def _find(tracking: str) -> Shipment | None:
    numbers = Shipment.objects.filter(tracking_number=tracking.upper())
    return numbers.select_related("order__merchant").first()


def _opened(tracking: str, proof: str) -> tuple[Shipment | None, DeliveryCode | None]:
    shipment = _find(tracking)
    return shipment, holder_of(shipment, proof, timezone.now()) if shipment else None


def _only(shipment: Shipment) -> ShipmentQuerySet:
    return Shipment.objects.filter(pk=shipment.pk)


def _language_of(shipment: Shipment) -> translation.override:
    return translation.override(language_of(shipment.order.locale))


def _answer(request: HttpRequest, page: OrderPage) -> HttpResponse:
    """In the recipient's language, with the clock of the address."""
    with _language_of(page.shipment), timezone.override(page.shipment.order.zone):
        response = render(request, "customers/order.html", {"page": page})
        response["Content-Language"] = translation.get_language() or ""
    return response


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html", status=404)
