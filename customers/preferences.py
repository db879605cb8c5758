"""Delivery preferences for the address of an order, reached from the recipient's own page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from api.refusals import Refusal
from customers.found import answer, find, in_language_of, only, opened, unknown
from customers.guard import secret_address
from customers.preferences_page import PreferencesPage
from customers.words import code_asked, opted_back_in, opted_out, preference_refused
from handoffs.links import holder_of
from handoffs.preferences.ask import ask_opt_out
from handoffs.preferences.confirm import confirm_opt_out
from handoffs.preferences.way_back import confirmed_by, opt_back_in

TEMPLATE = "customers/preferences.html"


@secret_address
@require_safe
def show(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """What can be chosen. Behind the link of an opt-out's notice: only how to take it back."""
    shipment = find(tracking)
    if shipment is None:
        return unknown(request)
    now = timezone.now()
    code = holder_of(shipment, proof, now)
    confirmed = None if code else confirmed_by(shipment, proof)
    if code is None and confirmed is None:
        return redirect("customers:own", tracking, proof)
    return answer(request, TEMPLATE, shipment, PreferencesPage(shipment, now, code, confirmed))


@secret_address
@require_POST
def send(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """Send a code to the contact that is to opt out. A second click meets the cool-down."""
    shipment, code = opened(tracking, proof)
    if shipment is None:
        return unknown(request)
    if code is None:
        return redirect("customers:own", tracking, proof)
    result = ask_opt_out(
        within=only(shipment),
        shipment_id=shipment.public_id,
        generation=code.generation,
        channel=request.POST.get("channel", ""),
    )
    with in_language_of(shipment):
        _say(request, result if isinstance(result, Refusal) else code_asked(result.message))
    return redirect("customers:preferences", tracking, proof)


@secret_address
@require_POST
def confirm(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """Judge the code that was typed. What is answered was committed before."""
    shipment, code = opened(tracking, proof)
    if shipment is None:
        return unknown(request)
    if code is None:
        return redirect("customers:own", tracking, proof)
    result = confirm_opt_out(
        within=only(shipment),
        shipment_id=shipment.public_id,
        generation=code.generation,
        challenge_id=_id(request.POST.get("challenge", "")),
        typed=request.POST.get("code", ""),
    )
    with in_language_of(shipment):
        _say(request, result if isinstance(result, Refusal) else opted_out(result))
    return redirect("customers:preferences", tracking, proof)


@secret_address
@require_POST
def codes_again(request: HttpRequest, tracking: str, proof: str) -> HttpResponse:
    """Back to codes: from the recipient's page for all their contacts, from a notice for the one it tells."""
    shipment, code = opened(tracking, proof)
    if shipment is None:
        return unknown(request)
    confirmed = None if code else confirmed_by(shipment, proof)
    if code is None and confirmed is None:
        return redirect("customers:own", tracking, proof)
    result = opt_back_in(
        within=only(shipment),
        shipment_id=shipment.public_id,
        contact=confirmed.preference.contact if confirmed else None,
    )
    with in_language_of(shipment):
        _say(request, result if isinstance(result, Refusal) else opted_back_in())
    if confirmed:  # its link is dead now
        return redirect("customers:bare", tracking)
    return redirect("customers:preferences", tracking, proof)


def _say(request: HttpRequest, result: Refusal | str) -> None:
    if isinstance(result, Refusal):
        messages.warning(request, preference_refused(result))
    else:
        messages.success(request, result)


def _id(given: str) -> str:
    """What cannot be an id is none: PostgreSQL takes no NUL."""
    return given if given.isascii() and given.isprintable() else ""
