"""The pages about the API: every endpoint, and what each problem code means."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

from api.catalogue import PROBLEMS
from api.reference import Operation, operations, shapes

# In the order in which a newcomer meets them; what is not named here comes after.
GROUPS = {
    "orders": "Orders",
    "shipments": "Shipments",
    "routes": "Routes",
    "couriers": "Couriers",
    "courier": "The courier's handheld",
}


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Every endpoint of the OpenAPI document on one page, made here: nothing is loaded from elsewhere."""
    document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    context = {
        "groups": _grouped(operations(document)),
        "shapes": shapes(document),
        "base": settings.PUBLIC_URL,
        "info": document["info"],
    }
    return render(request, "api/reference.html", context)


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """Every problem code with its status, meaning and remedy, each under an anchor of its own.

    The page that a problem's `type` points at.
    """
    return render(request, "api/problems.html", {"problems": PROBLEMS})


def _grouped(found: list[Operation]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in GROUPS}
    for operation in found:
        tag = next(iter(operation.told.get("tags", ())), "other")
        groups.setdefault(tag, []).append({"told": operation, "curl": operation.curl(settings.PUBLIC_URL)})
    return [
        {"tag": tag, "title": GROUPS.get(tag, tag.capitalize()), "operations": members}
        for tag, members in groups.items()
        if members
    ]
