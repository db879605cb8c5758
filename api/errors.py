"""From exceptions to problems. What is refused on purpose never comes here: it is a returned Refusal."""

import logging
import math
import traceback
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from rest_framework import exceptions

from api.problems import problem_response
from api.refusals import Refusal

logger = logging.getLogger(__name__)

# The first that fits decides. A detail of ours is passed on only where it says more than the code does.
_CODES: tuple[tuple[type[BaseException], str], ...] = (
    (exceptions.NotAuthenticated, "authentication_failed"),
    (exceptions.AuthenticationFailed, "authentication_failed"),
    (exceptions.PermissionDenied, "permission_denied"),
    (PermissionDenied, "permission_denied"),
    (exceptions.NotFound, "not_found"),
    (Http404, "not_found"),
    (exceptions.MethodNotAllowed, "method_not_allowed"),
    (exceptions.NotAcceptable, "validation_failed"),
    (exceptions.UnsupportedMediaType, "unsupported_media_type"),
    (RequestDataTooBig, "payload_too_large"),
    (UnreadablePostError, "malformed_json"),
    (SuspiciousOperation, "validation_failed"),
    (OperationalError, "service_unavailable"),
    (InterfaceError, "service_unavailable"),
)


class Refused(exceptions.APIException):
    """A refusal from below a view, where nothing has been done yet (a missing header, say). It undoes the
    transaction it passes through: what has to be kept is returned instead."""

    def __init__(self, refusal: Refusal | str) -> None:
        super().__init__()
        self.refusal = Refusal(refusal) if isinstance(refusal, str) else refusal


def exception_handler(exc: Exception, context: dict[str, Any]) -> HttpResponse:
    """REST framework's `EXCEPTION_HANDLER`."""
    return problem_for(exc, context["request"])


def problem_for(exc: Exception, request: HttpRequest) -> HttpResponse:
    """The problem that answers an exception. What nobody expected is logged and answered 500, without its
    text."""
    headers: dict[str, str] = {}
    if isinstance(exc, exceptions.APIException):
        headers = _headers(exc)
    refusal = _refusal(exc)
    if refusal.code == "internal_error":
        _report(exc, request)
    elif refusal.code == "service_unavailable":
        logger.warning("a part is down: %s", type(exc).__qualname__)
    return problem_response(refusal, request, headers=headers)


def _refusal(exc: Exception) -> Refusal:
    if isinstance(exc, Refused):
        return exc.refusal
    if isinstance(exc, exceptions.ValidationError):
        return Refusal("validation_failed", members={"errors": flatten(exc.detail)})
    if isinstance(exc, exceptions.ParseError):
        return Refusal("malformed_json", detail=str(exc.detail))
    if isinstance(exc, exceptions.Throttled):
        return Refusal("rate_limited")
    return Refusal(next((code for kind, code in _CODES if isinstance(exc, kind)), "internal_error"))


def _headers(exc: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    return headers


def flatten(detail: Any, pointer: str = "") -> list[dict[str, str]]:
    """REST framework's nested error details as a flat list; each pointer is a JSON pointer (RFC 6901)."""
    if isinstance(detail, dict):
        return [error for name, inner in detail.items() for error in flatten(inner, _step(pointer, name))]
    if isinstance(detail, list):
        if all(isinstance(inner, str) for inner in detail):
            return [error for inner in detail for error in flatten(inner, pointer)]
        return [error for at, inner in enumerate(detail) for error in flatten(inner, f"{pointer}/{at}")]
    return [{"pointer": pointer, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}]


def _step(pointer: str, name: str | int) -> str:
    if name == "non_field_errors":
        return pointer
    return f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"


def log_where(exc: Exception, what: str) -> None:
    """Log where it broke. Not what it said: the text of an exception can hold what a client sent, a code
    included."""
    chain: list[str] = []
    cause: BaseException | None = exc
    while cause is not None and len(chain) < 10:
        chain.append(type(cause).__qualname__ + "\n" + "".join(traceback.format_tb(cause.__traceback__)))
        cause = cause.__cause__ or cause.__context__
    logger.error("%s\n%s", what, "caused by ".join(chain))


def _report(exc: Exception, request: HttpRequest) -> None:
    log_where(exc, "unexpected error")
    got_request_exception.send(sender=None, request=getattr(request, "_request", request))
