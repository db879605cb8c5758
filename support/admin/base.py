"""What holds for every list and form of rows: what is hidden cannot be asked for, and changes are kept."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import ModelChoiceField, ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.models import User
from support.audit import Entry, note
from support.models import StaffAction

NAMES = frozenset({"name", "email"})  # of people, who can ask to be forgotten: the audit cannot forget


def changed_values(form: ModelForm) -> dict[str, list[object]]:
    """Each changed column with its value before and after; of names only that they changed."""
    model = form._meta.model._meta
    columns = {field.name for field in (*model.fields, *model.many_to_many)}
    return {
        name: [] if name in NAMES else [_plain(_before(form, name)), _plain(form.cleaned_data.get(name))]
        for name in form.changed_data
        if name in columns
    }


def _before(form: ModelForm, name: str) -> object:
    value, field = form.initial.get(name), form.fields[name]
    one = isinstance(field, ModelChoiceField) and not isinstance(field, ModelMultipleChoiceField)
    return field.to_python(value) if one else value


def _plain(value: object) -> object:
    """As JSON keeps it."""
    if isinstance(value, (list, tuple, models.QuerySet)):
        return sorted(str(each) for each in value)
    return value if isinstance(value, (bool, int)) or value is None else str(value)


class Rows(admin.ModelAdmin):
    """Nothing can be deleted, and a list answers only about the columns that it offers to filter by.

    Django lets everybody who may see a list filter it by any column of the row, also one that is not shown:
    `?to__startswith=+4474…` would tell a masked phone number digit by digit, `?nonce__gt=…` what a code is
    derived from.
    """

    filters_besides: tuple[str, ...] = ()
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    actions = None
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        offered = {str(name) for name in self.get_list_filter(request)} | set(self.filters_besides)
        return any(
            lookup in (name, f"{name}__exact", f"{name}__id__exact", f"{name}__isnull") for name in offered
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What staff did to it, from our own append-only table rather than Django's log."""
        row = self.get_object(request, object_id)
        if row is None or not self.has_view_permission(request, row):
            raise PermissionDenied
        about = getattr(row, "public_id", "")
        return HttpResponseRedirect(reverse("admin:support_staffaction_changelist") + f"?about={about}")

    # --- Changes ----------------------------------------------------------------------------------

    def construct_change_message(
        self, request: HttpRequest, form: Any, formsets: Iterable[Any], add: bool = False
    ) -> list[dict[str, Any]]:
        """What was changed, from what to what: in place of the names of fields alone."""
        own = changed_values(form)
        changed: list[dict[str, Any]] = [{"changed": own}] if own else []
        for formset in formsets:
            rows = [row for row in formset.forms if row.has_changed()]
            changed += [self._line(row, deleted=row in formset.deleted_forms) for row in rows]
        return changed

    def _line(self, form: ModelForm, *, deleted: bool) -> dict[str, Any]:
        return {"row": str(form.instance), "deleted": deleted, "changed": changed_values(form)}

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        self._note(request, StaffAction.Kind.ADDED, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        self._note(request, StaffAction.Kind.CHANGED, obj, message)

    def _note(self, request: HttpRequest, kind: StaffAction.Kind, obj: Any, message: Any) -> None:
        assert isinstance(request.user, User)
        reason = request.POST.get("reason", "")[:300] if "reason" in self.fields_asked else ""
        note(
            Entry(
                staff=request.user,
                action=kind,
                about=obj.public_id,
                reason=reason,
                details={"changes": message},
            )
        )

    fields_asked: tuple[str, ...] = ()


class Records(Rows):
    """Rows that nobody writes, a superuser included."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class RecordsInline(admin.TabularInline):
    """The same beneath another row."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
