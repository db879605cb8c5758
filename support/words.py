"""Plain words for staff: what a code's state, a refusal or a provider's answer means for a caller."""

import re
from datetime import datetime

from django.utils import timezone

from api.catalogue import PROBLEMS
from api.refusals import Refusal
from handoffs.issue import attempts_remaining
from handoffs.limits import ATTEMPTS_PER_SHIPMENT, GENERATIONS_PER_SHIPMENT
from handoffs.models import DeliveryAttempt, DeliveryCode, ReleaseRequest
from handoffs.models.proof import Method, ReceivedBy
from handoffs.state import CodeState
from notifications.channels import twilio_errors
from notifications.models import Message
from orders.models import CodeReason, Shipment

CODE_STATES = {
    CodeState.NONE: "No code needed",
    CodeState.PENDING: "Code not in use",
    CodeState.LIVE: "Code works",
    CodeState.LOCKED: "Locked",
    CodeState.EXPIRED: "Code ended",
    CodeState.USED: "Code used",
}


def code_words(state: CodeState, latest: DeliveryCode | None) -> str:
    """The state of a shipment's newest generation, in a few words."""
    return "No code yet" if state == CodeState.PENDING and latest is None else CODE_STATES[state]


CODE_REASONS = {
    CodeReason.HIGH_VALUE: "high value",
    CodeReason.CATEGORY: "its category always needs one",
    CodeReason.MERCHANT_REQUIRED: "the shop asked for it",
    CodeReason.RECIPIENT_CHOICE: "the recipient wants it",
    CodeReason.ROUTINE: "a routine delivery",
    CodeReason.OPTED_OUT: "the recipient has opted out",
    CodeReason.MERCHANT_WAIVED: "the shop asked for none",
}
VISIT_REASONS = {
    DeliveryAttempt.Reason.ABSENT: "nobody was home",
    DeliveryAttempt.Reason.REFUSED: "the recipient did not take it",
    DeliveryAttempt.Reason.ADDRESS: "the address could not be found",
    DeliveryAttempt.Reason.DAMAGED: "the parcel was damaged",
    DeliveryAttempt.Reason.MISSING: "the parcel was missing",
    DeliveryAttempt.Reason.NO_CODE: "the recipient had no code",
    DeliveryAttempt.Reason.UNSAFE: "it was not safe",
    DeliveryAttempt.Reason.NOT_ATTEMPTED: "there was no time for a visit",
}
RELEASE_REASONS = {
    ReleaseRequest.Reason.NOT_RECEIVED: "the code has not come",
    ReleaseRequest.Reason.PHONE_UNUSABLE: "the recipient's phone cannot be used",
    ReleaseRequest.Reason.CANNOT_READ: "the recipient cannot read the message",
    ReleaseRequest.Reason.LOCKED: "the code is locked",
    ReleaseRequest.Reason.OTHER: "another reason",
}
BLAMELESS = {
    DeliveryAttempt.Blameless.RELEASE_UNANSWERED: "nobody answered the courier's request in time",
    DeliveryAttempt.Blameless.RELEASE_REFUSED: "staff refused to do without the code",
}
RECEIVERS = {
    ReceivedBy.RECIPIENT: "the recipient",
    ReceivedBy.DELEGATE: "somebody the recipient named",
    ReceivedBy.HOUSEHOLD: "somebody of the household",
    ReceivedBy.RECEPTION: "a reception",
    ReceivedBy.SAFE_PLACE: "a safe place",
}
METHODS = {
    Method.CODE: "against the delivery code",
    Method.QR: "against the QR code",
    Method.DELEGATE_CODE: "against a delegate's code",
    Method.ACCOUNT_RELEASE: "released from the recipient's account",
    Method.SUPERVISOR_RELEASE: "without the code, as staff had approved",
    Method.NOT_REQUIRED: "no code was needed",
}
CHANNELS = {
    Message.Channel.SMS.value: "text message",
    Message.Channel.EMAIL.value: "e-mail",
    Message.Channel.VOICE.value: "voice call",
}
KINDS = {
    "needs_code": "Word that a code will be needed",
    "delivery_code": "Delivery code",
    "courier_arrived": "Word that the courier is at the door",
    "code_locked": "Word that the code is locked",
    "nobody_home": "Word that nobody was home",
    "handed_over": "Receipt",
    "returned": "Word that it goes back",
    "preference_code": "Code that confirms delivery preferences",
    "opted_out": "Word that routine deliveries need no code",
    "contact_changed": "Warning to the contact before",
    "release_asked": "Word that the courier asks to do without the code",
    "released_from_account": "Word that it was released from the account",
    "delegate_named": "Word that somebody else may receive it",
}
MESSAGE_STATES = {
    Message.State.QUEUED: "waiting to be sent",
    Message.State.SENDING: "being sent",
    Message.State.SENT: "accepted by the provider",
    Message.State.RECEIVED: "received",
    Message.State.FAILED: "did not arrive",
    Message.State.DROPPED: "not sent: it was no longer needed",
}

SMTP = {"4": "the mail server said to try later", "5": "the mail server knows no such mailbox, or refuses us"}
OTHERS = (
    ("Twilio not reached", "the provider could not be reached"),
    ("Twilio's answer could not be read", "the provider's answer could not be read"),
    ("put off by the mail server", SMTP["4"]),
    ("refused by the mail server", SMTP["5"]),
    ("mail server not reached", "the mail server could not be reached"),
    ("not a possible e-mail", "this is no e-mail address that mail can go to"),
    ("no SMS channel", "no text message service is set up here"),
    ("no e-mail channel", "no mail server is set up here"),
    ("no voice channel", "no voice service is set up here"),
)


def provider_words(error: str) -> str:
    """What a message's `error` means, for somebody with a caller on the phone; empty where there is none."""
    code = re.search(r"\((?:.*)(?:error|call) ([\w-]+)\)", error)
    if code and (words := twilio_errors.says(code[1])):
        return f"{words} (Twilio {code[1]})"
    return next((words for start, words in OTHERS if start in error), error)


def counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def tries(number: int) -> str:
    return counted(number, "try", "tries")


def why_no_new_code(shipment: Shipment, latest: DeliveryCode | None, now: datetime) -> str:
    """Why `may_issue` says no; empty where it says yes."""
    if attempts_remaining(latest) <= 0:
        return (
            f"All {ATTEMPTS_PER_SHIPMENT} tries of this shipment are used up. No code opens it any more, and "
            "nobody can add tries: it can go back after a failed visit, or be cancelled by the shop."
        )
    if latest is not None and latest.generation >= GENERATIONS_PER_SHIPMENT:
        return f"This shipment has had {GENERATIONS_PER_SHIPMENT} codes, which is the most there can be."
    held = shipment.code_held_until
    if held is not None and now < held:
        until = held.astimezone(shipment.order.zone)
        return (
            f"The contact was changed, and the value is high: no new code before {until:%A %H:%M} at the "
            "address. Staff cannot shorten that."
        )
    return ""


def refusal_words(refusal: Refusal, shipment: Shipment) -> str:
    """Why nothing was done, for whoever pressed the button."""
    latest = DeliveryCode.objects.latest_of(shipment)
    if refusal.code == "not_found":
        return "Nothing was done: there is a newer code by now. This page shows it."
    if refusal.code == "code_locked":
        return "Nothing was done. " + (
            why_no_new_code(shipment, latest, timezone.now()) or "The code is locked: unlock it first."
        )
    if refusal.code == "rate_limited" and not refusal.detail:
        wait = counted(int(refusal.members["retry_after"]), "second", "seconds")
        return f"Nothing was sent: a message has just gone out. The next one can go in {wait}."
    if refusal.code in ("illegal_transition", "not_out_for_delivery"):
        return "Nothing was done: that does not fit how the shipment stands now."
    return "Nothing was done. " + (refusal.detail or (PROBLEMS[refusal.code].title + "."))
