"""Another e-mail address for the account, once a code that went there has come back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.challenges import Started
from accounts.contacts import keep_email
from accounts.messages.sending import ALREADY_THERE
from accounts.models import Challenge, User
from accounts.step_up import fresh_code_required
from api.guesses import a_guess
from api.refusals import Refusal
from customers.account import limits
from customers.account.codes import CodeFlow, take_code
from customers.account.forms import EmailForm
from customers.account.guard import account_of, private, too_often
from customers.account.words import refused


@private
@fresh_code_required
def change(request: HttpRequest) -> HttpResponse:
    """Which address. The answer is the same whether another account has it."""
    form = EmailForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "customers/account/email.html", {"form": form})
    if refusal := a_guess((limits.ADDRESSES, account_of(request).public_id)).charge():
        return too_often(request, refusal)
    flow = EmailFlow(request)
    flow.keep(email=form.cleaned_data["email"])
    result = flow.send("email")
    if isinstance(result, Refusal):
        messages.warning(request, refused(result))
    return redirect("account_confirm_email")


class EmailFlow(CodeFlow):
    """The code goes to the new address; where that is another account's, it is a decoy."""

    purpose = Challenge.Purpose.EMAIL
    elsewhere = "account_email"

    @property
    def is_entered(self) -> bool:
        return self.account is not None and super().is_entered

    @property
    def ways(self) -> dict[str, str]:
        return {"email": self.state["email"]}

    def send(self, channel: str, **more: Any) -> Started | Refusal:
        others = User.objects.filter(email=self.state["email"]).exclude(pk=account_of(self.request).pk)
        return super().send(channel, decoy=others.exists(), instead=ALREADY_THERE)

    def succeed(self, challenge: Challenge) -> HttpResponse:
        self.leave()
        self.request.session.cycle_key()
        if isinstance(keep_email(challenge), Refusal):
            messages.warning(self.request, _("This address has an account already."))
        else:
            messages.success(self.request, _("Your e-mail address was changed."))
        return redirect("account_home")


code = take_code(EmailFlow)
