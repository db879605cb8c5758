"""What the pages behind `/o/` have in common: whose parcel it is, and in which language it is told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation

from handoffs.links import holder_of
from handoffs.models import DeliveryCode
from notifications.kinds import language_of
from orders.models import Shipment
from orders.models.shipments import ShipmentQuerySet


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
    return translation.override(language_of(shipment.order.locale))


def answer(request: HttpRequest, template: str, shipment: Shipment, page: object) -> HttpResponse:
    """In the recipient's language, with the clock of the address."""
    with in_language_of(shipment), timezone.override(shipment.order.zone):
        response = render(request, template, {"page": page})
        response["Content-Language"] = translation.get_language() or ""
    return response


def unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html", status=404)
