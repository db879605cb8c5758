"""What happened to a shipment and what staff did about it, as sentences, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from notifications.models import Message
from orders.models import Event, Shipment
from support.models import DONE, StaffAction
from support.people import People, name_of
from support.sentences import sentence
from support.words import CHANNELS

NEWEST = 200
BAD = frozenset(
    {
        *("code.wrong", "code.locked", "code.not_received", "code.undeliverable"),
        *("shipment.attempt_failed", "shipment.disputed"),
    }
)
GOOD = frozenset({"shipment.delivered"})
REFUSED = {
    "rate_limited": "it was too soon after the last time",
    "code_locked": "no further code was possible",
    "not_found": "there was a newer code by then",
    "illegal_transition": "it did not fit how the shipment stood",
    "not_out_for_delivery": "it was not out for delivery",
    "validation_failed": "what was typed was not valid",
    "release_over": "it had been decided, or its time was over",
    "own_request": "they may hold the handheld that asked",
    "decided_before": "they had approved it before",
    "another_supervisor": "they had approved as many of this courier's as one person may",
    "courier_cap": "the courier had had as many as one may",
    "permission_denied": "they were not staff any more",
}


@dataclass(frozen=True)
class Line:
    """One entry. `at` is in the address's time zone; `mark` says how it looks: bad, good, staff or empty."""

    at: datetime
    text: str
    mark: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Day:
    """The entries of one day at the address."""

    at: datetime
    lines: list[Line]


def timeline(shipment: Shipment, messages: list[Message]) -> list[Day]:
    """By day, the newest first; at most the NEWEST events and actions of staff."""
    lines = sorted(_lines(shipment, messages), key=lambda line: line[0], reverse=True)
    days = groupby((line for _, line in lines), key=lambda line: line.at.date())
    return [Day(at=entries[0].at, lines=entries) for entries in (list(group) for _, group in days)]


def _lines(shipment: Shipment, messages: list[Message]) -> Iterator[tuple[tuple[datetime, int], Line]]:
    """Each with what it is sorted by: of one moment, what staff did comes before what came of it."""
    events = list(Event.objects.filter(shipment=shipment).order_by("-sequence")[:NEWEST])
    people = People(events, shipment.order.merchant.name)
    known = {message.public_id: message for message in messages}
    for event in events:
        mark = "bad" if event.type in BAD else "good" if event.type in GOOD else ""
        words = sentence(event, people, known)
        yield (event.at, event.sequence), Line(event.at.astimezone(shipment.order.zone), words, mark)
    actions = StaffAction.objects.filter(about=shipment.public_id).select_related("staff").order_by("-id")
    for action in actions[:NEWEST]:
        yield (
            (action.at, 0),
            Line(action.at.astimezone(shipment.order.zone), _deed(action), "staff", action.reason),
        )


def _deed(action: StaffAction) -> str:
    who = f"{name_of(action.staff)} (staff)"
    what = str(action.get_action_display())
    if channel := CHANNELS.get(action.details.get("channel", "")):
        what += f" by {channel}"
    if action.outcome == DONE:
        return f"{who} {what}."
    return f"{who} wanted this and was refused: {what}; {REFUSED.get(action.outcome, action.outcome)}."
