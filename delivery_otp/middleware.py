"""Middleware that pages need and the API does not: under /api/v1/ each steps aside.

An API request has no session and no user, and its answer shows nothing. What stays is a known Host and a
Content-Length.
"""

from typing import Any

from csp import middleware as csp
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest
from django.middleware import common

API = "/api/v1/"


class _ForPages:
    """Mixed into a middleware, it has the API pass it by."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(API):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]


class SessionMiddleware(_ForPages, sessions.SessionMiddleware):
    pass


class AuthenticationMiddleware(_ForPages, auth.AuthenticationMiddleware):
    pass


class MessageMiddleware(_ForPages, messages.MessageMiddleware):
    pass


class CSPMiddleware(_ForPages, csp.CSPMiddleware):
    pass


class CommonMiddleware(common.CommonMiddleware):
    """Besides, it looks twice whether a path with a slash at its end exists, which the API's never have."""

    def __call__(self, request: HttpRequest) -> Any:
        if not request.path_info.startswith(API):
            return super().__call__(request)
        request.get_host()  # raises DisallowedHost
        answer: Any = self.get_response(request)
        return self.process_response(request, answer)
