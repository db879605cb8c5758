"""A shipment's page, what can be done from it, and its contact."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.step_up import ask_first
from api.refusals import Refusal
from orders.models import Shipment
from support.actions import ACTIONS, BY_NAME, ShipmentAction, perform
from support.audit import Entry, audited
from support.forms import ReasonForm, ShipmentForm
from support.models import StaffAction
from support.shipment_page import ShipmentPage
from support.views.base import page, staff_of
from support.words import refusal_words

VIEW = "orders.view_shipment"
REVEAL = "support.reveal_contact"
REVEAL_REASONS = ("Caller's identity has to be checked", "Courier cannot find the door")


@require_safe
def show(request: HttpRequest, site: AdminSite, shipment_id: str) -> HttpResponse:
    """Facts, state of the code, timeline and messages; the actions that this person may take now."""
    staff = staff_of(request, VIEW)
    seen = ShipmentPage(_shipment(shipment_id), timezone.now())
    context = {
        "title": f"Shipment {seen.shipment.tracking_number}",
        "seen": seen,
        "actions": [each for each in ACTIONS if staff.has_perm(each.permission) and each.fits(seen)],
        "may_reveal": staff.has_perm(REVEAL),
    }
    return page(site, request, "support/shipment.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, site: AdminSite, shipment_id: str, name: str) -> HttpResponseBase:
    """GET asks once more and for a reason; POST does it."""
    action = BY_NAME.get(name)
    if action is None:
        raise Http404
    staff = staff_of(request, VIEW, action.permission)
    if action.wants_proof and (led := ask_first(request)):
        return led
    shipment = _shipment(shipment_id)
    seen = ShipmentPage(shipment, timezone.now())
    if request.method != "POST":
        generation = seen.latest.generation if seen.latest else None
        return _ask(
            request, site, action, seen, action.form(shipment=shipment, initial={"generation": generation})
        )
    form = action.form(request.POST, shipment=shipment)
    if not form.is_valid():
        return _ask(request, site, action, seen, form)
    outcome = perform(action, staff=staff, shipment=shipment, form=form)
    if isinstance(outcome, Refusal) and _shown_in(form, outcome):
        # The entry of this try holds the form's key: what is sent after it is another try.
        return _ask(request, site, action, seen, form.renewed())
    _tell(request, action, shipment, outcome)
    return redirect("admin:shipment", shipment.public_id)


def _ask(
    request: HttpRequest, site: AdminSite, action: ShipmentAction, seen: ShipmentPage, form: ShipmentForm
) -> HttpResponse:
    context: dict[str, Any] = {"title": action.title, "action": action, "seen": seen, "form": form}
    context |= {"fits": action.fits(seen), "reasons": action.reasons}
    return page(site, request, "support/act.html", context, status=400 if form.errors else 200)


def _shown_in(form: forms.Form, refusal: Refusal) -> bool:
    """Put what was wrong beside the fields; False where it is about none of them."""
    for error in refusal.members.get("errors", ()):
        name = error["pointer"].strip("/")
        form.add_error(name if name in form.fields else None, error["detail"])
    return bool(form.errors)


def _tell(request: HttpRequest, action: ShipmentAction, shipment: Shipment, outcome: object) -> None:
    if not isinstance(outcome, Refusal):
        messages.success(request, action.done)
    elif outcome.code == "already_done":
        messages.info(request, outcome.detail)
    else:
        messages.warning(request, refusal_words(outcome, shipment))


@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: HttpRequest, site: AdminSite, shipment_id: str) -> HttpResponseBase:
    """The whole contact, in the answer to a POST with a reason, and in no other answer, for who has shown a
    code lately."""
    staff = staff_of(request, VIEW, REVEAL)
    if led := ask_first(request):
        return led
    shipment = _shipment(shipment_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"title": "Whole contact", "shipment": shipment, "form": form}
    context |= {"reasons": REVEAL_REASONS, "order": None}
    if form.is_valid():
        if isinstance(_note_reveal(staff, shipment, form), Refusal):
            messages.info(request, "Nothing is shown twice. Give a reason once more to see it again.")
            return redirect("admin:shipment-reveal", shipment.public_id)
        context["order"] = shipment.order
    return page(site, request, "support/reveal.html", context, status=400 if form.errors else 200)


def _note_reveal(staff: User, shipment: Shipment, form: ReasonForm) -> Shipment | Refusal:
    entry = Entry(
        staff=staff,
        action=StaffAction.Kind.REVEAL,
        about=shipment.public_id,
        reason=form.cleaned_data["reason"],
        form_key=form.cleaned_data["form_key"],
    )
    return audited(entry, lambda: shipment)


def _shipment(public_id: str) -> Shipment:
    return get_object_or_404(Shipment.objects.select_related("order__merchant"), public_id=public_id)
