"""The staff themselves, for administrators: who they are, what they may do, whether they still may."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts.disabling import set_active
from accounts.models import User
from support.admin.base import Rows
from support.site import site


@admin.register(User, site=site)
class StaffAdmin(Rows):
    """Only superusers: whoever could edit roles would have them all. People are added with
    `manage.py create_staff`, so that no password goes through a form that somebody else fills in."""

    list_display = ("email", "name", "is_active", "is_superuser", "last_login")
    list_filter = ("is_active", "groups")
    fields = ("email", "name", "is_active", "groups")
    readonly_fields = ("email",)
    filter_horizontal = ("groups",)
    ordering = ("email",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).filter(is_staff=True)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._is_superuser(request)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Whoever is sent away is signed out everywhere, and stays so if they come back."""
        super().save_model(request, obj, form, change)
        if "is_active" in form.changed_data:
            set_active(obj, active=obj.is_active)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def _is_superuser(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and request.user.is_active and request.user.is_superuser
