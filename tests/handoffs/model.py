"""What a shipment's code may do, said once more and without a database: what test_model.py compares with.

Winter in London all the time, so that the end of a delivery day is 03:00 UTC.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.handoffs.model_of_passes import Pass, split

OPEN_BEFORE_DOOR = {"created", "in_transit", "attempt_failed"}
CLOSED = {"delivered", "returned", "cancelled"}
DAY_LIMITS = ((1, 15), (90, 48), (365, 96))


def end_of_day(now: datetime) -> datetime:
    return datetime.combine(now.date() + timedelta(days=1), time(3), tzinfo=now.tzinfo)


def is_typo(typed: str, right: str) -> bool:
    off = [at for at, (a, b) in enumerate(zip(typed, right, strict=True)) if a != b]
    if len(off) == 2 and off[1] == off[0] + 1:
        return typed[off[0]] == right[off[1]] and typed[off[1]] == right[off[0]]
    return len(off) == 1


@dataclass
class Generation:
    """One code. `digits` is told by the test, which reads it where the recipient does."""

    number: int
    before: int
    allowed: int
    expires_at: datetime
    superseded: list[str]  # the codes before it, where they lived to the end of their time or until now
    attempts: int = 0
    sends: int = 0
    sent_at: datetime | None = None
    ended: str = ""
    digits: str = ""
    theirs: list[str] = field(default_factory=list)  # of each of Parcel.passes

    def is_over(self, now: datetime) -> bool:
        return self.ended == "expired" or (not self.ended and now >= self.expires_at)

    @property
    def is_locked(self) -> bool:
        return self.attempts >= self.allowed

    def is_usable(self, now: datetime) -> bool:
        return not self.ended and not self.is_over(now) and not self.is_locked


@dataclass
class Stop:
    courier: int
    day: date
    arrived: bool = False
    failed_on: date | None = None


@dataclass
class Release:
    """One request to do without the code."""

    courier: int
    asked_at: datetime
    expires_at: datetime
    state: str = "waiting"
    approvers: list[int] = field(default_factory=list)
    used: bool = False

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "approved") and not self.used

    def is_usable(self, now: datetime) -> bool:
        return self.state == "approved" and not self.used and now < self.expires_at


@dataclass
class Parcel:
    """One shipment that needs a code. A high value's code waits a day after its contact was changed."""

    high_value: bool
    arrival_first: bool
    status: str = "created"
    stop: Stop | None = None
    codes: list[Generation] = field(default_factory=list)
    held_until: datetime | None = None
    contact_changes: list[datetime] = field(default_factory=list)
    typos: list[tuple[int, date, int]] = field(default_factory=list)  # courier, day, how often charged
    passes: list[Pass] = field(default_factory=list)
    results: list[str] = field(default_factory=list)  # of the checks that are stored
    given_back: bool = False
    releases: list[Release] = field(default_factory=list)

    @property
    def open_release(self) -> Release | None:
        return next((release for release in self.releases if release.is_open), None)

    def withdraw(self) -> None:
        """The visit has ended otherwise."""
        if self.open_release:
            self.open_release.state = "withdrawn"

    def close_release_if_over(self, now: datetime) -> None:
        """What the sweep does, or whoever asks anew: unanswered, the visit has failed."""
        release = self.open_release
        if release and now >= release.expires_at:
            if release.state == "waiting":
                assert self.stop
                self.status, self.stop.failed_on = "attempt_failed", now.date()
            release.state = "expired"

    @property
    def latest(self) -> Generation | None:
        return self.codes[-1] if self.codes else None

    @property
    def attempts(self) -> int:
        return sum(code.attempts for code in self.codes)

    def may_issue(self, now: datetime) -> bool:
        held = self.held_until is not None and now < self.held_until
        return self.attempts < 10 and len(self.codes) < 30 and not held

    def issue(self, now: datetime) -> None:
        latest, replaced = self.latest, list[str]()
        if latest and latest.ended in ("", "expired"):
            replaced = [latest.digits, *latest.theirs]
        self.end("superseded")
        left = 10 - self.attempts
        code = Generation(len(self.codes) + 1, self.attempts, min(5, left), end_of_day(now), replaced)
        self.codes.append(code)

    def send(self, now: datetime) -> None:
        assert self.latest
        self.latest.sends += 1
        self.latest.sent_at = now

    def end(self, because: str) -> None:
        if self.latest and not self.latest.ended:
            self.latest.ended = because

    def is_with(self, courier: int) -> bool:
        return self.stop is not None and self.stop.courier == courier


class Budget:
    """Wrong codes of the couriers, by day."""

    def __init__(self) -> None:
        self.wrong: dict[tuple[int, date], int] = {}

    def charge(self, courier: int, day: date, holders: int) -> None:
        self.wrong[courier, day] = self.wrong.get((courier, day), 0) + holders

    def give_back(self, parcel: Parcel) -> None:
        """The first two typos of a parcel that has closed."""
        assert not parcel.given_back
        parcel.given_back = True
        for courier, day, holders in parcel.typos[:2]:
            self.wrong[courier, day] -= holders

    def left(self, courier: int, today: date) -> int:
        def since(days: int) -> int:
            first = today - timedelta(days=days)
            return sum(n for (who, day), n in self.wrong.items() if who == courier and day > first)

        return min(most - since(days) for days, most in DAY_LIMITS)


# --- The check at the door ------------------------------------------------------------------------


def refusal(parcel: Parcel, budget: Budget, courier: int, typed: str | None, now: datetime) -> str | None:
    """Why a handoff is not compared; None where it is."""
    latest = parcel.latest
    released = is_released(parcel, typed, now)
    in_order = (
        (parcel.status == "delivered", "already_delivered"),
        (parcel.status != "out_for_delivery", "not_out_for_delivery"),
        (typed is None and not released, "code_required"),
        (typed is not None and len(typed) != 6, "code_malformed"),
        (parcel.arrival_first and not (parcel.stop and parcel.stop.arrived), "too_early"),
        (
            not released and budget.left(courier, now.date()) < 1 + sum(p.lives(now) for p in parcel.passes),
            "courier_suspended",
        ),
        (
            not released and (latest is None or latest.is_over(now) or latest.ended == "contact_changed"),
            "code_expired",
        ),
        (not released and latest is not None and latest.is_locked, "code_locked"),
    )
    return next((code for holds, code in in_order if holds), None)


def is_released(parcel: Parcel, typed: str | None, now: datetime) -> bool:
    release = parcel.open_release
    return typed is None and release is not None and release.is_usable(now)


def judge(parcel: Parcel, budget: Budget, courier: int, typed: str | None, now: datetime) -> str:
    """Charge the attempt, and what follows from the comparison; or use the release up."""
    code = parcel.latest
    if typed is None:
        assert parcel.open_release
        parcel.open_release.used, parcel.status = True, "delivered"
        parcel.end("closed")
        budget.give_back(parcel)
        return "delivered"
    assert code
    code.attempts += 1
    holding, ended = split(code.theirs, parcel.passes, now)
    opening = [code.digits, *holding]
    if typed in opening:
        code.ended, parcel.status = "used", "delivered"
        parcel.withdraw()
        budget.give_back(parcel)
        return "delivered"
    if typed not in (*code.superseded, *ended):
        budget.charge(courier, now.date(), len(opening))
        if any(is_typo(typed, right) for right in opening):
            parcel.typos.append((courier, now.date(), len(opening)))
    return "wrong_code"


# --- What else a verb refuses ---------------------------------------------------------------------


def refusal_at_stop(parcel: Parcel, courier: int, statuses: set[str]) -> str | None:
    """Of what a courier does at a stop that goes through in these statuses."""
    if not parcel.is_with(courier):
        return "not_found"
    return None if parcel.status in statuses else "illegal_transition"


def refusal_to_resend(parcel: Parcel, now: datetime) -> str | None:
    latest = parcel.latest
    if parcel.status != "out_for_delivery":
        return "not_out_for_delivery"
    if latest is None or latest.ended or latest.is_over(now):
        return None if parcel.may_issue(now) else "code_locked"
    if latest.is_locked:
        return "code_locked"
    soon = latest.sent_at is not None and now < latest.sent_at + timedelta(seconds=60)
    return "rate_limited" if latest.sends >= 5 or soon else None


# --- Releases -------------------------------------------------------------------------------------


class Caps:
    """What was approved, by courier and by courier and member of staff."""

    def __init__(self) -> None:
        self.days: dict[int, list[date]] = {}
        self.pairs: dict[tuple[int, int], list[date]] = {}

    def is_full(self, courier: int, today: date) -> bool:
        def since(days: int) -> int:
            first = today - timedelta(days=days)
            return sum(day > first for day in self.days.get(courier, ()))

        return since(1) >= 2 or since(90) >= 10

    def is_spent(self, courier: int, staff: int, today: date) -> bool:
        first = today - timedelta(days=90)
        return sum(day > first for day in self.pairs.get((courier, staff), ())) >= 3


def refusal_to_ask(parcel: Parcel, caps: Caps, courier: int, now: datetime) -> str | None:
    """Of a request for a release where none is open."""
    asked = sum(release.asked_at > now - timedelta(days=1) for release in parcel.releases)
    in_order = (
        (not parcel.is_with(courier), "not_found"),
        (parcel.status != "out_for_delivery", "not_out_for_delivery"),
        (parcel.arrival_first and not (parcel.stop and parcel.stop.arrived), "too_early"),
        (asked >= 3 or caps.is_full(courier, now.date()), "rate_limited"),
    )
    return next((code for holds, code in in_order if holds), None)


def refusal_to_decide(release: Release, caps: Caps, staff: int, approves: bool, now: datetime) -> str | None:
    today = now.date()
    in_order = (
        (release.state != "waiting" or now >= release.expires_at, "release_over"),
        (staff in release.approvers, "decided_before"),
        (approves and caps.is_full(release.courier, today), "courier_cap"),
        (approves and caps.is_spent(release.courier, staff, today), "another_supervisor"),
    )
    return next((code for holds, code in in_order if holds), None)


def approve(parcel: Parcel, caps: Caps, staff: int, now: datetime) -> None:
    release = parcel.releases[-1]
    release.approvers.append(staff)
    caps.pairs.setdefault((release.courier, staff), []).append(now.date())
    if len(release.approvers) == (2 if parcel.high_value else 1):
        release.state, release.expires_at = "approved", now + timedelta(minutes=10)
        caps.days.setdefault(release.courier, []).append(now.date())
