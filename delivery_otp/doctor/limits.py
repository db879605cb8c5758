"""What the configured limits promise, and the time zones that days are counted by."""

from collections.abc import Iterator
from importlib.metadata import version
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from delivery_otp.doctor.findings import Finding, ok, problem
from fleet.models import Depot
from handoffs.promise import PROMISE, chance_a_year

ZONES = ("UTC", "Europe/London", "America/Sao_Paulo", "Pacific/Apia")


def check() -> Iterator[Finding]:
    chance = chance_a_year()
    says = f"A dishonest courier's chance of one lucky guess in a year is at most {chance:.2g}"
    if chance >= PROMISE:
        yield problem(
            f"{says}, more than {PROMISE:g}.",
            "Lower COURIER_BUDGET or HOLDERS_PER_SHIPMENT in handoffs/limits.py, or raise FEWEST_DIGITS.",
        )
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
