"""Twilio's signature on its requests (twilio.com/docs/usage/security#validating-requests)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

log = logging.getLogger(__name__)

LARGEST_BODY = 32_768
FORM = "application/x-www-form-urlencoded"

View = Callable[..., HttpResponse]


def from_twilio(view: View) -> View:
    """Lets through only what Twilio has signed with our account's token; 403 for the rest.

    The signature is over the address as Twilio knows it, which is PUBLIC_URL's whatever Host a request names.
    """

    @wraps(view)
    def checked(request: HttpRequest, **matched: Any) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return HttpResponse(status=413)
        if not is_signed(request):
            log.warning("refused: a request to a hook of Twilio's that Twilio has not signed")
            return HttpResponse(status=403)
        response = view(request, **matched)
        response["Cache-Control"] = "no-store"
        return response

    return csrf_exempt(require_POST(checked))


def is_signed(request: HttpRequest) -> bool:
    """Whether Twilio has signed exactly this. Without a token of ours nothing is: anybody could sign so."""
    from twilio.request_validator import RequestValidator

    token, signature = settings.TWILIO_AUTH_TOKEN, request.headers.get("X-Twilio-Signature", "")
    if not token or not signature or request.content_type != FORM:
        return False
    url = settings.PUBLIC_URL + request.get_full_path()
    valid: bool = RequestValidator(token).validate(url, request.POST, signature)
    return valid
