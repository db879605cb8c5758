"""Signing in, and telling the present password: each try is counted before Django looks at it."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from accounts import guesses
from accounts.models import User
from api.guesses import Guess
from api.throttling import client_network
from support.views.base import page

BROWSER_COOKIE = "__Host-browser" if settings.SECURE else "browser"

Answer = Callable[[], HttpResponse]


def sign_in(request: HttpRequest, site: AdminSite, answer: Answer) -> HttpResponse:
    """Django's `answer` to the sign-in form, unless there were too many tries: then nobody looks at this."""
    if request.method != "POST":
        return answer()
    email = request.POST.get("username", "")
    browser = request.COOKIES.get(BROWSER_COOKIE, "")
    guess = guesses.sign_in_guess(email=email, network=client_network(request), browser=browser)
    response = _judged(request, site, guess, answer)
    if _was_right(response):
        response.set_cookie(
            BROWSER_COOKIE,
            guesses.name_browser(email),
            max_age=guesses.BROWSER_KNOWN_FOR,
            secure=settings.SECURE,
            httponly=True,
            samesite="Strict",
        )
    return response


def change_password(request: HttpRequest, site: AdminSite, answer: Answer) -> HttpResponse:
    """Django's `answer` to the form that asks for the present password first."""
    if request.method != "POST":
        return answer()
    assert isinstance(request.user, User), "AdminSite.admin_view lets nobody else through"
    return _judged(request, site, guesses.password_guess(request.user), answer)


def _judged(request: HttpRequest, site: AdminSite, guess: Guess, answer: Answer) -> HttpResponse:
    refusal = guess.charge()
    if refusal is not None:
        wait = refusal.members["retry_after"]
        context = {"title": "Too many tries", "minutes": -(-wait // 60)}
        refused = page(site, request, "support/too_often.html", context, status=429)
        refused["Retry-After"] = str(wait)
        add_never_cache_headers(refused)
        return refused
    response = answer()
    if _was_right(response):
        guess.give_back()
    return response


def _was_right(response: HttpResponse) -> bool:
    """Both forms of Django lead on where they accept what was sent, and show themselves again where not."""
    return response.status_code == 302
