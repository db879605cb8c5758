"""A fresh code: what a session has to show before something important is changed in its account."""

import time
from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.limits import FRESH_FOR
from accounts.models import User

FRESH = "account_fresh"
SECOND_FACTOR = "account_second_factor"

View = Callable[..., HttpResponse]


def note_proved(request: HttpRequest, account: User) -> None:
    """This session has just shown a code, or what is worth as much. Cycle its id in the same answer."""
    request.session[FRESH] = {"account": account.public_id, "at": int(time.time())}
    request.session[SECOND_FACTOR] = account.public_id


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session has shown a code within the last minutes, for the account that is signed in."""
    said = request.session.get(FRESH)
    if not isinstance(request.user, User) or not isinstance(said, dict):
        return False
    age = time.time() - float(said["at"])
    return bool(said["account"] == request.user.public_id) and 0 <= age < FRESH_FOR.total_seconds()


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was begun, or confirmed since, with more than the password."""
    user = request.user
    return isinstance(user, User) and bool(request.session.get(SECOND_FACTOR) == user.public_id)


def ask_first(request: HttpRequest) -> HttpResponse | None:
    """To where a code is shown, and back to this page; None where one was shown lately."""
    if is_fresh(request):
        return None
    return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': request.path})}")


def fresh_code_required(view: View, *, form_only: bool = False) -> View:
    """Sends whoever has not shown a code lately to do so first, and back. A form is then sent anew: what was
    in it is kept nowhere. From an address that takes forms alone, back is what the form names as `next`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        back = {"next": request.POST.get("next", "")} if form_only else {"next": request.path}
        if not isinstance(request.user, User):
            return redirect(f"{reverse('account_login')}?{urlencode(back)}")
        if not is_fresh(request):
            return redirect(f"{reverse('account_reauthenticate')}?{urlencode(back)}")
        return view(request, *args, **kwargs)

    return guarded


form_with_fresh_code = partial(fresh_code_required, form_only=True)
