"""A courier's budget and a parcel's code without a database, with the product's limits and comparisons."""

from dataclasses import dataclass, field
from random import Random

from codes.comparison import HONEST_TYPOS, likeness
from handoffs.limits import (
    ATTEMPTS_PER_GENERATION,
    ATTEMPTS_PER_SHIPMENT,
    COURIER_BUDGET,
    TYPOS_GIVEN_BACK_PER_SHIPMENT,
)

Budget = tuple[tuple[int, int], ...]


class Courier:
    """Their wrong codes by day (a number that only grows), as handoffs.models.CourierDay keeps them."""

    def __init__(self, budget: Budget = COURIER_BUDGET, *, gives_back: bool = True) -> None:
        self.budget, self.gives_back = budget, gives_back
        self.wrong: dict[int, int] = {}  # by day, the oldest first; none that is 0 or past all budgets

    def is_suspended(self, day: int) -> bool:
        return any(self.wrong_since(day, days) >= most for days, most in self.budget)

    def wrong_since(self, day: int, days: int) -> int:
        return sum(wrong for when, wrong in self.wrong.items() if when > day - days)

    def charge(self, day: int) -> None:
        if day not in self.wrong:
            longest = max(days for days, _ in self.budget)
            self.wrong = {when: wrong for when, wrong in self.wrong.items() if when > day - longest}
        self.wrong[day] = self.wrong.get(day, 0) + 1

    def give_back(self, day: int) -> None:
        left = self.wrong.pop(day, 0) - 1
        if left > 0:
            self.wrong[day] = left


@dataclass
class Parcel:
    """One shipment that needs a code. `right` is its living one."""

    right: str
    attempts_left: int = ATTEMPTS_PER_GENERATION
    judged: int = 0
    typos: list[tuple[Courier, int]] = field(default_factory=list)
    is_closed: bool = False
    is_delivered: bool = False

    def rotate(self, code: str) -> bool:
        """A new code with its own attempts, within the shipment's; False where none are left."""
        left = min(ATTEMPTS_PER_GENERATION, ATTEMPTS_PER_SHIPMENT - self.judged)
        if left:
            self.right, self.attempts_left = code, left
        return left > 0

    def close(self) -> None:
        """Delivered, returned or cancelled: honest typos are taken off again."""
        self.is_closed = True
        for courier, day in self.typos[:TYPOS_GIVEN_BACK_PER_SHIPMENT]:
            if courier.gives_back:
                courier.give_back(day)


def hand_over(courier: Courier, parcel: Parcel, typed: str, day: int) -> str:
    """`delivered` or the problem's code, as handoffs.confirm judges it."""
    if courier.is_suspended(day):
        return "courier_suspended"
    if parcel.attempts_left == 0:
        return "code_locked"
    parcel.attempts_left -= 1
    parcel.judged += 1
    if typed == parcel.right:
        parcel.is_delivered = True
        parcel.close()
        return "delivered"
    courier.charge(day)
    if likeness(typed, parcel.right) in HONEST_TYPOS:
        parcel.typos.append((courier, day))
    return "wrong_code"


# --- What people type ----------------------------------------------------------------------------


def a_code(random: Random, digits: int = 6) -> str:
    return f"{random.randrange(10**digits):0{digits}}"


def a_slip(random: Random, right: str) -> str:
    """One digit off, or (one time in four, where it makes a difference) two neighbours swapped."""
    at = random.randrange(len(right) - 1)
    if random.random() < 0.25 and right[at] != right[at + 1]:
        return right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    at = random.randrange(len(right))
    return right[:at] + str((int(right[at]) + random.randrange(1, 10)) % 10) + right[at + 1 :]


def something_else(random: Random, right: str) -> str:
    """A code that resembles the right one in nothing: misheard, or read from another message."""
    while True:
        typed = a_code(random, len(right))
        if typed != right and likeness(typed, right) not in HONEST_TYPOS:
            return typed
