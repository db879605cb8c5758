"""The address that people reach the service at: it is in every message."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings

from delivery_otp.doctor.findings import Finding, ok, problem, warning

TIMEOUT_SECONDS = 5
# What a text message with a code and its link has room for in languages of Latin letters: docs/messages.md.
LONGEST_URL = 36


def check() -> Iterator[Finding]:
    url: str = settings.PUBLIC_URL
    if not settings.SECURE and settings.PUBLIC_HOST not in settings.LOOPBACK:
        yield problem(
            "PUBLIC_URL is not https: links with codes behind them travel readable.",
            "Put a proxy with a certificate in front, and set PUBLIC_URL to its https:// address.",
        )
    if urlsplit(url).path not in ("", "/"):
        yield problem("PUBLIC_URL has a path.", "The service answers at the root of a host of its own.")
    if len(url) > LONGEST_URL:
        yield warning(
            f"PUBLIC_URL has {len(url)} characters: full text messages go without their link.",
            f"A shorter host name, {LONGEST_URL} characters with https:// at most, leaves room for it.",
        )
    if "*" in settings.ALLOWED_HOSTS:
        yield problem("ALLOWED_HOSTS lets any host through.", "Name your own, or unset ALLOWED_HOSTS.")
    yield from _answers(url)
    yield from _static_files()


def _answers(url: str) -> Iterator[Finding]:
    reason = _asked(f"{url}/livez")
    if not reason:
        yield ok(f"{url} answers.")
        return
    says, mend = (
        f"{url}/livez does not answer as it should ({reason}).",
        "Is the service running, and does the proxy pass on Host and X-Forwarded-Proto?",
    )
    yield warning(says, mend) if settings.DEVELOPMENT else problem(says, mend)


def _asked(url: str) -> str:
    """What is wrong with the answer; empty where nothing is. Not through a proxy of this machine's."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=TIMEOUT_SECONDS) as answer:
            told = json.loads(answer.read(1000))
    except urllib.error.HTTPError as error:
        return f"HTTP {error.code}"
    except urllib.error.URLError as error:
        return type(error.reason).__qualname__
    except (OSError, ValueError) as error:
        return type(error).__qualname__
    return "" if told == {"status": "ok"} else "something else answers"


def _static_files() -> Iterator[Finding]:
    if settings.DEVELOPMENT:
        return
    if (settings.STATIC_ROOT / "staticfiles.json").exists():
        yield ok("The pages' static files are collected.")
    else:
        yield problem(
            "The pages' static files are not collected.",
            "Run after each update: python manage.py collectstatic --noinput",
        )
