"""The page that a problem's `type` points at."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from api.catalogue import PROBLEMS


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """Every problem code with its status and meaning, each under an anchor of its own."""
    return render(request, "api/problems.html", {"problems": PROBLEMS})
