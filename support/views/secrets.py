"""Keys of merchants and handhelds of couriers: made with a secret that is shown once, and revoked."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.step_up import ask_first
from api.refusals import Refusal
from fleet.models import Courier, Device, Enrolment
from merchants.models import ApiKey
from orders.models import Merchant
from support.audit import Entry, audited
from support.forms import KeyForm, ReasonForm
from support.models import StaffAction
from support.views.base import page, staff_of

ask_or_do = require_http_methods(["GET", "HEAD", "POST"])


@ask_or_do
def create_key(request: HttpRequest, site: AdminSite, merchant_id: str) -> HttpResponseBase:
    """A new API key; its token is in this one answer and nowhere else. For who has shown a code lately."""
    staff = staff_of(request, "orders.view_merchant", "support.create_key")
    if led := ask_first(request):
        return led
    merchant = get_object_or_404(Merchant, public_id=merchant_id)
    asked = Asked(
        title="New API key",
        of=merchant,
        button="Create the key",
        says=("The key is shown once, on the next page. We keep only a digest of it.",),
        form=KeyForm(request.POST if request.method == "POST" else None),
    )

    def issue(form: ReasonForm) -> tuple[str, str]:
        key, token = ApiKey.issue(
            merchant, livemode=form.cleaned_data["livemode"], name=form.cleaned_data["name"], by=staff
        )
        return str(key), token

    return _show_once(request, site, asked, _entry(staff, StaffAction.Kind.KEY_CREATED, merchant), issue)


@ask_or_do
def create_enrolment(request: HttpRequest, site: AdminSite, courier_id: str) -> HttpResponseBase:
    """A code that enrols one handheld for this courier, once; in this one answer and nowhere else."""
    staff = staff_of(request, "fleet.view_courier", "support.enrol_device")
    courier = get_object_or_404(Courier, public_id=courier_id)
    asked = Asked(
        title="New enrolment code",
        of=courier,
        button="Make the code",
        says=("It enrols one handheld for this courier, once, within seven days. It is shown once.",),
        form=ReasonForm(request.POST if request.method == "POST" else None),
    )

    def issue(form: ReasonForm) -> tuple[str, str]:
        return f"Enrolment code for {courier.name}", Enrolment.issue(courier, by=staff)[1]

    return _show_once(request, site, asked, _entry(staff, StaffAction.Kind.ENROLMENT, courier), issue)


@ask_or_do
def revoke_key(request: HttpRequest, site: AdminSite, key_id: int) -> HttpResponseBase:
    staff = staff_of(request, "merchants.view_apikey", "support.revoke_key")
    key = get_object_or_404(ApiKey.objects.select_related("merchant"), pk=key_id)
    asked = Asked(
        title=f"Revoke {key}",
        of=key.merchant,
        button="Revoke the key",
        says=("Every program that uses this key is refused from then on. This cannot be undone.",),
        form=ReasonForm(request.POST if request.method == "POST" else None),
    )
    entry = _entry(staff, StaffAction.Kind.KEY_REVOKED, key.merchant, key=key.pk)
    return _do(request, site, asked, entry, key.revoke)


@ask_or_do
def revoke_device(request: HttpRequest, site: AdminSite, device_id: str) -> HttpResponseBase:
    staff = staff_of(request, "fleet.view_device", "support.revoke_device")
    device = get_object_or_404(Device.objects.select_related("courier"), public_id=device_id)
    asked = Asked(
        title=f"Revoke {device}",
        of=device.courier,
        button="Revoke the handheld",
        says=("The handheld is refused from then on. The courier can enrol another. This cannot be undone.",),
        form=ReasonForm(request.POST if request.method == "POST" else None),
    )
    entry = _entry(staff, StaffAction.Kind.DEVICE_REVOKED, device.courier, device=device.public_id)
    return _do(request, site, asked, entry, device.revoke)


# --- What they share -----------------------------------------------------------------------------


class Asked:
    """A page that asks once more: what it is about, what will happen, and the form."""

    def __init__(
        self, *, title: str, of: Merchant | Courier, button: str, says: tuple[str, ...], form: ReasonForm
    ) -> None:
        self.title, self.of, self.button, self.says, self.form = title, of, button, says, form

    def entry(self, entry: Entry) -> Entry:
        """The entry with what the form says."""
        given = {name: self.form.cleaned_data[name] for name in ("reason", "form_key")}
        return Entry(**vars(entry) | given)

    def context(self) -> dict[str, Any]:
        return {"title": self.title, "asked": self, "form": self.form}


def _entry(staff: User, kind: StaffAction.Kind, about: Merchant | Courier, **details: object) -> Entry:
    return Entry(staff=staff, action=kind, about=about.public_id, details=details)


def _home(about: models.Model) -> tuple[str, int]:
    return f"admin:{about._meta.app_label}_{about._meta.model_name}_change", about.pk


def _show_once(
    request: HttpRequest,
    site: AdminSite,
    asked: Asked,
    entry: Entry,
    issue: Callable[[ReasonForm], tuple[str, str]],
) -> HttpResponse:
    if not asked.form.is_valid():
        return _ask(request, site, asked)
    made = audited(asked.entry(entry), lambda: issue(asked.form))
    if isinstance(made, Refusal):
        messages.info(request, f"{made.detail} What it made was shown then, and is not shown again.")
        return redirect(*_home(asked.of))
    name, secret = made
    context = {"title": asked.title, "name": name, "secret": secret, "of": asked.of}
    return page(site, request, "support/shown_once.html", context)


def _do(
    request: HttpRequest, site: AdminSite, asked: Asked, entry: Entry, verb: Callable[[], None]
) -> HttpResponse:
    if not asked.form.is_valid():
        return _ask(request, site, asked)
    done = audited(asked.entry(entry), verb)
    messages.success(request, done.detail if isinstance(done, Refusal) else f"Done: {asked.title}.")
    return redirect(*_home(asked.of))


def _ask(request: HttpRequest, site: AdminSite, asked: Asked) -> HttpResponse:
    return page(site, request, "support/ask.html", asked.context(), status=400 if asked.form.errors else 200)
