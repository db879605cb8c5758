"""Whole years: an honest courier, one who meets people who insist, a guesser, a depot of guessers."""

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from handoffs.limits import COURIER_BUDGET, TYPOS_GIVEN_BACK_PER_SHIPMENT
from simulating.model import Budget, Courier, Parcel, a_code, a_slip, hand_over, something_else

STOPS_A_DAY = 120
TYPO = 0.02
YEARS_EACH = 10  # one career, so that the longest look-back is full most of the time
MOST_TRIES = 3  # after which the courier lets it be


def working_days(years: int) -> Iterator[int]:
    """Five days of seven, without four weeks of holidays a year: about 240 a year."""
    return (day for day in range(years * 365) if day % 7 < 5 and day % 365 >= 28)


@dataclass
class Honest:
    """What became of honest couriers. A stop is turned away where its right code was not looked at."""

    years: int = 0
    years_suspended: int = 0
    days_suspended: int = 0
    wrong_codes: int = 0
    turned_away: int = 0

    def __str__(self) -> str:
        return (
            f"{self.years} years, {self.wrong_codes} wrong codes: suspended in {self.years_suspended} of the "
            f"years, on {self.days_suspended} days, {self.turned_away} stops turned away"
        )


def honest(
    random: Random,
    *,
    years: int,
    budget: Budget = COURIER_BUDGET,
    gives_back: bool = True,
    unlike: float = 0.0,
    insisting: float = 0.0,
    tries: int = MOST_TRIES,
) -> Honest:
    """Couriers who type what they are told, 2 % of the time wrongly.

    `unlike`: the share of wrong codes that look like no slip. `insisting`: the share of stops where the
    recipient says a wrong code, and says it again, until the courier has typed it `tries` times and leaves.
    """
    told = Honest()
    for _ in range(years // YEARS_EACH):
        courier = Courier(budget, gives_back=gives_back)
        _Career(random, courier, told, unlike, insisting, tries).go_through()
    return told


@dataclass(frozen=True)
class _Career:
    """Ten years of one honest courier."""

    random: Random
    courier: Courier
    told: Honest
    unlike: float
    insisting: float
    tries: int

    def go_through(self) -> None:
        bad_days: set[int] = set()
        for day in working_days(YEARS_EACH):
            turned_away = self._turned_away(day)
            self.told.turned_away += turned_away
            bad_days |= {day} if turned_away else set()
        self.told.years += YEARS_EACH
        self.told.days_suspended += len(bad_days)
        self.told.years_suspended += len({day // 365 for day in bad_days})

    def _turned_away(self, day: int) -> int:
        """How many of the day's stops. Only where something is wrong it takes time."""
        wrong = TYPO + self.insisting
        stop = _until_next(self.random, wrong)
        while stop < STOPS_A_DAY:
            parcel = Parcel(a_code(self.random))
            mistyped = self.random.random() * wrong < TYPO
            result = self._mistypes(parcel, day) if mistyped else self._is_told_wrongly(parcel, day)
            if result == "courier_suspended":
                return STOPS_A_DAY - stop
            stop += 1 + _until_next(self.random, wrong)
        return 0

    def _mistypes(self, parcel: Parcel, day: int) -> str:
        """Typed wrongly once, then again until it is right."""
        wrong = True
        while True:
            typed = parcel.right
            if wrong:
                slips = self.random.random() >= self.unlike
                typed = (a_slip if slips else something_else)(self.random, parcel.right)
            result = hand_over(self.courier, parcel, typed, day)
            self.told.wrong_codes += result == "wrong_code"
            if result == "code_locked":
                parcel.rotate(a_code(self.random))
            elif result != "wrong_code":
                return result
            wrong = self.random.random() < TYPO

    def _is_told_wrongly(self, parcel: Parcel, day: int) -> str:
        typed, result = something_else(self.random, parcel.right), ""
        for _ in range(self.tries):
            result = hand_over(self.courier, parcel, typed, day)
            self.told.wrong_codes += result == "wrong_code"
            if result == "courier_suspended":
                break
        parcel.close()
        return result


def _until_next(random: Random, chance: float) -> int:
    """How many times nothing happens before what has this chance each time."""
    return int(math.log(1 - random.random()) / math.log1p(-chance))


# --- Who guesses ---------------------------------------------------------------------------------


@dataclass
class Guessed:
    """What guessers had in all, and in the 365 days in which they had most."""

    years: int
    couriers: int
    guesses: int = 0
    most_in_a_year: int = 0
    most_at_a_parcel: int = 0
    opened: int = 0
    given_back: int = 0

    def __str__(self) -> str:
        at_most = f"{self.most_in_a_year} in the 365 days with most, {self.most_at_a_parcel} at one parcel"
        return (
            f"{self.couriers} times {self.years} years: {self.guesses} guesses judged, "
            f"{at_most}; {self.opened} opened, {self.given_back} given back as typos"
        )


def guessers(
    random: Random, *, years: int, couriers: int, digits: int, shared: bool, parcels_a_day: int = 20
) -> Guessed:
    """Couriers who type another random code wherever one more is judged, every day of the year.

    `shared`: each parcel goes round among all of them (reassigned), and is rotated whenever it locks.
    Otherwise each guesses at parcels of their own. In the evening all parcels close, which gives back what
    looked like a typo. `digits` may be few, so that openings are many enough to be counted.
    """
    told = Guessed(years, couriers)
    crew = [Courier() for _ in range(couriers)]
    window: deque[tuple[int, int]] = deque()
    for day in range(years * 365):
        judged = 0
        for group in [crew] if shared else [[courier] for courier in crew]:
            for _ in range(parcels_a_day if not shared else parcels_a_day * couriers):
                spent = judged
                judged += _guess_at(random, Parcel(a_code(random, digits)), group, day, told)
                if judged == spent:
                    break  # nobody of them is judged any more today
        window.append((day, judged))
        if window[0][0] <= day - 365:
            window.popleft()
        told.guesses += judged
        told.most_in_a_year = max(told.most_in_a_year, sum(count for _, count in window))
    return told


def _guess_at(random: Random, parcel: Parcel, crew: list[Courier], day: int, told: Guessed) -> int:
    """How many guesses at this parcel were wrong, or right: all that were judged."""
    untried = iter(random.sample(range(10 ** len(parcel.right)), 100))
    for courier in crew:
        while not parcel.is_closed:
            result = hand_over(courier, parcel, f"{next(untried):0{len(parcel.right)}}", day)
            if result == "code_locked" and parcel.rotate(a_code(random, len(parcel.right))):
                continue
            if result not in ("wrong_code", "delivered"):
                break
    if not parcel.is_closed:
        parcel.close()
    told.opened += parcel.is_delivered
    told.given_back += min(TYPOS_GIVEN_BACK_PER_SHIPMENT, len(parcel.typos))
    told.most_at_a_parcel = max(told.most_at_a_parcel, parcel.judged)
    return parcel.judged
