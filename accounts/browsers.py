"""Trusting a browser: a random token in its cookie, the token's digest in a row of the account.

One cookie serves the few people who share a browser. It opens nothing: with the right password, and for the
account it was issued for, it saves the code.
"""

import re
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from accounts import limits
from accounts.history import record
from accounts.models import SecurityEvent, TrustedBrowser, User
from api.tokens import new_token, token_digest

COOKIE = "__Host-trusted" if settings.SECURE else "trusted"
PREFIX = "tb_"
_BROWSERS = ("Edg", "OPR", "Firefox", "Chrome", "Safari")
_SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
_SHOWN = {"Edg": "Edge", "OPR": "Opera", "Mac OS X": "Mac"}


def trust(request: HttpRequest, response: HttpResponseBase, account: User) -> TrustedBrowser:
    """Trust the browser that asks, for this account, and have the response say so to it."""
    now = timezone.now()
    token, digest = new_token(PREFIX)
    browser = TrustedBrowser.objects.create(
        account=account,
        token_digest=digest,
        name=name_of(request.headers.get("User-Agent", "")),
        trusted_at=now,
        last_used_at=now,
        expires_at=now + limits.BROWSER_TRUSTED_FOR,
    )
    record(account, SecurityEvent.What.BROWSER_TRUSTED, browser=browser.name)
    kept = [token, *_tokens(request)][: limits.BROWSERS_PER_COOKIE]
    response.set_cookie(
        COOKIE,
        ".".join(kept),
        max_age=limits.BROWSER_TRUSTED_FOR,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )
    return browser


def trusted(request: HttpRequest, account: User) -> TrustedBrowser | None:
    """The row by which this account trusts the browser that asks; another account's token is none."""
    digests = [token_digest(token) for token in _tokens(request)]
    living = TrustedBrowser.objects.living(timezone.now())
    return living.filter(account=account, token_digest__in=digests).first()


def note_used(browser: TrustedBrowser, now: datetime) -> None:
    TrustedBrowser.objects.filter(pk=browser.pk).update(last_used_at=now)


def forget(account: User, *, public_id: str | None = None) -> int:
    """End the trust in one browser of this account, or in all of them. Returns how many it was."""
    ours = TrustedBrowser.objects.filter(account=account)
    with transaction.atomic():
        ended = (ours if public_id is None else ours.filter(public_id=public_id)).end(timezone.now())
        if ended:
            record(account, SecurityEvent.What.BROWSER_FORGOTTEN)
        return ended


def name_of(user_agent: str) -> str:
    """Such as "Chrome, Windows": enough to know one's own again."""
    found = [next((name for name in names if name in user_agent), "") for names in (_BROWSERS, _SYSTEMS)]
    return ", ".join(_SHOWN.get(name, name) for name in found if name) or "?"


def _tokens(request: HttpRequest) -> list[str]:
    found = request.COOKIES.get(COOKIE, "").split(".")[: limits.BROWSERS_PER_COOKIE]
    return [token for token in found if re.fullmatch(PREFIX + "[A-Za-z0-9_-]{20,80}", token)]
