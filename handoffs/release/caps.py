"""How many releases there may be. Call with the courier locked: what is counted then cannot grow."""

import datetime
import math
from datetime import timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from api.refusals import Refusal
from fleet.models import Courier
from handoffs.limits import RELEASE_ASKS_PER_SHIPMENT, RELEASES_PER_COURIER, RELEASES_PER_PAIR
from handoffs.models import ReleaseApproval, ReleaseRequest
from orders.models import Shipment

DAY = timedelta(days=1)


def next_day_of(courier: Courier, today: datetime.date) -> datetime.date | None:
    """The first day of the depot on which the courier may be released again; None where that is today."""
    first = today - timedelta(days=max(days for days, _ in RELEASES_PER_COURIER))
    releases = ReleaseRequest.objects.filter(courier=courier).approved_since(first)
    newest_first = list(releases.order_by("-approved_day").values_list("approved_day", flat=True))
    until = []
    for days, most in RELEASES_PER_COURIER:
        counted = [day for day in newest_first if day and day > today - timedelta(days=days)]
        if len(counted) >= most:
            until.append(counted[most - 1] + timedelta(days=days))
    return max(until, default=None)


def pair_is_spent(courier: Courier, staff: User, today: datetime.date) -> bool:
    """Whether this member of staff has approved this courier's releases as often as they may.

    Counted by the days on which they were approved by all; one that still lacks the second counts already.
    """
    days, most = RELEASES_PER_PAIR
    theirs = ReleaseApproval.objects.filter(
        request__courier=courier, staff=staff, verdict=ReleaseApproval.Verdict.APPROVED
    )
    since = _begins(today - timedelta(days=days - 1), courier)
    return theirs.filter(at__gte=since).count() >= most


def refusal_to_ask(courier: Courier, shipment: Shipment, now: datetime.datetime) -> Refusal | None:
    """rate_limited where a release could not be approved today, or was asked for too often at this door."""
    asked = ReleaseRequest.objects.asked().filter(shipment=shipment, asked_at__gt=now - DAY)
    times = list(asked.order_by("-asked_at").values_list("asked_at", flat=True)[:RELEASE_ASKS_PER_SHIPMENT])
    if len(times) == RELEASE_ASKS_PER_SHIPMENT:
        detail = f"A release is asked for {RELEASE_ASKS_PER_SHIPMENT} times a day at most for one shipment."
        return _limited(detail, times[-1] + DAY - now)
    next_day = next_day_of(courier, courier.depot.today(now))
    if next_day is None:
        return None
    detail = "You have had as many releases without a code as one courier may. Fail the stop instead."
    return _limited(detail, _begins(next_day, courier) - now)


def _begins(day: datetime.date, courier: Courier) -> datetime.datetime:
    """The depot's midnight before this day."""
    return datetime.datetime.combine(day, datetime.time(0), tzinfo=ZoneInfo(courier.depot.timezone))


def _limited(detail: str, wait: timedelta) -> Refusal:
    members = {"retry_after": math.ceil(wait.total_seconds()), "next": ["fail"]}
    return Refusal("rate_limited", detail, members)
