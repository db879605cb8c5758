"""What holds for every page of an account: a browser keeps nothing of it, and no search engine finds it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from api.refusals import Refusal
from customers.account.limits import UNFINISHED
from customers.account.words import wait

View = Callable[..., HttpResponse]

page_methods = require_http_methods(["GET", "HEAD", "POST"])


def private(view: View) -> View:
    """For pages of somebody who may not be signed in yet."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return page_methods(guarded)


def signed_in(view: View) -> View:
    """For pages of who is signed in; others are led to sign in, and back."""
    return private(login_required(view))


def form_signed_in(view: View) -> View:
    """For addresses that take forms alone, of who is signed in: others are led to sign in, and then to where
    the form says as `next`, since there is no page here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(request.user, User):
            return redirect_to_login(onward(request), resolve_url("account_login"))
        return view(request, *args, **kwargs)

    return private(require_POST(guarded))


def account_of(request: HttpRequest) -> User:
    """Who is signed in. Call behind `signed_in` or `fresh_code_required`."""
    assert isinstance(request.user, User), "the guard lets nobody else through"
    return request.user


def onward(request: HttpRequest) -> str:
    """Where the form or the address says to go next, if that is a page of ours; else the account's start."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={settings.PUBLIC_HOST}, require_https=settings.SECURE
    )
    return asked if safe and asked.startswith("/") else resolve_url(settings.LOGIN_REDIRECT_URL)


def keep_an_hour(request: HttpRequest) -> None:
    """Where nobody is signed in, what this session holds is soon of no use. Signing in lets it last again."""
    if not isinstance(request.user, User):
        request.session.set_expiry(int(UNFINISHED.total_seconds()))


def an_id(given: str) -> str:
    """What cannot be an id is none: PostgreSQL takes no NUL."""
    return given if given.isascii() and given.isprintable() else ""


def too_often(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer where a limit is spent: nobody looked at what was sent."""
    seconds = int(refusal.members["retry_after"])
    response = render(request, "customers/account/too_often.html", {"wait": wait(seconds)}, status=429)
    response["Retry-After"] = str(seconds)
    return response
