"""Around every request: its id, its size, and the promise that errors under /api/ are problems."""

import io
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from api.errors import problem_for
from api.ids import new_id
from api.problems import problem_response
from api.refusals import Refusal
from api.request_ids import reset_request_id, set_request_id

_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_CODE_OF_STATUS = {
    400: "validation_failed",
    403: "permission_denied",
    404: "not_found",
    405: "method_not_allowed",
    413: "payload_too_large",
    503: "service_unavailable",
}

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def request_id_for(given: str) -> str:
    """The caller's own id where it is harmless to write to a log, else a new one."""
    return given if _ACCEPTED_ID.fullmatch(given) else new_id("req")


class RequestIdMiddleware:
    """`X-Request-Id` on every answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request_id = request_id_for(request.META.get("HTTP_X_REQUEST_ID", ""))
        token = set_request_id(request_id)
        try:
            response = self.get_response(request)
        finally:
            reset_request_id(token)
        response["X-Request-Id"] = request_id
        return response


class ProblemMiddleware:
    """Under /api/, an error that Django itself would answer with a page is a problem instead.

    That is what comes before and beside the API classes: no such URL, a bad Host, a defect in another
    middleware.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        page = response.get("Content-Type", "").startswith("text/html")
        if response.status_code < 400 or not page or not request.path.startswith("/api/"):
            return response
        code = _CODE_OF_STATUS.get(response.status_code)
        if code is None:
            code = "internal_error" if response.status_code >= 500 else "validation_failed"
        headers = {"Allow": response["Allow"]} if "Allow" in response else None
        return problem_response(code, request, headers=headers)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return problem_for(exception, request) if request.path.startswith("/api/") else None


class BodyMiddleware:
    """Bounds a body before anything reads it, by the view's `max_body_bytes`, whether or not its length was
    announced.

    A chunked body has no Content-Length, for which Django would take it as empty. Where the server marks
    its end (`wsgi.input_terminated`), it is read here, up to the bound.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        bound: int | None = getattr(getattr(view, "cls", None), "max_body_bytes", None)
        if bound is None:
            return None
        if request.META.get("HTTP_TRANSFER_ENCODING") and request.META.get("wsgi.input_terminated"):
            try:
                body = request.META["wsgi.input"].read(bound + 1)
            except Exception:  # each server has its own for chunks that are none, or that end too early
                return problem_response(
                    Refusal("malformed_json", "The body's chunks cannot be read."), request
                )
            request.META["CONTENT_LENGTH"] = str(len(body))
            request._stream = io.BytesIO(body)
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced) > bound:
            return problem_response("payload_too_large", request)
        return None
