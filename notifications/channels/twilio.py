"""SMS through Twilio's Messages resource (twilio.com/docs/messaging/api/message-resource)."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from notifications.channels.base import Permanent, Result, Sent, Temporary
from notifications.kinds import Rendered
from notifications.models import Message

if TYPE_CHECKING:
    from twilio.rest import Client

# The client's own log lines hold addresses and texts.
_silent = logging.getLogger(f"{__name__}.silent")
_silent.propagate = False
_silent.addHandler(logging.NullHandler())


class TwilioChannel:
    """Sends the text as an SMS. Status callbacks are not asked for yet."""

    def send(self, message: Message, rendered: Rendered) -> Result:
        # Imported here because it takes nearly half a second, which only a process that sends should pay.
        from requests.exceptions import RequestException
        from twilio.base.exceptions import TwilioRestException, TwilioServiceException

        client = _client(
            settings.TWILIO_ACCOUNT_SID,
            settings.TWILIO_AUTH_TOKEN,
            settings.TWILIO_API_BASE,
            settings.TWILIO_TIMEOUT_SECONDS,
        )
        try:
            accepted = client.messages.create(to=message.to, body=rendered.text, **_sender())
        except (TwilioRestException, TwilioServiceException) as error:
            return _refused(error.status, error.code)
        except RequestException as error:
            return Temporary(f"Twilio not reached ({type(error).__name__})", uncertain=_may_have_gone(error))
        except ValueError:
            return Temporary("Twilio's answer could not be read", uncertain=True)
        return Sent(provider_id=accepted.sid or "")


def _sender() -> dict[str, str]:
    if settings.TWILIO_MESSAGING_SERVICE_SID:
        return {"messaging_service_sid": settings.TWILIO_MESSAGING_SERVICE_SID}
    return {"from_": settings.TWILIO_FROM}


def _refused(status: int, code: int | None) -> Result:
    # Numbers only: Twilio's words repeat the phone number.
    reason = f"refused by Twilio (HTTP {status}, error {code or 'unknown'})"
    if status >= 500:
        return Temporary(reason, uncertain=True)
    if status in (408, 429):
        return Temporary(reason)
    return Permanent(reason)


def _may_have_gone(error: Exception) -> bool:
    """Whether the request can have reached Twilio: not where no connection was made."""
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    if isinstance(error, ConnectTimeout):
        return False
    cause = error.args[0] if error.args else None
    return not (isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError))


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
            return super().request(
                method, urlunsplit((base.scheme, base.netloc, path, asked.query, "")), *args, **kwargs
            )

    return Client(
        account_sid, auth_token, http_client=RebasedHttpClient(timeout=timeout_seconds, logger=_silent)
    )
