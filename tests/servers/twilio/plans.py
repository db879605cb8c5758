"""How a number fares with Twilio, and Twilio's words for its errors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

# twilio.com/docs/api/errors, as the API words them; %s is the number.
MESSAGES = {
    20003: "Authenticate",
    20009: "Cannot delete this resource before it is complete",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    20500: "An internal server error has occurred",
    20503: "Service is temporarily unavailable",
    21211: "Invalid 'To' Phone Number: %s",
    21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: %s",
    21602: "Message body is required.",
    21603: "A 'From' phone number is required.",
    21604: "A 'To' phone number is required.",
    21609: "The 'StatusCallback' URL %s is not a valid URL.",
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number: %s",
    21624: "Invalid validity period value",
    21635: "'To' number cannot be a landline: %s",
    30029: "Invalid ContentRetention",
}
STATUS_OF = {20003: 401, 20404: 404, 20429: 429, 20500: 500, 20503: 503}

Steps = tuple[tuple[float, str], ...]
ARRIVES: Steps = ((0.0, "queued"), (0.05, "sent"), (0.1, "delivered"))


@dataclass(frozen=True)
class Refusal:
    """An error of the API: `code` is Twilio's. `retry_after` goes into the header of that name."""

    code: int
    retry_after: int | None = None
    about: str = ""

    @property
    def status(self) -> int:
        return STATUS_OF.get(self.code, 400)

    def body(self) -> dict[str, Any]:
        words = MESSAGES.get(self.code, f"Error {self.code}")
        return {
            "code": self.code,
            "message": words % self.about if "%s" in words else words,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


@dataclass(frozen=True)
class Plan:
    """What becomes of what is sent to one number. Times in seconds.

    `refusal` answers the first `times` requests (None: all). `steps` are the statuses and when each is
    reached; `error_code` goes with the last. `copies` of each callback are sent, in `shuffled` order if so.
    `hangs` before the answer; `resets`: takes the first request and drops the connection without an answer.
    `presses` is what the person who answers a call presses; nothing: a voicemail.
    """

    refusal: Refusal | None = None
    times: int | None = None
    steps: Steps = ARRIVES
    error_code: int | None = None
    copies: int = 1
    shuffled: bool = False
    hangs: float = 0
    resets: bool = False
    call_ends: str = "completed"
    presses: str = "1"

    def slower(self, seconds: float) -> Plan:
        """The same, with each status so much later."""
        return replace(self, steps=tuple((at + seconds if at else at, status) for at, status in self.steps))


def undelivered(code: int) -> Plan:
    return Plan(steps=((0.0, "queued"), (0.05, "sent"), (0.1, "undelivered")), error_code=code)


def refused(code: int) -> Plan:
    return Plan(refusal=Refusal(code))


SILENT = Plan(steps=((0.0, "queued"), (0.05, "sent")))

# Each failure that the runs try, by its name.
FAILURES: dict[str, Plan] = {
    "invalid": refused(21211),
    "unsubscribed": refused(21610),
    "landline": refused(21614),
    "unreachable": undelivered(30003),
    "unknown": undelivered(30005),
    "filtered": undelivered(30007),
    "too-many": Plan(refusal=Refusal(20429, retry_after=1), times=1),
    "broken": refused(20503),
    "timeout": Plan(hangs=60),
    "silent": SILENT,
    "reset": Plan(resets=True),
}
