"""Asking Twilio, by its own client: one connection for each process, a time-out, and no words in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from notifications import pace
from notifications.channels.base import Fault, Permanent, Temporary
from notifications.channels.twilio_errors import fault_of

if TYPE_CHECKING:
    from twilio.rest import Client

PROVIDER = "twilio"
# What Twilio is given where it says 429 without saying for how long, and the longest it is believed.
USUAL_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5.0, 300.0

T = TypeVar("T")
Failure = Permanent | Temporary

# The client's own log lines hold addresses and texts.
_silent = logging.getLogger(f"{__name__}.silent")
_silent.propagate = False
_silent.addHandler(logging.NullHandler())


class TooManyRequestsError(Exception):
    """Twilio answered 429: nothing was done, and nothing should be asked for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


def is_configured() -> bool:
    """Whether there is an account to ask with."""
    return bool(settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN)


def ask(question: Callable[[Client], T]) -> T | Failure:
    """What Twilio answers, or why it did not. A 429 makes every worker wait."""
    # Imported here because it takes nearly half a second, which only a process that sends should pay.
    from requests.exceptions import RequestException
    from twilio.base.exceptions import TwilioRestException, TwilioServiceException

    try:
        return question(_configured_client())
    except TooManyRequestsError as error:
        pace.pause(PROVIDER, error.seconds)
        return Temporary("refused by Twilio (HTTP 429, error 20429)", False, "20429", error.seconds)
    except (TwilioRestException, TwilioServiceException) as error:
        return _refused(error.status, str(error.code or ""))
    except RequestException as error:
        return Temporary(f"Twilio not reached ({type(error).__name__})", uncertain=_may_have_gone(error))
    except ValueError:
        return Temporary("Twilio's answer could not be read", uncertain=True)


def _refused(status: int, error_code: str) -> Failure:
    # Numbers only: Twilio's words repeat the phone number.
    reason = f"refused by Twilio (HTTP {status}, error {error_code or 'unknown'})"
    if status >= 500:
        return Temporary(reason, True, error_code)
    fault = fault_of(error_code, status)
    if fault == Fault.TEMPORARY:
        return Temporary(reason, False, error_code)
    return Permanent(reason, error_code, fault)


def _may_have_gone(error: Exception) -> bool:
    """Whether the request can have reached Twilio: not where no connection was made."""
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    if isinstance(error, ConnectTimeout):
        return False
    cause = error.args[0] if error.args else None
    return not (isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError))


def _configured_client() -> Client:
    return _client(
        settings.TWILIO_ACCOUNT_SID,
        settings.TWILIO_AUTH_TOKEN,
        settings.TWILIO_API_BASE,
        settings.TWILIO_TIMEOUT_SECONDS,
    )


def _wait_of(headers: Any) -> float:
    """Retry-After in seconds (RFC 9110, 10.2.3); its form as a date is not used by Twilio."""
    told = str((headers or {}).get("Retry-After", ""))
    return min(float(told), LONGEST_PAUSE_SECONDS) if told.isdigit() else USUAL_PAUSE_SECONDS


@cache
def _client(account_sid: str, auth_token: str, api_base: str, timeout_seconds: float) -> Client:
    """One client for each process, because its connection is kept open between messages."""
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    class RebasedHttpClient(TwilioHttpClient):
        """Sends every request to `api_base`, whatever region or edge the library had in mind."""

        def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
            base, asked = urlsplit(api_base), urlsplit(url)
            path = base.path.rstrip("/") + asked.path
            rebased = urlunsplit((base.scheme, base.netloc, path, asked.query, ""))
            response = super().request(method, rebased, *args, **kwargs)
            if response.status_code == 429:
                # Here, because the client's own error forgets the headers.
                raise TooManyRequestsError(_wait_of(response.headers))
            return response

    return Client(
        account_sid, auth_token, http_client=RebasedHttpClient(timeout=timeout_seconds, logger=_silent)
    )
