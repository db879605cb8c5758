"""The search box. What is typed travels in a body only, and is kept nowhere: a phone number in an address
would stay in histories and logs."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from orders.models import Shipment
from support.attention import rows
from support.search import MOST, search
from support.views.base import page, staff_of

FOUND = "support.found"


@require_http_methods(["GET", "HEAD", "POST"])
def search_shipments(request: HttpRequest, site: AdminSite) -> HttpResponseBase:
    """POST looks it up and leads to the one shipment, or to the list of those found (their keys are in the
    session, so that the list can be loaded again)."""
    staff_of(request, "orders.view_shipment")
    if request.method == "POST":
        return _look_up(request)
    found = request.session.get(FOUND) or {"keys": [], "more": False, "said": ""}
    context = {
        "title": "Search",
        "shipments": rows(found["keys"]),
        "more": found["more"],
        "most": MOST,
        "said": found["said"],
    }
    return page(site, request, "support/search.html", context)


def _look_up(request: HttpRequest) -> HttpResponse:
    found = search(request.POST.get("q", ""))
    request.session[FOUND] = {"keys": found.keys, "more": found.more, "said": found.said}
    if len(found.keys) == 1:
        return redirect("admin:shipment", Shipment.objects.values_list("public_id").get(pk=found.keys[0])[0])
    return redirect("admin:search")
