"""A new password: by its owner who is signed in, or by a link to the mailbox."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import guesses
from accounts.passwords import ask_reset, change_password
from accounts.reset_links import whose_link
from accounts.step_up import fresh_code_required
from api.guesses import a_guess
from api.throttling import client_network
from customers.account import limits
from customers.account.forms import ChangePasswordForm, NewPasswordForm, ResetForm
from customers.account.guard import account_of, private, too_often
from customers.guard import secret_address


@private
@fresh_code_required
def change(request: HttpRequest) -> HttpResponse:
    """With the present one, which whoever finds a browser signed in does not find out here."""
    account = account_of(request)
    form = ChangePasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        guess = guesses.password_guess(account)
        if refusal := guess.charge():
            return too_often(request, refusal)
        if account.check_password(form.cleaned_data["present"]):
            guess.give_back()
            change_password(account, form.cleaned_data["password"])
            account.refresh_from_db()
            update_session_auth_hash(request, account)
            messages.success(request, _("Your password was changed. Every other browser was signed out."))
            return redirect("account_home")
        form.add_error("present", _("This is not your present password."))
    return render(request, "customers/account/password.html", {"form": form})


@private
def reset(request: HttpRequest) -> HttpResponse:
    """Ask for the link. The answer is the same whether there is such an account, and whether its mailbox has
    had as many links as it may."""
    form = ResetForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "customers/account/reset.html", {"form": form})
    if refusal := a_guess((limits.RESETS, client_network(request))).charge():
        return too_often(request, refusal)
    email = form.cleaned_data["email"]
    if a_guess((limits.RESETS_OF_ADDRESS, email.lower())).charge() is None:
        ask_reset(email)
    return render(request, "customers/account/reset.html", {"sent": True})


@secret_address
@private
def set_by_link(request: HttpRequest, account_id: str, token: str) -> HttpResponse:
    """Behind the link: a new password ends every session and every trust in a browser."""
    account = whose_link(account_id, token)
    if account is None:
        return render(request, "customers/account/reset.html", {"form": ResetForm(), "dead": True})
    form = NewPasswordForm(account, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_password(account, form.cleaned_data["password"], by_mailbox=True)
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("account_login")
    return render(request, "customers/account/password.html", {"form": form, "by_link": True})
