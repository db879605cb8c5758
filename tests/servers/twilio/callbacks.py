"""What Twilio tells us: form posts, signed with the account's token."""

from __future__ import annotations

import base64
import hashlib
import hmac
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

SIGNATURE_HEADER = "X-Twilio-Signature"
TIMEOUT_SECONDS = 15


def signature(url: str, form: dict[str, str], token: str) -> str:
    """As twilio.com/docs/usage/security#validating-requests says, written apart from Twilio's own client."""
    signed = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


@dataclass(frozen=True)
class Callback:
    """One request from Twilio, ready to go."""

    url: str
    form: dict[str, str]
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {SIGNATURE_HEADER: signature(self.url, self.form, self.token)}


# Sends a callback, and answers the body that came back.
Deliver = Callable[[Callback], str]


def over_http(callback: Callback) -> str:
    """To the address in the callback itself."""
    request = urllib.request.Request(callback.url, urlencode(callback.form).encode(), callback.headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
        body: bytes = answer.read()
    return body.decode()
