"""Middleware that pages need and the API does not: under /api/v1/ each steps aside.

An API request has no session and no user, and its answer shows nothing. What stays is a known Host and a
Content-Length.
"""

from typing import Any

from csp import middleware as csp
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest
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


class NulMiddleware:
    """An address with a NUL in it leads nowhere: PostgreSQL takes none, in whatever a page looks up by it.

    Looked at when the page is known, so that its answer has what every other has around it. Names and ids in
    the API and in forms are looked at where they are read.
    """

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        """Raises Http404 for the path, BadRequest for the query."""
        if request.path_info.startswith(API):
            return
        if "\0" in request.path_info:
            raise Http404
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\0" in query:
            raise BadRequest("There is a NUL in the query.")
