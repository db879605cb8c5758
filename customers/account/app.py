"""Setting an authenticator app up: its picture and key, and the first code that it shows."""

import base64
from urllib.parse import quote

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.factors import app, recovery
from accounts.models import AuthenticatorApp
from accounts.step_up import form_with_fresh_code, fresh_code_required
from api.refusals import Refusal
from customers.account.guard import account_of, private
from customers.account.security import shown_once
from customers.account.words import refused_proof

BEGUN = "account_app_begun"


@private
@require_POST
@form_with_fresh_code
def begin(request: HttpRequest) -> HttpResponse:
    """A new key. Where there is an app already, it has to be removed first."""
    begun = app.set_up(account_of(request))
    if isinstance(begun, Refusal):
        messages.warning(request, _("Remove the present app first."))
        return redirect("account_security")
    request.session[BEGUN] = begun.pk
    return redirect("account_app")


@private
@fresh_code_required
def confirm(request: HttpRequest) -> HttpResponse:
    """GET shows the picture and the key, to the session alone that asked for it; POST judges the first code.
    Then come recovery codes, if there are none: without them a lost phone would lock its person out."""
    account = account_of(request)
    pending = app.pending_of(account)
    key = pending.key if pending else None
    if pending is None or key is None or request.session.get(BEGUN) != pending.pk:
        return redirect("account_security")
    said = ""
    if request.method == "POST":
        result = app.confirm(account, request.POST.get("code", ""))
        if not isinstance(result, Refusal):
            request.session.cycle_key()
            return _confirmed(request)
        said = refused_proof(result)
    return render(request, "customers/account/app.html", {"said": said, **_shown(pending, key)})


@private
@require_POST
@form_with_fresh_code
def remove(request: HttpRequest) -> HttpResponse:
    app.remove(account_of(request))
    messages.success(request, _("The app was removed. Codes go by message again."))
    return redirect("account_security")


def _confirmed(request: HttpRequest) -> HttpResponse:
    account = account_of(request)
    if recovery.left(account):
        messages.success(request, _("The app is set up. Its codes are asked for from now on."))
        return redirect("account_security")
    return shown_once(request, recovery.renew(account), app_added=True)


def _shown(pending: AuthenticatorApp, key: bytes) -> dict[str, object]:
    """The picture holds what the key's line says besides (Key Uri Format, as authenticator apps read it)."""
    secret = base64.b32encode(key).decode("ascii")
    issuer, whom = _("Delivery codes"), pending.account.email
    uri = f"otpauth://totp/{quote(issuer)}:{quote(whom)}?secret={secret}&issuer={quote(issuer)}"
    picture = segno.make(uri, error="m", micro=False)
    return {
        "picture": picture.svg_data_uri(
            omitsize=True, light="#fff", encode_minimal=True, omit_charset=True, nl=False
        ),
        "groups": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "uri": uri,
    }
