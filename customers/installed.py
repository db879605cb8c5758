"""What makes the order page an app of its own on a phone: the worker that stands in for a lost network, and
the manifest (https://www.w3.org/TR/appmanifest/) that puts it among the others."""

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from customers.found import find, in_language_of, unknown
from customers.guard import secret_address

PAPER, PINE = "#f5f1e8", "#0b4f43"


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The same for everybody. Not among the static files: a worker may serve only what lies below it."""
    return HttpResponse(
        _worker(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@cache
def _worker() -> bytes:
    return Path(str(finders.find("customers/worker.js"))).read_bytes()


@secret_address
@require_safe
def manifest(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """Of the page that it lies below, and of no other. It tells what the bare page does, for any proof."""
    shipment = find(tracking)
    if shipment is None:
        return unknown(request)
    with in_language_of(shipment):
        told = {
            "name": _("Parcel from %(merchant)s") % {"merchant": shipment.order.merchant.name},
            "short_name": shipment.order.merchant.name,
            "lang": get_language(),
            "dir": "rtl" if get_language_bidi() else "ltr",
            "start_url": "../",
            "scope": "../",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PINE,
            "icons": _icons(),
        }
    return JsonResponse(told, content_type="application/manifest+json")


def _icons() -> list[dict[str, str]]:
    return [
        {"src": static("favicon.svg"), "type": "image/svg+xml", "sizes": "any"},
        {"src": static("customers/icon-192.png"), "type": "image/png", "sizes": "192x192"},
        {
            "src": static("customers/icon-512.png"),
            "type": "image/png",
            "sizes": "512x512",
            "purpose": "maskable",
        },
    ]
