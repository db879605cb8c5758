"""What staff see of messages and what they cost, gathered for the template."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.conf import settings

from notifications import caps, spend
from notifications.models import Message
from notifications.spend import Group, Tally, Used
from orders.models import Merchant

PERIODS = (1, 7, 30)
USUAL_PERIOD = 7
MOST_ROWS = 50
OURS = "No shop"
OWN = {caps.ACCOUNTS: "Numbers for accounts"}
CHANNELS = dict(Message.Channel.choices)
PROVIDERS = {"twilio": "Twilio", "smtp": "mail server", "sandbox": "sandbox phone", "": "nobody yet"}
CAPS = {
    caps.ADDRESS: "one address",
    caps.PREFIX: "numbers from {whom}",
    caps.COUNTRY: "country {whom}",
    caps.PAYER: "{whom}",
}
# The picture, in units of its own: as high as the fullest day, which all others are measured by.
HEIGHT, SLOT, BAR = 100, 24, 16


@dataclass(frozen=True)
class Row:
    """What some messages have in common, and how they fared. `key`: the public id of a shop."""

    name: str
    tally: Tally
    key: str = ""

    @property
    def reported(self) -> str:
        return ", ".join(_amount(price, currency) for currency, price in sorted(self.tally.reported.items()))

    @property
    def estimated(self) -> str:
        known = self.tally.estimated
        return f"about {_amount(known, settings.MESSAGE_PRICES_CURRENCY)}" if known else ""


@dataclass(frozen=True)
class Bar:
    """One day in the picture: from the bottom what arrived, what nobody knows of, what failed."""

    day: date
    x: int
    parts: list[tuple[str, float, float]]


@dataclass(frozen=True)
class NearCap:
    """A cap, and how much of it is used up today."""

    of: str
    used: Used

    @property
    def percent(self) -> int:
        return int(100 * self.used.share)

    @property
    def is_near(self) -> bool:
        return self.used.share >= 0.8


@dataclass(frozen=True)
class SpendPage:
    """The last `days` days (UTC) with today, of one merchant or of all."""

    today: date
    days: int
    merchant: Merchant | None = None

    @cached_property
    def groups(self) -> list[Group]:
        payer = self.merchant.public_id if self.merchant else None
        return spend.groups(self.today - timedelta(days=self.days - 1), payer=payer)

    @cached_property
    def total(self) -> Row:
        return Row("All", _sum(self.groups))

    @property
    def by_day(self) -> list[Row]:
        return sorted(self._by(lambda group: f"{group.day:%Y-%m-%d}"), key=lambda row: row.name, reverse=True)

    @property
    def by_merchant(self) -> list[Row]:
        rows = self._by(lambda group: group.payer)[:MOST_ROWS]
        names = _names(row.name for row in rows)
        known = {**OWN, **names}
        return [
            Row(known.get(row.name, OURS), row.tally, key="" if row.name in OWN else row.name) for row in rows
        ]

    @property
    def by_country(self) -> list[Row]:
        return self._by(_country)[:MOST_ROWS]

    @property
    def by_way(self) -> list[Row]:
        return self._by(lambda group: f"{CHANNELS[group.channel]}, {_provider(group.provider)}")

    @property
    def width(self) -> int:
        return SLOT * self.days

    @property
    def bars(self) -> list[Bar]:
        """One for each day, also where nothing was written, the oldest first."""
        tallies = {row.name: row.tally for row in self.by_day}
        fullest = max((_seen(tally) for tally in tallies.values()), default=0) or 1
        first = self.today - timedelta(days=self.days - 1)
        days = [first + timedelta(days=number) for number in range(self.days)]
        return [
            Bar(day, SLOT * place + (SLOT - BAR) // 2, _stacked(tallies.get(f"{day:%Y-%m-%d}"), fullest))
            for place, day in enumerate(days)
        ]

    @cached_property
    def caps(self) -> list[NearCap]:
        used = spend.used_caps()
        names = _names(cap.whom for cap in used if cap.name == caps.PAYER)
        return [
            NearCap(CAPS[cap.name].format(whom=names.get(cap.whom, OWN.get(cap.whom, cap.whom))), cap)
            for cap in used
            if self.merchant is None or cap.whom == self.merchant.public_id
        ]

    def _by(self, key: Callable[[Group], str]) -> list[Row]:
        """One row for each key, the one with the most messages first."""
        found: dict[str, Tally] = {}
        for group in self.groups:
            found.setdefault(key(group), Tally()).add(group.tally)
        return [Row(*each) for each in sorted(found.items(), key=lambda each: (-_seen(each[1]), each[0]))]


def _sum(groups: Iterable[Group]) -> Tally:
    total = Tally()
    for group in groups:
        total.add(group.tally)
    return total


def _seen(tally: Tally) -> int:
    return tally.arrived + tally.unknown + tally.failed


def _stacked(tally: Tally | None, fullest: int) -> list[tuple[str, float, float]]:
    """Each part's name, its top edge and its height, downwards from the top of the picture."""
    parts, top = [], float(HEIGHT)
    for name in ("arrived", "unknown", "failed") if tally else ():
        height = round(HEIGHT * getattr(tally, name) / fullest, 2)
        top -= height
        if height:
            parts.append((name, round(top, 2), height))
    return parts


def _names(merchant_ids: Iterable[str]) -> dict[str, str]:
    return dict(Merchant.objects.filter(public_id__in=list(merchant_ids)).values_list("public_id", "name"))


def _country(group: Group) -> str:
    if group.channel == Message.Channel.EMAIL:
        return "None: e-mail"
    return {"": "Not tried yet", "001": "No country's"}.get(group.country, group.country)


def _provider(name: str) -> str:
    return PROVIDERS.get(name, name)


def _amount(price: Decimal, currency: str) -> str:
    return f"{price:.{2 if price >= 1 else 4}f} {currency}"
