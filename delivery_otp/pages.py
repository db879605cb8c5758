"""The start page: what this is, and where to click."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from customers.progress import LABELS
from delivery_otp.demo.remembered import remembered
from orders.models import Shipment, Status


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """For everybody; on a development machine also with the demo's order pages and ways to sign in."""
    context = {
        "sandbox": settings.SANDBOX,
        "base": settings.PUBLIC_URL,
        "examples": _one_of_each_status() if settings.DEVELOPMENT else [],
        "secrets": remembered(),
    }
    response = render(request, "start.html", context)
    if context["secrets"]:
        response["Cache-Control"] = "private, no-store"
    return response


def _one_of_each_status() -> list[tuple[Shipment, str | Promise]]:
    """The newest test shipment in each status. The bare pages: a code is behind the sandbox phone's links."""
    tests = Shipment.objects.filter(order__livemode=False).select_related("order__merchant")
    newest = (tests.filter(status=status).order_by("-id").first() for status in Status)
    return [(shipment, LABELS[Status(shipment.status)]) for shipment in newest if shipment is not None]
