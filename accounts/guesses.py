"""How often somebody may try a password, counted before it is looked at (`api.guesses`).

A browser that an account has signed in from before is counted by itself alone. So a stranger who spends the
limits of an account keeps its owner out of new browsers for a while, never out of their own.
"""

import secrets
import unicodedata
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User
from api.guesses import Guess, GuessLimit, a_guess

PER_NETWORK = GuessLimit("sign-in of a network", 100, timedelta(hours=1))
PER_ACCOUNT_AND_NETWORK = GuessLimit("sign-in of an account, network", 5, timedelta(minutes=15))
PER_ACCOUNT = GuessLimit("sign-in of an account", 50, timedelta(hours=24))
PER_KNOWN_BROWSER = GuessLimit("sign-in of a known browser", 20, timedelta(hours=24))
PER_PERSON = GuessLimit("password of who is signed in", 10, timedelta(hours=1))

BROWSER_COOKIE = "__Host-browser" if settings.SECURE else "browser"
BROWSER_KNOWN_FOR = timedelta(days=90)
_SALT = "accounts.guesses/browser"


def sign_in_guess(*, email: str, network: str, browser: str) -> Guess:
    """A try to sign in. `browser` is what `name_browser` once gave this browser, or anything else.

    Nobody is looked up: it counts alike whether there is such an account.
    """
    account = _account(email)
    if name := _known(browser, account):
        return a_guess((PER_KNOWN_BROWSER, name))
    return a_guess(
        (PER_NETWORK, network),
        (PER_ACCOUNT_AND_NETWORK, f"{account} {network}"),
        (PER_ACCOUNT, account),
    )


def password_guess(user: User) -> Guess:
    """A try to tell the present password, by who is signed in already."""
    return a_guess((PER_PERSON, user.public_id))


def name_browser(email: str) -> str:
    """A name for a browser that this account has just signed in from, to be kept in its cookie.

    It opens nothing: it only has the browser's tries counted apart.
    """
    return signing.dumps([_digest(_account(email)), secrets.token_urlsafe(16)], salt=_SALT)


def is_known(browser: str, email: str) -> bool:
    """Whether `name_browser` gave this name, for this account."""
    return bool(_known(browser, _account(email)))


def _known(browser: str, account: str) -> str:
    """The name of a browser that this account knows; else empty."""
    try:
        whose, name = signing.loads(browser, salt=_SALT, max_age=BROWSER_KNOWN_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(name) if constant_time_compare(whose, _digest(account)) else ""


def _account(email: str) -> str:
    """As sign-in reads it, so that another way to write an address is not another account to count."""
    return unicodedata.normalize("NFKC", email).strip().lower()


def _digest(account: str) -> str:
    return salted_hmac(_SALT, account, algorithm="sha256").hexdigest()
