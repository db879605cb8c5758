"""What the configured limits promise, and the time zones that days are counted by."""

import math
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from delivery_otp.doctor.findings import Finding, ok, problem
from fleet.models import Depot
from handoffs.limits import COURIER_BUDGET

PROMISE = 1e-4
DAYS_A_YEAR = 365
FEWEST_DIGITS = 6
ZONES = ("UTC", "Europe/London", "America/Sao_Paulo", "Pacific/Apia")


def chance_a_year(budget: Iterable[tuple[int, int]] = COURIER_BUDGET, digits: int = FEWEST_DIGITS) -> float:
    """A dishonest courier's chance of one lucky guess in a year, with every wrong code allowed spent on it.

    `budget` as in handoffs.limits: (days looked back on, most wrong codes in them).
    """
    guesses = min(most * math.ceil(DAYS_A_YEAR / days) for days, most in budget)
    return float(-math.expm1(guesses * math.log1p(-(10.0**-digits))))


def check() -> Iterator[Finding]:
    chance = chance_a_year()
    says = f"A dishonest courier's chance of one lucky guess in a year is at most {chance:.2g}"
    if chance >= PROMISE:
        yield problem(f"{says}, more than {PROMISE:g}.", "Lower COURIER_BUDGET in handoffs/limits.py.")
    else:
        yield ok(f"{says}.")


def check_time_zones() -> Iterator[Finding]:
    used = {*ZONES, *Depot.objects.order_by().values_list("timezone", flat=True).distinct()}
    unknown = sorted(name for name in used if not _is_known(name))
    if unknown:
        yield problem(
            f"These time zones are not known here: {', '.join(unknown)}.",
            "Install the package tzdata, or correct the depot's time zone in the admin.",
        )
    else:
        yield ok(f"Time zones are known (tzdata {version('tzdata')}).")


def _is_known(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
