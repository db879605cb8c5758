"""What the limits add up to: the chance that someone who guesses opens a door. docs/security.md shows it.

Every figure is an upper bound. `n` guesses succeed with at most `n · holders / 10^digits`, whatever the
guesses, however they are spread and whether they depend on one another: the chance of any of several things
is never more than the sum of their chances. A courier's budget is charged once for each holder, so what it
allows in a year counts as guesses at one code.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from handoffs.limits import (
    ATTEMPTS_PER_GENERATION,
    ATTEMPTS_PER_SHIPMENT,
    COURIER_BUDGET,
    FEWEST_DIGITS,
    HOLDERS_PER_SHIPMENT,
    PREFERENCE_ATTEMPTS_PER_SHIPMENT,
)

PROMISE = 1e-4  # a courier-year at most
DAYS_A_YEAR = 365
DEPOT, FLEET = 50, 5_000  # couriers

Budget = Iterable[tuple[int, int]]


def chance(guesses: int, *, digits: int = FEWEST_DIGITS, holders: int = HOLDERS_PER_SHIPMENT) -> float:
    """The chance that one of so many guesses is right, at most. Each holder has a code of their own."""
    return min(1.0, guesses * holders / 10.0**digits)


def guesses_a_year(budget: Budget = COURIER_BUDGET) -> int:
    """The most wrong codes in any 365 days. `budget` as in handoffs.limits: (days looked back on, most)."""
    return min(most * math.ceil(DAYS_A_YEAR / days) for days, most in budget)


def chance_a_year(
    budget: Budget = COURIER_BUDGET,
    *,
    digits: int = FEWEST_DIGITS,
    holders: int = 1,
) -> float:
    """A dishonest courier's chance of one lucky guess in 365 days, every wrong code allowed spent on it.

    `holders`: how many codes a guess could be for each time that it is charged; one, as the verbs charge.
    """
    return chance(guesses_a_year(budget), digits=digits, holders=holders)


def of_any(couriers: int, chance_of_one: float) -> float:
    """The chance that at least one of so many couriers succeeds, if all of them guess as much as they can."""
    return -math.expm1(couriers * math.log1p(-chance_of_one))


@dataclass(frozen=True)
class Row:
    """One line of the table: over what, how many guesses, and how likely one of them is right."""

    over: str
    guesses: int
    chance: float

    def cells(self) -> tuple[str, str, str]:
        return self.over, _counted(self.guesses), f"{self.chance:.1e}"


def table(
    budget: Budget = COURIER_BUDGET, *, digits: int = FEWEST_DIGITS, holders: int = HOLDERS_PER_SHIPMENT
) -> Iterator[Row]:
    """What a guesser can have in all, for these limits."""
    each = {"digits": digits, "holders": holders}
    a_year, in_a_year = guesses_a_year(budget), chance_a_year(budget, digits=digits)
    yield Row("one guess", 1, chance(1, **each))
    yield Row("one code", ATTEMPTS_PER_GENERATION, chance(ATTEMPTS_PER_GENERATION, **each))
    yield Row("one shipment", ATTEMPTS_PER_SHIPMENT, chance(ATTEMPTS_PER_SHIPMENT, **each))
    yield Row(
        "opting out through one shipment's stolen link",
        PREFERENCE_ATTEMPTS_PER_SHIPMENT,
        chance(PREFERENCE_ATTEMPTS_PER_SHIPMENT, digits=FEWEST_DIGITS, holders=1),
    )
    yield Row("one courier, 365 days", a_year, in_a_year)
    for name, couriers in (("depot", DEPOT), ("fleet", FLEET)):
        yield Row(
            f"a {name} of {_counted(couriers)} couriers who all guess, 365 days",
            couriers * a_year,
            of_any(couriers, in_a_year),
        )


def _counted(number: int) -> str:
    return f"{number:,}".replace(",", " ")


def markdown(rows: Iterable[Row]) -> str:
    """The table as it stands in docs/security.md."""
    head = ("Over", "Guesses", "Chance that one is right, at most")
    lines = [head, ("---", "---", "---"), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
