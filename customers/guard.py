"""What holds for every page about an order: it is kept nowhere, sent on to nobody, and its forms are ours."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]
Guarded = Callable[..., HttpResponseBase]

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


class _UnnamedOrigin(CsrfViewMiddleware):
    """Django's CSRF check, for a page that says `Referrer-Policy: no-referrer`.

    A browser then names the origin of its forms `null` (Fetch Standard, "append a request Origin header"),
    which Django refuses. Here it is no evidence either way, and the token decides alone. A form of another
    site has neither the token nor, in the address it would have to send to, the proof.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.META["HTTP_ORIGIN"] == "null":
            return True
        verified: bool = super()._origin_verified(request)  # type: ignore[misc]  # not in the stubs
        return verified


_own_csrf_check = decorator_from_middleware(_UnnamedOrigin)


def secret_address(view: View) -> Guarded:
    """For pages whose address is a secret. The CSRF check of the middleware is replaced, not left out."""
    checked = _own_csrf_check(view)

    @wraps(view)
    def guarded(request: HttpRequest, **matched: Any) -> HttpResponseBase:
        response = checked(request, **matched)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    return csrf_exempt(guarded)
