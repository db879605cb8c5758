"""What each end of an e-mail means for us, by anymail's names for the reasons of its providers.

The words go on "The message did not arrive: …", as those of `twilio_errors` do.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.models import Message

PERMANENT, TEMPORARY = Message.Fault.PERMANENT, Message.Fault.TEMPORARY

# anymail.dev/en/stable/sending/tracking, "reject_reason"
ERRORS: dict[str, tuple[Message.Fault, Promise]] = {
    "invalid": (PERMANENT, _("this is not a valid e-mail address")),
    "bounced": (PERMANENT, _("the mailbox does not exist, or does not take our mail")),
    "timed_out": (TEMPORARY, _("the mailbox could not be reached for a long time")),
    "blocked": (PERMANENT, _("the mailbox or the provider blocks our mail")),
    "spam": (PERMANENT, _("mail from us to this address was reported as spam")),
    "unsubscribed": (PERMANENT, _("this address has unsubscribed from mail of this kind")),
    "other": (TEMPORARY, _("the mail provider did not say why")),
}


def fault_of(reason: str) -> Message.Fault:
    """Whose fault it is; of a reason that is not known, nobody's for good."""
    return ERRORS[reason][0] if reason in ERRORS else TEMPORARY


def says(reason: str) -> str:
    """What happened, in the language of whoever reads it; empty for a reason that is not known."""
    return str(ERRORS[reason][1]) if reason in ERRORS else ""
