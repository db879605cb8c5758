"""The handheld web app at /courier/: one page without data of its own; all it shows comes from the API."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def handheld(request: HttpRequest) -> HttpResponse:
    """The same for everybody. Its scripts keep the device's token and talk to /api/v1/courier/."""
    response = render(request, "couriers/handheld.html", {"development": settings.DEVELOPMENT})
    response["X-Robots-Tag"] = "noindex"
    return response
