"""Limits on how often something is asked, counted in Django's cache.

These keep noise out. Nothing that security or delivery depends on may stand on them: a cache that is down
or flushed lets everything through. What can be guessed in earnest is counted by `api.guesses`.
"""

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.request import Request

logger = logging.getLogger(__name__)


def client_network(request: HttpRequest | Request) -> str:
    """The address a request came from; of IPv6 the /64, since one home or phone has all of that."""
    try:
        address = ip_address(_client_address(request))
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Network((address, 64), strict=False))
    return str(address)


def _client_address(request: HttpRequest | Request) -> str:
    """As the outermost of our own proxies saw it: each puts its peer at the end of X-Forwarded-For, and what
    stands before theirs is whatever the client wrote."""
    peer: str = request.META.get("REMOTE_ADDR", "")
    told = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if not settings.TRUSTED_PROXIES or not told:
        return peer
    seen: list[str] = [each.strip() for each in told.split(",")]
    return _without_port(seen[-min(settings.TRUSTED_PROXIES, len(seen))])


def _without_port(told: str) -> str:
    """Some proxies write `198.51.100.1:4711` and `[2001:db8::1]:4711`."""
    if told.startswith("["):
        return told[1:].partition("]")[0]
    address, colon, port = told.partition(":")
    return address if colon and port.isdecimal() else told


@dataclass(frozen=True)
class Limit:
    """At most `quota` requests in each fixed window of `window_seconds`, counted apart for each
    `counted_by`."""

    name: str
    quota: int
    window_seconds: int
    counted_by: Callable[[HttpRequest | Request], str] = client_network

    def spend(self, request: HttpRequest | Request) -> "Spent | None":
        """Count this request. None where the cache does not answer: then nothing is limited."""
        window, into_window = divmod(int(time.time()), self.window_seconds)
        whom = hashlib.sha256(self.counted_by(request).encode()).hexdigest()[:32]
        key = f"limit:{self.name}:{whom}:{window}"
        try:
            cache.add(key, 0, timeout=self.window_seconds + 1)
            count = cache.incr(key)
        except Exception as error:  # Whatever a cache backend raises, the answer is the same: let it through.
            logger.warning(
                "the cache does not answer, limit %s is off: %s", self.name, type(error).__qualname__
            )
            return None
        return Spent(self, count, self.window_seconds - into_window)


@dataclass(frozen=True)
class Spent:
    """Where a limit stands after a request; `resets_in` is in seconds."""

    limit: Limit
    count: int
    resets_in: int

    @property
    def refused(self) -> bool:
        return self.count > self.limit.quota

    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers-10 writes them."""
        left = max(self.limit.quota - self.count, 0)
        return {
            "RateLimit-Policy": f'"{self.limit.name}";q={self.limit.quota};w={self.limit.window_seconds}',
            "RateLimit": f'"{self.limit.name}";r={left};t={self.resets_in}',
        }
