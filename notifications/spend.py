"""What messages came to and cost, by day, payer, country, channel and provider. Days are UTC's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Q, Sum, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from notifications import caps
from notifications.models import Message, MessageCount

State = Message.State
ANY_COUNTRY = "*"
MOST_LOOKED_AT = 50
UNPAID = frozenset({"", "sandbox"})  # providers that cost nothing: nobody, and ourselves


@dataclass
class Tally:
    """How some messages fared.

    `sent`: a provider took them. Of these `arrived` has its receipt and `unknown` none (yet, or ever).
    `failed`: before or after that. `waiting`: still to be sent. `reported` is what providers say they have
    charged, by currency (ISO 4217); `estimated` what the rest of `sent` costs by MESSAGE_PRICES, in
    MESSAGE_PRICES_CURRENCY; `unpriced`: how many of `sent` neither tells the price of.
    """

    sent: int = 0
    arrived: int = 0
    failed: int = 0
    unknown: int = 0
    waiting: int = 0
    reported: dict[str, Decimal] = field(default_factory=dict)
    estimated: Decimal = Decimal(0)
    unpriced: int = 0

    def add(self, other: Tally) -> None:
        for name in ("sent", "arrived", "failed", "unknown", "waiting", "estimated", "unpriced"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for currency, price in other.reported.items():
            self.reported[currency] = self.reported.get(currency, Decimal(0)) + price


@dataclass(frozen=True)
class Group:
    """Messages that have all of these in common. `payer`: a public id, or empty where it is ours."""

    day: date
    payer: str
    country: str
    channel: str
    provider: str
    tally: Tally


@dataclass(frozen=True)
class Used:
    """How much of one cap is used up today. `whom` names a country, a range of numbers or a payer; empty for
    an address, of which only a digest is kept."""

    name: str
    whom: str
    count: int
    most: int

    @property
    def share(self) -> float:
        return self.count / self.most


def groups(since: date, *, payer: str | None = None) -> list[Group]:
    """All messages that were written from this day on, those of one payer or everybody's."""
    began = datetime.combine(since, time(), UTC)
    messages = Message.objects.filter(created_at__gte=began).exclude(state=State.DROPPED)
    if payer is not None:
        messages = messages.filter(payer=payer)
    keys = ("day", "payer", "country", "channel", "provider")
    taken = Q(sent_at__isnull=False)
    rows = (
        messages.annotate(day=TruncDate("created_at", tzinfo=UTC))
        .values(*keys, "price_currency")
        .annotate(
            sent=Count("pk", filter=taken),
            arrived=Count("pk", filter=Q(state=State.RECEIVED)),
            failed=Count("pk", filter=Q(state=State.FAILED)),
            unknown=Count("pk", filter=Q(state=State.SENT)),
            waiting=Count("pk", filter=Q(state__in=(State.QUEUED, State.SENDING))),
            cost=Sum("price"),
            without=Count("pk", filter=taken & Q(price=None)),
            parts=Sum(Coalesce(F("segments"), Value(1)), filter=taken & Q(price=None)),
        )
        .order_by(*keys)
    )
    return [Group(**{key: row[key] for key in keys}, tally=_tally(row)) for row in rows]


def _tally(row: dict[str, Any]) -> Tally:
    tally = Tally(**{name: row[name] for name in ("sent", "arrived", "failed", "unknown", "waiting")})
    if row["cost"] is not None:
        tally.reported[row["price_currency"]] = row["cost"]
    if not row["without"] or row["provider"] in UNPAID:
        return tally
    price = price_of_one(row["channel"], row["country"])
    if price is None:
        tally.unpriced = row["without"]
    else:
        tally.estimated = price * row["parts"]
    return tally


def price_of_one(channel: str, country: str) -> Decimal | None:
    """What one message, or one segment of a text, costs by MESSAGE_PRICES; None where that does not say."""
    prices = settings.MESSAGE_PRICES
    return prices.get((channel, country), prices.get((channel, ANY_COUNTRY)))


def used_caps(each: int = 5) -> list[Used]:
    """The caps that are nearest to being spent today, a few of each kind, the nearest first."""
    used = [cap for name in caps.NAMES for cap in sorted(_used(name), key=_nearest)[:each]]
    return sorted(used, key=_nearest)


def _used(name: str) -> Iterator[Used]:
    today = MessageCount.objects.filter(day=timezone.now().date(), name=name, count__gt=0)
    for row in today.order_by("-count")[:MOST_LOOKED_AT]:
        most = caps.most_of(name, row.whom)
        if most:
            yield Used(name, "" if name == caps.ADDRESS else row.whom, row.count, most)


def _nearest(cap: Used) -> float:
    return -cap.share
