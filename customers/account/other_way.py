"""Proving oneself without a message: a code of the app, a passkey, a recovery code. For signing in, and for
confirming a change."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.factors import app, passkeys, recovery
from accounts.models import User
from accounts.stages import entered
from accounts.step_up import note_proved
from api.refusals import Refusal
from customers.account.guard import account_of, onward, private, signed_in
from customers.account.passkeys import credential_of
from customers.account.sign_in import pass_on
from customers.account.words import refused_proof


@private
def to_sign_in(request: HttpRequest) -> HttpResponse:
    """After the right password."""
    stage = entered(request)
    if stage is None:
        return redirect("account_login")
    return _asked(request, stage.account, "code", lambda: pass_on(request, stage))


@signed_in
def to_confirm(request: HttpRequest) -> HttpResponse:
    """Before something important is changed."""
    account = account_of(request)

    def confirmed() -> HttpResponse:
        request.session.cycle_key()
        note_proved(request, account)
        return redirect(onward(request))

    return _asked(request, account, "confirm", confirmed)


def _asked(request: HttpRequest, account: User, use: str, proved: Callable[[], HttpResponse]) -> HttpResponse:
    said = ""
    if request.method == "POST":
        result = _proof(request, account)
        if not isinstance(result, Refusal):
            return proved()
        said = refused_proof(result)
    context = {
        "said": said,
        "use": use,
        "app": app.app_of(account) is not None,
        "passkey": passkeys.can_be_made() and bool(passkeys.passkeys_of(account)),
        "recovery": recovery.left(account) > 0,
        "may_trust": use == "code" and not account.is_staff,
        "by_message": "" if account.uses_app else _code_page(use),
    }
    return render(request, "customers/account/other_way.html", context)


def _proof(request: HttpRequest, account: User) -> object | Refusal:
    if "credential" in request.POST:
        return passkeys.prove(account, credential_of(request))
    if "recovery" in request.POST:
        return recovery.use(account, request.POST["recovery"])
    return app.check(account, request.POST.get("code", ""))


def _code_page(use: str) -> str:
    return reverse("account_confirm_login_code" if use == "code" else "account_reauthenticate")
