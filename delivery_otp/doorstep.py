"""The shortest way to a handoff: what is usual and right is answered here, before Django is asked.

Nearly every handoff is a code that is right, sent as handhelds send it. For those, what Django and its
middleware do around a request takes longer than to judge it. Whatever is unusual in anything, wrong, or alone
goes on to Django as it came; so nothing here refuses, and nothing here is told that Django would not tell.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from api.encoding import to_json
from api.middleware import request_id_for
from api.problems import PROBLEM_JSON, problem_body
from couriers.answers import delivered_body
from couriers.usual import usual_handoff
from delivery_otp.headers import PERMISSIONS
from handoffs.confirm import Submission, together
from handoffs.gather import WorkFailedError

Request = dict[str, Any]
Application = Callable[[Request, Any], Iterable[bytes]]


class Doorstep:
    """WSGI (PEP 3333) around the application that everything else is for."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._headers = _headers()

    def __call__(self, request: Request, start_response: Any) -> Iterable[bytes]:
        usual = usual_handoff(request) if together.is_open and _is_for_us(request) else None
        if usual is None:
            return self._application(request, start_response)
        token_digest, key, handoff = usual
        request_id = request_id_for(request.get("HTTP_X_REQUEST_ID", ""))
        status, kind = "200 OK", "application/json"
        try:
            told = together.ask(Submission(token_digest, key, handoff, request_id))
            if told is None:
                return self._application(request, start_response)
            body = delivered_body(told, shipment_id=handoff.shipment_id)
        except WorkFailedError:  # this is told of right and wrong codes alike
            status, kind = "503 Service Unavailable", PROBLEM_JSON
            path = request["PATH_INFO"]
            body = to_json(problem_body("service_unavailable", instance=path, request_id=request_id))
        own = [("Content-Type", kind), ("Content-Length", str(len(body))), ("X-Request-Id", request_id)]
        start_response(status, [*self._headers, *own])
        return [body]


def _is_for_us(request: Request) -> bool:
    """Whether it came by a name of ours and, where we are reached by https, by that."""
    secure = not settings.SECURE_SSL_REDIRECT or request.get("HTTP_X_FORWARDED_PROTO") == "https"
    return secure and _is_our_name(request.get("HTTP_HOST", ""))


@lru_cache(maxsize=64)
def _is_our_name(host: str) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)


def _headers() -> list[tuple[str, str]]:
    """What the middleware says with every answer of the API."""
    headers = {
        "Allow": "POST",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return list(headers.items())
