"""What the pages behind `/o/` have in common: whose parcel it is, and in which language it is told."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation.trans_real import get_supported_language_variant

from api.throttling import Limit, client_network
from handoffs.links import holder_of
from handoffs.models import DeliveryCode
from orders.models import Shipment
from orders.models.shipments import ShipmentQuerySet

# Links have 96 bits and numbers above 50: nobody guesses them. These keep the noise of trying away, and are
# spent only by what opens nothing, so whoever has the right link gets in however many others try.
UNKNOWN_NUMBERS = Limit("unknown-tracking-numbers", quota=60, window_seconds=60)


def find(tracking: str) -> Shipment | None:
    """The shipment of this tracking number, written in capitals or not."""
    numbers = Shipment.objects.filter(tracking_number=tracking.upper())
    return numbers.select_related("order__merchant").first()


def opened(tracking: str, proof: str) -> tuple[Shipment | None, DeliveryCode | None]:
    """The shipment, and the living generation whose link this is; None where the proof opens nothing."""
    shipment = find(tracking)
    return shipment, holder_of(shipment, proof, timezone.now()) if shipment else None


def only(shipment: Shipment) -> ShipmentQuerySet:
    return Shipment.objects.filter(pk=shipment.pk)


def in_language_of(shipment: Shipment) -> translation.override:
    """The recipient's language; where we have no words in it, the one that their browser asks for."""
    try:
        language = get_supported_language_variant(shipment.order.locale.lower())
    except LookupError:
        language = translation.get_language() or settings.LANGUAGE_CODE
    return translation.override(language)


def answer(request: HttpRequest, template: str, shipment: Shipment, page: object) -> HttpResponse:
    """In the recipient's language, with the clock of the address."""
    with in_language_of(shipment), timezone.override(shipment.order.zone):
        response = render(request, template, {"page": page})
        response["Content-Language"] = translation.get_language() or ""
    return response


def unknown(request: HttpRequest) -> HttpResponse:
    """No order has this number."""
    return too_often(request, UNKNOWN_NUMBERS) or render(request, "404.html", status=404)


def wrong_links(tracking: str) -> Limit:
    """Of links to this order that open nothing, asked for from one network."""
    return Limit("wrong-order-links", 60, 60, lambda request: f"{client_network(request)} {tracking.upper()}")


def too_often(request: HttpRequest, limit: Limit) -> HttpResponse | None:
    """Count a look-up that found nothing; the answer where there were too many."""
    spent = limit.spend(request)
    if spent is None or not spent.refused:
        return None
    headers = {**spent.headers(), "Retry-After": str(spent.resets_in)}
    response = render(request, "429.html", status=429)
    for name, value in headers.items():
        response[name] = value
    return response
