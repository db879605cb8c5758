"""Opening an account: its row is made once the code that went to its e-mail address has come back."""

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import places
from accounts.challenges import Started
from accounts.messages.sending import ALREADY_THERE
from accounts.models import Challenge, User
from accounts.stages import CodeStage
from accounts.step_up import note_proved
from api.guesses import a_guess
from api.refusals import Refusal
from api.throttling import client_network
from customers.account import limits
from customers.account.codes import CodeFlow, take_code
from customers.account.forms import SignUpForm
from customers.account.guard import keep_an_hour, private, too_often
from customers.account.words import refused

TEMPLATE = "customers/account/sign_up.html"


@private
def sign_up(request: HttpRequest) -> HttpResponse:
    """The form. The answer is the same whether the address has an account already: its owner is told so, in
    a message."""
    form = SignUpForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, TEMPLATE, {"form": form})
    if refusal := a_guess((limits.SIGN_UPS, client_network(request))).charge():
        return too_often(request, refusal)
    data = form.cleaned_data
    flow = SignUpFlow(request)
    request.session.cycle_key()
    keep_an_hour(request)
    flow.keep(email=data["email"], name=data["name"], password=make_password(data["password"]))
    result = flow.send("email")
    if isinstance(result, Refusal):
        messages.warning(request, refused(result))
    return redirect("account_confirm_sign_up")


class SignUpFlow(CodeFlow):
    """Nobody is signed in, so the challenge is of the address alone. Where that has an account, it is a
    decoy: no code is right."""

    purpose = Challenge.Purpose.SIGN_UP
    elsewhere = "account_signup"

    @property
    def account(self) -> None:
        return None

    @property
    def ways(self) -> dict[str, str]:
        return {"email": self.state["email"]}

    def send(self, channel: str, **more: Any) -> Started | Refusal:
        taken = User.objects.filter(email=self.state["email"]).exists()
        return super().send(channel, decoy=taken, instead=ALREADY_THERE)

    def succeed(self, challenge: Challenge) -> HttpResponse:
        state = self.state
        self.leave()
        try:
            with transaction.atomic():
                account = User.objects.create(
                    email=challenge.address,
                    name=state["name"],
                    password=state["password"],
                    email_verified_at=timezone.now(),
                    locale=translation.get_language() or "",
                )
        except IntegrityError:
            messages.warning(self.request, _("This address has an account already. Sign in to it."))
            return redirect("account_login")
        passed = {"stages": {CodeStage.key: {"handled": True}}}
        login = Login(user=account, email=account.email, signup=True, state=passed)
        response = perform_login(self.request, login)
        note_proved(self.request, account)
        places.note(self.request, account)
        assert isinstance(response, HttpResponse)
        return response


code = take_code(SignUpFlow)
