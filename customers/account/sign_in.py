"""Signing in: the password, then a code where the browser is not trusted."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.stagekit import stash_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import browsers, guesses, places
from accounts.factors import passkeys
from accounts.models import Challenge, User
from accounts.stages import CodeStage, entered
from accounts.step_up import has_second_factor, note_proved
from api.throttling import client_network
from customers.account.codes import CodeFlow, take_code
from customers.account.forms import SignInForm
from customers.account.guard import onward, private, too_often

TEMPLATE = "customers/account/sign_in.html"


@private
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form. What is wrong, account or password, is not said, and costs the same time."""
    form = SignInForm(request.POST or None)
    context = {"form": form, "next": onward(request), "passkeys": passkeys.can_be_made()}
    if request.method != "POST":
        return _away(request) or render(request, TEMPLATE, context)
    if not form.is_valid():
        return render(request, TEMPLATE, context)
    email = form.cleaned_data["email"]
    guess = guesses.sign_in_guess(
        email=email, network=client_network(request), browser=request.COOKIES.get(guesses.BROWSER_COOKIE, "")
    )
    if refusal := guess.charge():
        return too_often(request, refusal)
    account = authenticate(request, username=email, password=form.cleaned_data["password"])
    if not isinstance(account, User):
        return render(request, TEMPLATE, {**context, "wrong": True})
    guess.give_back()
    login = Login(user=account, email=account.email, redirect_url=context["next"])
    return named(request, perform_password_login(request, {"email": account.email}, login))


def _away(request: HttpRequest) -> HttpResponse | None:
    """Who is signed in already needs no form; staff without a second factor do."""
    user, onto = request.user, onward(request)
    if not isinstance(user, User):
        return None
    for_staff = onto.startswith(reverse("admin:index"))
    suffices = user.is_staff and has_second_factor(request) if for_staff else True
    return redirect(onto) if suffices else None


def named(request: HttpRequest, response: Any) -> HttpResponse:
    """Give a browser that somebody has just signed in with a name, so that its tries are counted apart."""
    assert isinstance(response, HttpResponse)
    if isinstance(request.user, User):
        response.set_cookie(
            guesses.BROWSER_COOKIE,
            guesses.name_browser(request.user.email),
            max_age=guesses.BROWSER_KNOWN_FOR,
            secure=settings.SECURE,
            httponly=True,
            samesite="Strict",
        )
    return response


class SignInFlow(CodeFlow):
    """Its state is that of allauth's stage, which holds who has shown the right password."""

    purpose = Challenge.Purpose.SIGN_IN
    elsewhere = "account_login"

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.stage: CodeStage | None = entered(request)

    @property
    def is_entered(self) -> bool:
        return self.stage is not None

    @property
    def account(self) -> User | None:
        return self.stage.account if self.stage else None

    @property
    def ways(self) -> dict[str, str]:
        return self.account.code_ways if self.account else {}

    @property
    def state(self) -> dict[str, Any]:
        return self.stage.state if self.stage else {}

    def keep(self, **state: Any) -> None:
        assert self.stage is not None
        self.stage.state.update(state)
        stash_login(self.request, self.stage.login)

    def succeed(self, challenge: Challenge) -> HttpResponse:
        assert self.stage is not None
        return pass_on(self.request, self.stage)


def pass_on(request: HttpRequest, stage: CodeStage) -> HttpResponse:
    """What was asked for after the password was right, whatever it was: sign in."""
    account = stage.account
    response = stage.exit()
    note_proved(request, account)
    places.note(request, account)
    if "trust" in request.POST and not account.is_staff:
        browsers.trust(request, response, account)
    return named(request, response)


_code = take_code(SignInFlow)


def code(request: HttpRequest) -> HttpResponse:
    """The page that takes the code of a message; whoever uses an app is led to where its codes go."""
    stage = entered(request)
    return redirect("account_login_other") if stage and stage.account.uses_app else _code(request)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("account_login")
