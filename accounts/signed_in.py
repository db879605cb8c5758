"""What a sign-in leaves behind: its session's beginning, a line of history, word of a new browser."""

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import browsers, exposed, guesses
from accounts.history import record
from accounts.models import SecurityEvent, User
from accounts.session_store import SIGNED_IN
from api.ids import new_id


def begin_session(request: HttpRequest, account: User, *, is_first: bool) -> None:
    """Call right after the login. `is_first`: the account has just been opened here. What staff begin ends
    after its hours, whatever is done with it."""
    now, name = timezone.now(), browser_of(request)
    request.session[SIGNED_IN] = {"id": new_id("ses"), "browser": name, "at": int(now.timestamp())}
    request.session.set_expiry(now + settings.STAFF_SESSION if account.is_staff else None)
    what = SecurityEvent.What
    with transaction.atomic():
        exposed.finish_try(request, account)
        if is_first:
            record(account, what.SIGNED_UP, browser=name)
        elif is_known(request, account):
            record(account, what.SIGNED_IN, browser=name)
        else:
            record(account, what.NEW_BROWSER, browser=name)


def is_known(request: HttpRequest, account: User) -> bool:
    """Whether this account has signed in from this browser before."""
    named = guesses.is_known(request.COOKIES.get(guesses.BROWSER_COOKIE, ""), account.email)
    return named or browsers.trusted(request, account) is not None


def browser_of(request: HttpRequest) -> str:
    return browsers.name_of(request.headers.get("User-Agent", ""))
