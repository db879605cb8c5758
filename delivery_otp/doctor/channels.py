"""The ways that messages go: which are configured, and does the mail server let us in?"""

import smtplib
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.utils import timezone

from delivery_otp.doctor.findings import Finding, ok, problem, warning
from notifications.models import Message

LOGIN_SECONDS = 5
TEXTS_BLANKED_WITHIN = timedelta(days=4)


def check() -> Iterator[Finding]:
    if settings.SANDBOX:
        says = "SANDBOX is on: every message stays on the sandbox phone, whoever it is for."
        mend = "Set SANDBOX=0 and configure a channel to reach real people."
        yield ok(says) if settings.DEVELOPMENT else warning(says, mend)
        return
    sms, email = _sms_parts(), settings.EMAIL_CONFIGURED
    if not any(sms.values()) and not email:
        yield problem(
            "No channel is configured: no message reaches anybody.",
            "Set EMAIL_URL or EMAIL_PROVIDER, or TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM.",
        )
        return
    yield from _sms(sms)
    if not email:
        yield from _no_email()
        return
    yield from _email_provider() if settings.EMAIL_PROVIDER else _mail_server()
    yield from _sender()


def _sms_parts() -> dict[str, bool]:
    return {
        "TWILIO_ACCOUNT_SID": bool(settings.TWILIO_ACCOUNT_SID),
        "TWILIO_AUTH_TOKEN": bool(settings.TWILIO_AUTH_TOKEN),
        "TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID": bool(
            settings.TWILIO_FROM or settings.TWILIO_MESSAGING_SERVICE_SID
        ),
    }


def _sms(parts: dict[str, bool]) -> Iterator[Finding]:
    if not any(parts.values()):
        yield warning(
            "SMS is not configured: who has a phone only is not reached.",
            "Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM.",
        )
        return
    missing = [name for name, is_set in parts.items() if not is_set]
    if missing:
        yield problem("SMS is only half configured: no text message goes out.", f"Set {', '.join(missing)}.")
    else:
        yield ok("SMS goes by Twilio: doctor --send +… shows whether it arrives.")
        yield from _texts_at_twilio()
        yield _voice()
    base = urlsplit(settings.TWILIO_API_BASE)
    if base.scheme != "https" and base.hostname not in settings.LOOPBACK:
        yield problem("TWILIO_API_BASE is not https: messages go out readable.", "Unset TWILIO_API_BASE.")


def _texts_at_twilio() -> Iterator[Finding]:
    """Whether Twilio keeps our texts, codes among them."""
    now = timezone.now()
    texts = Message.objects.filter(channel=Message.Channel.SMS, livemode=True, sent_at__isnull=False)
    refused = texts.filter(text_kept=True, sent_at__gt=now - timedelta(days=1)).exists()
    if not settings.TWILIO_DISCARD_TEXTS:
        yield ok("Texts are blanked at Twilio after their receipts (TWILIO_DISCARD_TEXTS=0).")
    elif refused:
        yield warning(
            "Twilio discards no texts for this account: they are blanked after their receipts.",
            "Ask Twilio to enable message redaction, or set TWILIO_DISCARD_TEXTS=0.",
        )
    else:
        yield ok("Twilio is asked to discard texts (ContentRetention=discard).")
    kept = texts.filter(text_kept=True, sent_at__lt=now - TEXTS_BLANKED_WITHIN).count()
    if kept:
        yield warning(
            f"Twilio still keeps {kept} texts of more than {TEXTS_BLANKED_WITHIN.days} days ago.",
            "Their numbers never got an end from the network. Delete them in Twilio's console.",
        )


def _voice() -> Finding:
    if settings.TWILIO_VOICE_FROM:
        return ok("Codes can be read out in a call.")
    return ok("Nobody is called: TWILIO_VOICE_FROM is not set.")


def _no_email() -> Iterator[Finding]:
    yield warning(
        "E-mail is not configured: who has no phone is not reached.", "Set EMAIL_URL or EMAIL_PROVIDER."
    )


def _mail_server() -> Iterator[Finding]:
    connection = get_connection(timeout=LOGIN_SECONDS)
    try:
        connection.open()
    except smtplib.SMTPAuthenticationError as error:
        yield problem(
            f"The mail server does not let us in (SMTP {error.smtp_code}).",
            "Check user and password in EMAIL_URL; a character like @ in them is written %40.",
        )
    except (OSError, smtplib.SMTPException) as error:
        yield problem(
            f"The mail server is not reached ({type(error).__qualname__}).",
            "Check host, port and kind in EMAIL_URL: smtp+tls:// (587) or smtp+ssl:// (465).",
        )
    else:
        yield ok("The mail server lets us in.")
    finally:
        connection.close()


def _email_provider() -> Iterator[Finding]:
    name = settings.EMAIL_PROVIDER
    try:
        get_connection()
    except (ImproperlyConfigured, ImportError) as error:
        # What anymail says names settings and packages, never their values.
        says = " ".join(str(error).split())
        yield problem(f"The e-mail provider {name} is not set up.", f"anymail says: {says[:300]}")
        return
    yield ok(f"E-mail goes by {name}. Whether it takes our key shows with the first message.")
    if settings.ANYMAIL.get("WEBHOOK_SECRET"):
        yield ok(f"Its receipts are taken at {settings.PUBLIC_URL}/hooks/email/{name}/ with the secret.")
    else:
        yield warning(
            "Receipts of e-mail are refused: nothing tells whether a mail arrived.",
            "Set WEBHOOK_SECRET in ANYMAIL, and the provider's webhook as docs/operators.md says.",
        )


def _sender() -> Iterator[Finding]:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    if domain in settings.LOOPBACK or "." not in domain:
        yield problem(
            "E-mail would come from an address that does not exist.",
            "Set DEFAULT_FROM_EMAIL to one of a domain of yours, like 'Acme <codes@acme.example>'.",
        )
