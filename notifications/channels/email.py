"""E-mail through Django's mail API, by default an SMTP server named by EMAIL_URL."""

from __future__ import annotations

import contextlib
import smtplib
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from notifications.channels.base import Permanent, Result, Sent, Temporary
from notifications.kinds import Rendered
from notifications.models import Message


class EmailChannel:
    """Sends plain text, with HTML beside it where the kind has some.

    The Message-ID is made from the message's public id: where a lost reply makes us send twice, mail programs
    that know the id show one message.
    """

    def send(self, message: Message, rendered: Rendered) -> Result:
        connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
        # Opened apart from the sending: what fails here certainly did not go.
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            return _refused(error) or Temporary(f"mail server not reached ({_name(error)})")
        try:
            mail = _mail(message, rendered)
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


def _mail(message: Message, rendered: Rendered) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
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
