"""The service's clock is set while it works."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.faults.catalogue import scenario
from tests.faults.doors import Door, Parcel, out_with
from tests.faults.stage import House, Stage
from tests.faults.told_messages import WAITING
from tests.scenarios.world import eventually, other_than
from tests.servers.folders import temporary_folder

LONDON = ZoneInfo("Europe/London")
HOUR = timedelta(hours=1)


class Clock:
    """Sets the clock of the service."""

    def __init__(self) -> None:
        self.file = temporary_folder("clock") / "ahead"
        self.file.write_text("0")

    def set(self, moment: datetime) -> None:
        self.ahead(moment - datetime.now(UTC))

    def ahead(self, by: timedelta) -> None:
        whole = self.file.with_suffix(".new")
        whole.write_text(str(by.total_seconds()))
        os.replace(whole, self.file)
        time.sleep(0.2)


class StageWithClock(Stage):
    """A stage whose service goes by a clock of ours."""

    def __init__(self, house: House) -> None:
        self.clock = Clock()
        super().__init__(house, application="tests.faults.moved_clock")

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {"CLOCK_FILE": str(self.clock.file)}


@contextmanager
def with_clock(house: House) -> Iterator[Stage]:
    with StageWithClock(house) as stage:
        yield stage
        stage.clock.ahead(timedelta())


@scenario(
    "clock-jumps",
    "the clock jumps by an hour to and fro, past the codes' end, over changes of summer time",
    setting=with_clock,
)
def jumps(stage: Stage) -> None:
    assert isinstance(stage, StageWithClock)
    # At noon in London, far from the end of any day.
    noon = datetime.now(LONDON).replace(hour=12, minute=0, second=0, microsecond=0)
    stage.clock.set(noon.astimezone(UTC))
    door = stage.door()
    _an_hour_to_and_fro(stage, door, noon)
    _past_the_end(stage, door, noon)
    for year, month, day in ((2027, 3, 27), (2027, 10, 30)):
        _over_a_change_of_summer_time(stage, door, datetime(year, month, day, 12, tzinfo=LONDON))


def _an_hour_to_and_fro(stage: StageWithClock, door: Door, noon: datetime) -> None:
    """A code works on either side of a jump, attempts count on, and answers stay what they were."""
    parcel = out_with(stage.shop, door)
    code, left = stage.phones.code(parcel), []
    for key, ahead in (("ahead", HOUR), ("back", -HOUR), ("there", timedelta())):
        stage.clock.set((noon + ahead).astimezone(UTC))
        left.append(_said(door, parcel, other_than(code), "wrong_code", key=f"{parcel.id}-{key}"))
        for before in ("ahead", "back", "there")[: len(left)]:
            again = _said(door, parcel, other_than(code), "wrong_code", key=f"{parcel.id}-{before}")
            assert again == left[("ahead", "back", "there").index(before)], "a replay says something else"
        other = out_with(stage.shop, door)
        _said(door, other, stage.phones.code(other), "delivered")
    assert left == [4, 3, 2], f"attempts left: {left}"
    _said(door, parcel, code, "delivered")


def _past_the_end(stage: StageWithClock, door: Door, noon: datetime) -> None:
    """The code ends by the service's own clock, and asking for it once more brings one that works."""
    parcel = out_with(stage.shop, door)
    code = stage.phones.code(parcel)
    end = _end_of_codes(noon)
    stage.clock.set(end - timedelta(seconds=60))
    _said(door, parcel, other_than(code), "wrong_code")
    stage.clock.set(end + timedelta(seconds=60))
    _said(door, parcel, code, "code_expired")
    door.post(f"/shipments/{parcel.id}/resend")
    _said(door, parcel, stage.phones.code(parcel, number=2), "delivered")


def _over_a_change_of_summer_time(stage: StageWithClock, door: Door, noon: datetime) -> None:
    """Codes end three hours after midnight at the address, whatever the clock on the wall says then."""
    stage.clock.set(noon.astimezone(UTC))
    last, late = out_with(stage.shop, door), out_with(stage.shop, door)
    codes = {parcel: stage.phones.code(parcel) for parcel in (last, late)}
    end = _end_of_codes(noon)
    stage.clock.set(end - timedelta(seconds=60))
    _said(door, last, codes[last], "delivered")
    stage.clock.set(end + timedelta(seconds=60))
    _said(door, late, codes[late], "code_expired")
    eventually(lambda: stage.rows(WAITING) == [(0,)])


def _end_of_codes(noon: datetime) -> datetime:
    """Three hours after the midnight that follows in London."""
    next_day = noon.date() + timedelta(days=1)
    midnight = datetime(next_day.year, next_day.month, next_day.day, tzinfo=LONDON)
    return midnight.astimezone(UTC) + 3 * HOUR


def _said(door: Door, parcel: Parcel, code: str, expected: str, *, key: str = "") -> int:
    """Hand over, expect this outcome; how many attempts are left by the answer."""
    said = door.hand_over(parcel, code, key=key)
    assert said.outcome == expected, f"{said.outcome} instead of {expected}"
    return int(said.body.get("attempts_left", 0))
