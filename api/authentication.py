"""`Authorization: Bearer <token>` (RFC 6750), for every kind of token."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from api.tokens import Caller, resolve_token


def caller_of(request: Request) -> Caller | None:
    """Who sent a request; None where no token was given."""
    caller: Any = request.user
    return caller if isinstance(caller, Caller) else None


class BearerAuthentication(BaseAuthentication):
    """Sets `request.user` to the Caller and `request.auth` to the row that holds the token.

    No header is no caller, which the permission then refuses; a header that names no live token is refused
    here. Both are 401 `authentication_failed`, in the same words. A view with a `resolve_token` of its own
    looks tokens up by that.
    """

    def authenticate(self, request: Request) -> tuple[Caller, Any] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        scheme, _, token = header.partition(" ")
        view = (request.parser_context or {}).get("view")
        resolve = getattr(view, "resolve_token", resolve_token)
        caller: Caller | None = resolve(token.strip()) if scheme.lower() == "bearer" else None
        if caller is None:
            raise AuthenticationFailed
        return caller, caller.row

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
