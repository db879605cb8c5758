"""E-mail through the web API of a provider that django-anymail knows (EMAIL_PROVIDER)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection

from notifications.channels.base import (
    Fault,
    NothingToLookAt,
    Permanent,
    Result,
    Sent,
    Temporary,
    WithoutPace,
)
from notifications.channels.email import mail_of
from notifications.kinds import Rendered
from notifications.models import Message

NOT_SET_UP = "the e-mail provider is not set up: see doctor"


class EmailProviderChannel(WithoutPace, NothingToLookAt):
    """Hands the mail to the provider, which tells later by its hook what became of it.

    The message's public id goes along as metadata, so that a receipt finds its message even where the
    provider's answer to the sending was lost. Nothing counts who opens or clicks.
    """

    @property
    def provider(self) -> str:
        return settings.EMAIL_PROVIDER[:20]

    def send(self, message: Message, rendered: Rendered) -> Result:
        # Imported here because `requests` takes a while, which only a process that sends should pay.
        from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused

        try:
            mail: Any = mail_of(message, rendered)
            mail.metadata = {"message": message.public_id}
            mail.track_opens = mail.track_clicks = False
            get_connection().send_messages([mail])
        except AnymailRecipientsRefused:
            return Permanent("refused by the e-mail provider: it does not send to this address")
        except AnymailAPIError as error:
            return _failed(error)
        except (AnymailError, ValueError) as error:
            return Permanent(f"not a possible e-mail ({type(error).__name__})")
        except ImproperlyConfigured:
            return Permanent(NOT_SET_UP, fault=Fault.CONFIGURATION)
        status = mail.anymail_status
        if not status.message_id and not status.status & {"sent", "queued"}:
            return Temporary(
                f"{settings.EMAIL_PROVIDER} did not say whether it took the mail", uncertain=True
            )
        told_later = bool(settings.ANYMAIL.get("WEBHOOK_SECRET"))  # without it its receipts are refused
        return Sent(provider_id=status.message_id or "", gives_receipts=told_later)


def _failed(error: Any) -> Result:
    """What the provider's answer means, or that there was none. Its words stay out: they repeat addresses."""
    status: int | None = error.status_code
    if status is None:
        reason = f"{settings.EMAIL_PROVIDER} not reached ({type(error.__cause__).__name__})"
        return Temporary(reason, uncertain=_may_have_gone(error.__cause__))
    reason = f"refused by {settings.EMAIL_PROVIDER} (HTTP {status})"
    if status >= 500 or 200 <= status < 300:  # 2xx: it took the mail, but its answer could not be read
        return Temporary(reason, uncertain=True)
    if status in (408, 429):
        return Temporary(reason)
    return Permanent(reason)


def _may_have_gone(error: BaseException | None) -> bool:
    """Whether the request can have reached the provider: not where no connection was made."""
    from requests.exceptions import ConnectTimeout
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    if isinstance(error, ConnectTimeout):
        return False
    cause = error.args[0] if error is not None and error.args else None
    return not (isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError))
