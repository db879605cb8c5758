"""Bearer tokens: made here, kept hashed, shown once.

A surface registers its kind of token when it loads; nothing here knows what a merchant or a courier is.
"""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

_RANDOM_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}")


@dataclass(frozen=True)
class Caller:
    """Who sent a request. `id` is their public id, which is also the scope of their idempotency keys; `row`
    is what holds the token (an API key, a device); `livemode` is false for a test key and what it makes."""

    kind: Literal["merchant", "courier"]
    id: str
    row: Any
    livemode: bool

    is_authenticated = True


Resolver = Callable[[str], Caller | None]
_resolvers: dict[str, Resolver] = {}


def new_token(prefix: str) -> tuple[str, str]:
    """A new token such as `mk_test_…` with 256 random bits, and the digest to store in its place."""
    token = prefix + secrets.token_urlsafe(_RANDOM_BYTES)
    return token, token_digest(token)


def token_digest(token: str) -> str:
    """SHA-256 of a token, 64 hex digits. Enough without a salt or stretching: a token has 256 bits to
    guess."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(text: str, *, prefix: str) -> bool:
    """Whether this has the form of a token of this kind."""
    return text.startswith(prefix) and bool(_TOKEN.fullmatch(text))


def register_token(prefix: str, resolver: Resolver) -> None:
    """Have `resolver` find the caller for tokens that start with `prefix`.

    It is given the token's digest and returns the caller, or None where the token is unknown, revoked or
    expired.
    """
    _resolvers[prefix] = resolver


def resolve_token(token: str) -> Caller | None:
    """Whose token this is; None if it is nobody's, or not of the form of a token."""
    if not _TOKEN.fullmatch(token):
        return None
    for prefix, resolver in _resolvers.items():
        if token.startswith(prefix):
            return resolver(token_digest(token))
    return None
