"""Passkeys: what the browser asks us for, adding, naming and removing one, signing in with one."""

import json
from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.factors import passkeys
from accounts.models import User
from accounts.stages import CodeStage, entered
from accounts.step_up import form_with_fresh_code, fresh_code_required, is_fresh, note_proved
from api.guesses import a_guess
from api.refusals import Refusal
from api.throttling import client_network
from customers.account.guard import account_of, keep_an_hour, onward, private, too_often
from customers.account.limits import PASSKEY_OPTIONS
from customers.account.sign_in import named


@private
@require_POST
def options(request: HttpRequest) -> HttpResponse:
    """What `navigator.credentials` needs, as JSON. Its challenge stays in this session."""
    if refusal := a_guess((PASSKEY_OPTIONS, client_network(request))).charge():
        return too_often(request, refusal)
    use, user = request.POST.get("for", ""), request.user
    if use == "add" and isinstance(user, User) and is_fresh(request):
        return JsonResponse(passkeys.begin_adding(user))
    if use == "confirm" and isinstance(user, User):
        return JsonResponse(passkeys.begin_proving(user))
    if use == "code" and (stage := entered(request)):
        return JsonResponse(passkeys.begin_proving(stage.account))
    if use == "sign_in":
        keep_an_hour(request)
        return JsonResponse(passkeys.begin_proving(None))
    return JsonResponse({}, status=403)


@private
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """With a passkey alone: no password, no code."""
    result = passkeys.prove(None, credential_of(request))
    if isinstance(result, Refusal):
        messages.warning(request, _("That passkey does not open an account here."))
        return redirect("account_login")
    passed = {"stages": {CodeStage.key: {"handled": True}}}
    login = Login(user=result, email=result.email, redirect_url=onward(request), state=passed)
    response = perform_login(request, login)
    note_proved(request, result)
    return named(request, response)


@private
@fresh_code_required
def add(request: HttpRequest) -> HttpResponse:
    """GET shows the form, whose script asks the browser; POST keeps what the browser has made."""
    if request.method == "POST":
        result = passkeys.add(account_of(request), request.POST.get("name", ""), credential_of(request))
        if isinstance(result, Refusal):
            messages.warning(request, _("That did not work. Nothing was added."))
            return redirect("account_passkey")
        messages.success(request, _("The passkey was added."))
        return redirect("account_security")
    return render(request, "customers/account/passkey.html", {"possible": passkeys.can_be_made()})


@private
@require_POST
@form_with_fresh_code
def rename(request: HttpRequest) -> HttpResponse:
    if passkeys.rename(account_of(request), _number(request), request.POST.get("name", "")):
        messages.success(request, _("Saved."))
    return redirect("account_security")


@private
@require_POST
@form_with_fresh_code
def remove(request: HttpRequest) -> HttpResponse:
    if passkeys.remove(account_of(request), _number(request)):
        messages.success(request, _("The passkey was removed."))
    return redirect("account_security")


def credential_of(request: HttpRequest) -> Any:
    """What the script has put into the form; None if it is no JSON object that PostgreSQL can keep: no NUL in
    it, no half of a character, no number that is none."""
    try:
        found = json.loads(request.POST.get("credential", ""))
        plain = json.dumps(found, ensure_ascii=False, allow_nan=False)
        plain.encode()
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and "\\u0000" not in plain else None


def _number(request: HttpRequest) -> int:
    given = request.POST.get("passkey", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0
