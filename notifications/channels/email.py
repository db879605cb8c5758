"""E-mail through Django's mail API: an SMTP server (EMAIL_URL) or a provider (EMAIL_PROVIDER)."""

from __future__ import annotations

import contextlib
import re
import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.channels.base import NothingToLookAt, Permanent, Result, Sent, Temporary, WithoutPace
from notifications.kinds import Rendered
from notifications.models import Message

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class EmailChannel(WithoutPace, NothingToLookAt):
    """Sends plain text over SMTP, with HTML beside it where the kind has some.

    The Message-ID is made from the message's public id: where a lost reply makes us send twice, mail programs
    that know the id show one message.
    """

    provider = "smtp"

    def send(self, message: Message, rendered: Rendered) -> Result:
        connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
        # Opened apart from the sending: what fails here certainly did not go.
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            return _refused(error) or Temporary(f"mail server not reached ({_name(error)})")
        try:
            mail = mail_of(message, rendered)
            connection.send_messages([mail])
            return Sent(provider_id=mail.extra_headers["Message-ID"])
        except ValueError as error:
            return Permanent(f"not a possible e-mail ({_name(error)})")
        except (OSError, smtplib.SMTPException) as error:
            return _refused(error) or Temporary(
                f"mail server lost while sending ({_name(error)})", uncertain=True
            )
        finally:
            # What happens at the goodbye says nothing about the message.
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.close()


def mail_of(message: Message, rendered: Rendered) -> EmailMultiAlternatives:
    """The mail of this message. Raises ValueError where its address or subject can be in no mail."""
    if any(_CONTROL.search(text) for text in (message.to, rendered.subject, rendered.sender)):
        # Django refuses a line break, but only on its own way to SMTP; anymail takes it for a second address.
        raise ValueError("a header would have a control character")
    mail = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=_sender(rendered.sender),
        to=[message.to],
        headers={
            "Message-ID": f"<{message.public_id}@{_sender_domain()}>",
            # RFC 3834: nobody's holiday notice should answer.
            "Auto-Submitted": "auto-generated",
        },
    )
    if rendered.html:
        mail.attach_alternative(rendered.html, "text/html")
    return mail


def _sender(name: str) -> str:
    """The configured address, under the name that the message is sent in where it has one."""
    if not name:
        return settings.DEFAULT_FROM_EMAIL
    quoted = name.replace("\\", "").replace('"', "")
    return f'"{quoted}" <{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}>'


def _sender_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


def _refused(error: Exception) -> Result | None:
    """What the server's answer means (RFC 5321, 4.2.1: 4yz may be tried again, 5yz not); None without one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = min((answer[0] for answer in error.recipients.values()), default=0)
    elif isinstance(error, smtplib.SMTPResponseException):
        code = error.smtp_code
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        return Permanent("mail server lacks what the message or the configuration needs")
    else:
        return None
    # The code only: a server's words often repeat the address.
    if 500 <= code <= 599:
        return Permanent(f"refused by the mail server (SMTP {code})")
    if 400 <= code <= 499:
        return Temporary(f"put off by the mail server (SMTP {code})")
    return None


def _name(error: Exception) -> str:
    return type(error).__name__
