"""What every page of staff does first: whether this person may."""

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User


def staff_of(request: HttpRequest, *permissions: str) -> User:
    """The member of staff who asks, with these permissions. Raises PermissionDenied."""
    assert isinstance(request.user, User), "AdminSite.admin_view lets nobody else through"
    if not request.user.has_perms(permissions):
        raise PermissionDenied
    return request.user


def page(
    site: AdminSite, request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """One of our pages within the admin's frame."""
    return render(request, template, site.each_context(request) | context, status=status)
