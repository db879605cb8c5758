"""What each of Twilio's errors means for us: whose fault it is, and in plain words what happened.

The codes are those of twilio.com/docs/api/errors; a call has none, so its end stands in their place. The
words go on "The message did not arrive: …" and name neither number nor text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from notifications.models import Message

PERMANENT, TEMPORARY, CONFIGURATION = (
    Message.Fault.PERMANENT,
    Message.Fault.TEMPORARY,
    Message.Fault.CONFIGURATION,
)


@dataclass(frozen=True)
class TwilioError:
    """One of the provider's errors. `says` is a clause without a full stop, translated when it is printed."""

    fault: Message.Fault
    says: Promise


_NO_NUMBER = _("this is not a valid phone number")
_NO_TEXTS = _("this number cannot receive text messages: perhaps it is a landline")
_BUSY_THERE = _("the provider is busy and asks us to wait")
_BROKEN_THERE = _("the provider has a fault of its own")
_ACCOUNT = _("our account with the provider does not work: the operator has to look")
_SENDER = _("the sender is not set up for this country or network: the operator has to look")
_REQUEST = _("the provider did not understand us: the operator has to look")
_COUNTRY = _("messages to this country are switched off with the provider")
_DAY_SPENT = _("the network takes no more of our messages today")
_CONGESTED = _("the network is congested")
_SPAM = _("the network took the message for spam")
_LATE = _("it waited at the provider until its time was over")


def _all(fault: Message.Fault, says: Promise, *codes: str) -> dict[str, TwilioError]:
    return dict.fromkeys(codes, TwilioError(fault, says))


ERRORS: dict[str, TwilioError] = {
    # The number, and whoever has it.
    **_all(PERMANENT, _NO_NUMBER, "21211", "21217", "21401", "21421", "21604", "13224"),
    **_all(PERMANENT, _("this number cannot be reached"), "21214"),
    **_all(PERMANENT, _("this is a premium-rate number"), "21202"),
    **_all(PERMANENT, _("the provider does not serve this number, which is known for fraud"), "21216"),
    **_all(PERMANENT, _("this number has answered STOP and gets no more text messages"), "21610"),
    **_all(PERMANENT, _("the provider knows no way to this number"), "21612"),
    **_all(PERMANENT, _NO_TEXTS, "21614", "21635", "30006"),
    **_all(TEMPORARY, _("the phone is switched off or out of reach"), "30003"),
    **_all(PERMANENT, _("the phone or its network blocks our messages"), "30004"),
    **_all(PERMANENT, _("this number is not in use"), "30005"),
    **_all(TEMPORARY, _("the network blocks messages to this number for now"), "30450"),
    # The text.
    **_all(PERMANENT, _SPAM, "30007", "21618"),
    **_all(PERMANENT, _("the message is too long for the network"), "21605", "21617", "30019", "21658"),
    # The network, and the provider itself.
    **_all(TEMPORARY, _("the network did not say why"), "30008"),
    **_all(TEMPORARY, _CONGESTED, "30017"),
    **_all(TEMPORARY, _DAY_SPENT, "30022", "30023", "30027"),
    **_all(TEMPORARY, _LATE, "30036", "30001"),
    **_all(TEMPORARY, _BUSY_THERE, "20429", "21611", "14107"),
    **_all(TEMPORARY, _BROKEN_THERE, "20500", "20503", "30020", "30021", "30410", "21730"),
    # Our own set-up.
    **_all(CONFIGURATION, _ACCOUNT, "20003", "20005", "20008", "30002", "21470", "21471", "21472"),
    **_all(
        CONFIGURATION, _("a trial account reaches only numbers that were verified with it"), "21608", "21219"
    ),
    **_all(CONFIGURATION, _COUNTRY, "21408", "21203", "21215", "13227"),
    **_all(CONFIGURATION, _SENDER, "21601", "21603", "21606", "21607", "21210", "21212", "21213", "21616"),
    **_all(CONFIGURATION, _SENDER, "21701", "21702", "21703", "21704", "21705", "21708", "21709", "21711"),
    **_all(CONFIGURATION, _SENDER, "30018", "30024", "30032", "30033", "30034", "30035"),
    **_all(CONFIGURATION, _REQUEST, "20001", "20404", "21205", "21402", "21602", "21609", "21619", "21624"),
    **_all(CONFIGURATION, _REQUEST, "30010", "30012", "30013", "30029", "30030"),
    **_all(CONFIGURATION, _REQUEST, "30009", "30011", "30014", "30015", "30016", "30028", "30031"),
    # Warnings, that the day's messages are half or mostly spent.
    **_all(TEMPORARY, _DAY_SPENT, "30025", "30026"),
    # How a call ends: twilio.com/docs/voice/api/call-resource#call-status-values
    **_all(TEMPORARY, _("the line was busy"), "busy"),
    **_all(TEMPORARY, _("nobody answered the call"), "no-answer"),
    **_all(TEMPORARY, _("the call was answered, but no key was pressed"), "no-key"),
    **_all(TEMPORARY, _("the call was cancelled"), "canceled"),
    **_all(PERMANENT, _("the call could not be put through"), "failed"),
}


# What is not named above, by how its number begins: nothing that a recipient could do anything about. Without
# 300: a new reason why a phone was not reached would be there.
_FAMILIES = {
    "3044": TwilioError(CONFIGURATION, _SENDER),
    "304": TwilioError(CONFIGURATION, _REQUEST),
    "200": TwilioError(CONFIGURATION, _REQUEST),
    "212": TwilioError(CONFIGURATION, _REQUEST),
    "214": TwilioError(CONFIGURATION, _ACCOUNT),
    "216": TwilioError(CONFIGURATION, _REQUEST),
    "217": TwilioError(CONFIGURATION, _SENDER),
}


def _known(error_code: str) -> TwilioError | None:
    if error_code in ERRORS:
        return ERRORS[error_code]
    if not re.fullmatch(r"\d{5}", error_code):
        return None
    return next((error for start, error in _FAMILIES.items() if error_code.startswith(start)), None)


def fault_of(error_code: str, status: int = 0) -> Message.Fault:
    """Whose fault an error is. One that is not known goes by the HTTP status that it came with, if any."""
    if known := _known(error_code):
        return known.fault
    if status in (401, 403):
        return CONFIGURATION
    if status in (408, 429) or status >= 500 or not status:
        return TEMPORARY
    return PERMANENT


def says(error_code: str) -> str:
    """What happened, in the language of whoever reads it; empty for an error that is not known."""
    known = _known(error_code)
    return str(known.says) if known else ""
