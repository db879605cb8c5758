"""RFC 9457 problem answers: the one shape of every 4xx and 5xx under /api/."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request

from api.catalogue import PROBLEMS
from api.encoding import to_json
from api.refusals import Refusal
from api.request_ids import current_request_id

PROBLEM_JSON = "application/problem+json"


def problem_body(refusal: Refusal | str, *, instance: str, request_id: str | None = None) -> dict[str, Any]:
    """A problem as a value, for an answer that holds several. `instance` is the path that was asked for.

    `request_id` is for a stored refusal that is shown again and has to read as it first did; else it is
    that of the request at hand. Raises KeyError for a code that is not in the catalogue.
    """
    if isinstance(refusal, str):
        refusal = Refusal(refusal)
    kind = PROBLEMS[refusal.code]
    return {
        "type": f"{settings.PUBLIC_URL}/api/docs/problems#{refusal.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": refusal.detail or kind.meaning,
        "instance": instance,
        "code": refusal.code,
        "request_id": current_request_id() if request_id is None else request_id,
        **refusal.members,
    }


def problem_response(
    refusal: Refusal | str,
    request: HttpRequest | Request,
    *,
    request_id: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Answer a refusal, or a bare problem code, with its status from the catalogue.

    Its member `retry_after` (seconds) is told as the header of that name; 401 asks for a bearer token, as
    RFC 9110 wants.
    """
    body = problem_body(refusal, instance=request.path, request_id=request_id)
    wait = body.pop("retry_after", None)
    response = HttpResponse(to_json(body), status=body["status"], content_type=PROBLEM_JSON, headers=headers)
    if wait is not None:
        response["Retry-After"] = str(wait)
    if response.status_code == 401:
        response.setdefault("WWW-Authenticate", "Bearer")
    return response
