"""What a supervisor has to know of a request to hand over without the code, gathered for the template."""

import datetime
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.db.models import QuerySet

from accounts.models import User
from fleet.models import Courier
from fleet.position import metres_between
from handoffs.issue import attempts_remaining
from handoffs.limits import ATTEMPTS_PER_SHIPMENT, RELEASES_PER_COURIER, RELEASES_PER_PAIR
from handoffs.models import CourierDay, DeliveryAttempt, Photo, ReleaseApproval, ReleaseRequest
from handoffs.models.releases import ReleaseState
from handoffs.release.caps import pair_is_spent
from support.people import name_of
from support.shipment_page import ShipmentPage
from support.words import RELEASE_REASONS, counted, tries

FAR_AWAY_M = 400  # one honest delivery in ten is reported from further
LOOKED_BACK = timedelta(days=90)
STATES = {
    ReleaseState.WAITING: "Waiting",
    ReleaseState.APPROVED: "Approved",
    ReleaseState.REFUSED: "Refused",
    ReleaseState.EXPIRED: "Expired",
    ReleaseState.WITHDRAWN: "Withdrawn: the visit ended otherwise",
}


@dataclass(frozen=True)
class Pattern:
    """How often a courier has asked for this in LOOKED_BACK, and how their codes went today."""

    today: int
    approved: int
    refused: int
    unanswered: int
    wrong_codes_today: int


@dataclass(frozen=True)
class ReleasePage:
    """One request, for this member of staff. Load it as `requests` does."""

    request: ReleaseRequest
    staff: User
    now: datetime.datetime

    @cached_property
    def shipment(self) -> ShipmentPage:
        return ShipmentPage(self.request.shipment, self.now)

    @property
    def courier(self) -> Courier:
        return self.request.courier

    # --- The request ------------------------------------------------------------------------------

    @property
    def state(self) -> ReleaseState:
        return self.request.state_at(self.now)

    @property
    def state_words(self) -> str:
        return "Used: handed over" if self.request.used_at else STATES[self.state]

    @property
    def waits(self) -> bool:
        return self.state == ReleaseState.WAITING

    @property
    def time_left(self) -> str:
        """Rounded down, so that nobody trusts in a minute that is not there."""
        seconds = int((self.request.expires_at - self.now).total_seconds())
        return counted(seconds // 60, "minute", "minutes") if seconds >= 60 else "less than a minute"

    @property
    def reason(self) -> str:
        return RELEASE_REASONS[ReleaseRequest.Reason(self.request.reason)]

    @property
    def needed(self) -> int:
        """As it was when it was asked; the verb asks anew, and may need one more."""
        return self.request.approvals_needed

    @property
    def is_high_value(self) -> bool:
        return self.needed > 1

    @cached_property
    def verdicts(self) -> list[ReleaseApproval]:
        return sorted(self.request.approvals.all(), key=lambda each: each.pk)

    @property
    def said(self) -> list[str]:
        words = {ReleaseApproval.Verdict.APPROVED: "approved", ReleaseApproval.Verdict.REFUSED: "refused"}
        return [
            f"{name_of(each.staff)} {words[ReleaseApproval.Verdict(each.verdict)]}: {each.reason}"
            for each in self.verdicts
        ]

    @property
    def given(self) -> int:
        return sum(each.verdict == ReleaseApproval.Verdict.APPROVED for each in self.verdicts)

    @cached_property
    def why_not_mine(self) -> str:
        """Why somebody else has to decide; empty where this person may. The verb asks again."""
        request = self.request
        enrolled_by = request.device.enrolled_by_id if request.device else None
        if self.staff.pk in (request.courier.account_id, enrolled_by):
            return "You may hold the handheld that asks, so somebody else has to decide."
        if any(each.staff_id == self.staff.pk for each in self.verdicts):
            return "You have approved it already. It needs another person."
        return ""

    @cached_property
    def why_no_approval(self) -> str:
        """Why this person may refuse it, but not approve it."""
        if pair_is_spent(self.courier, self.staff, self.courier.depot.today(self.now)):
            days, most = RELEASES_PER_PAIR
            return f"You have approved {most} of this courier's releases in {days} days: ask somebody else."
        return ""

    # --- What speaks for it, and what against -------------------------------------------------------

    @cached_property
    def photo(self) -> Photo | None:
        return Photo.objects.filter(release=self.request).defer("picture").first()

    @property
    def evidence(self) -> str:
        seen = "the courier says that they saw an identity document" if self.request.identity_seen else ""
        return " and ".join(filter(None, (seen, "a photo" if self.photo else "")))

    @cached_property
    def metres(self) -> int | None:
        """From where the courier said they arrived to the address; None where one of them is not known."""
        stop, order = self.request.stop, self.request.shipment.order
        if stop.arrival_latitude is None or stop.arrival_longitude is None:
            return None
        if order.latitude is None or order.longitude is None:
            return None
        to = (order.latitude, order.longitude)
        return metres_between(stop.arrival_latitude, stop.arrival_longitude, to)

    @property
    def is_far(self) -> bool:
        return self.metres is not None and self.metres > FAR_AWAY_M

    @property
    def attempts(self) -> str:
        wrong = ATTEMPTS_PER_SHIPMENT - attempts_remaining(self.shipment.latest)
        failed = DeliveryAttempt.objects.filter(stop__shipment=self.request.shipment).count()
        visits = counted(failed, "failed visit", "failed visits")
        return f"{tries(wrong)} with a wrong code, {visits}"

    @cached_property
    def pattern(self) -> Pattern:
        today = self.courier.depot.today(self.now)
        asked = (
            ReleaseRequest.objects.asked()
            .filter(courier=self.courier, asked_at__gt=self.now - LOOKED_BACK)
            .exclude(pk=self.request.pk)
        )
        found = list(asked.values_list("state", "approved_day"))
        day = CourierDay.objects.filter(courier=self.courier, day=today).first()
        return Pattern(
            today=sum(approved_day == today for _, approved_day in found),
            approved=sum(approved_day is not None for _, approved_day in found),
            refused=sum(state == ReleaseState.REFUSED for state, _ in found),
            unanswered=sum(state == ReleaseState.EXPIRED and day is None for state, day in found),
            wrong_codes_today=day.wrong_codes if day else 0,
        )

    @property
    def caps(self) -> str:
        return ", ".join(
            f"{most} {'a day' if days == 1 else f'in {days} days'}" for days, most in RELEASES_PER_COURIER
        )


def requests() -> QuerySet[ReleaseRequest]:
    """Requests with all that a list shows of them, in two statements."""
    known = ReleaseRequest.objects.asked().select_related(
        "shipment__order__merchant", "courier__depot", "stop", "device"
    )
    return known.prefetch_related("approvals__staff")


def waiting_requests(now: datetime.datetime) -> list[ReleaseRequest]:
    """Those that staff can still decide, the oldest first."""
    waiting = requests().filter(state=ReleaseState.WAITING, expires_at__gt=now)
    return list(waiting.order_by("asked_at", "pk"))
