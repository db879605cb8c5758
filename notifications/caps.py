"""How many real messages go out in a day, so that nobody can have us flood a phone, or send at our cost.

Text messages and calls to many numbers of one range or one country are how "SMS pumping" earns money: caps on
a number's first digits, on its country and on whoever pays stop it. The day is UTC's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import phonenumbers
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from notifications import kinds
from notifications.channels.base import Permanent
from notifications.models import Message

REPLIES_PER_NUMBER_PER_DAY = 3
BY_ANYBODY_PER_ADDRESS_PER_DAY = 10
ADDRESS, PREFIX, COUNTRY, PAYER = NAMES = ("address", "prefix", "country", "payer")
ACCOUNTS = "accounts"  # who pays for texts to numbers that people want to add to their accounts
PREFIX_DIGITS = 7  # with the country's own: a range of ten thousand numbers or so


@dataclass(frozen=True, order=True)
class Cap:
    """At most `most` messages a day for `whom`; `says` is for staff and names nobody."""

    name: str
    whom: str
    most: int
    says: str


def _no_cap_of_its_own(payer: str) -> int | None:
    return None


# The app that knows the payers says here what each may have in a day; None for what the settings say.
cap_of_payer: Callable[[str], int | None] = _no_cap_of_its_own


def charge(message: Message) -> Permanent | None:
    """Count a real message before its first try, under every cap or under none.

    Answers why it may not go any more today; None where it may. A kind with a reserve may go to one address
    twice as often as others.
    """
    if settings.SANDBOX or not message.livemode or message.attempts > 1:
        return None
    over = count_under(cap for cap in caps_of(message) if cap.most)
    return Permanent(over.says.format(most=over.most)) if over else None


def charge_reply(phone: str) -> bool:
    """Count an answer to what somebody sent us from this number, which no Message stands for. False, and
    nothing counted, where as many as may go there in a day have gone."""
    says = "{most} answers have gone to this number today"
    return count_under([Cap("reply", _keyed(phone), REPLIES_PER_NUMBER_PER_DAY, says)]) is None


def caps_of(message: Message) -> Iterator[Cap]:
    """The caps that a message falls under; `most` 0 is none."""
    whom = _keyed(message.to.lower())
    says = "this address has had {most} messages today, as many as may go to one"
    kind = kinds.get(message.kind)
    if kind.by_anybody:
        says = "this address has had {most} messages today that anybody can ask for, as many as may go to one"
        yield Cap("anybody", whom, BY_ANYBODY_PER_ADDRESS_PER_DAY, says)
    else:
        yield Cap(ADDRESS, whom, most_of(ADDRESS, whom) * (2 if kind.has_reserve else 1), says)
    if message.channel == Message.Channel.EMAIL:
        return
    prefix = message.to[: PREFIX_DIGITS + 1]
    says = "{most} messages have gone to numbers that begin as this one does, as many as may in a day"
    yield Cap(PREFIX, prefix, most_of(PREFIX, prefix), says)
    country = country_of(message)
    says = "{most} messages have gone to numbers of this country, as many as may in a day"
    yield Cap(COUNTRY, country, most_of(COUNTRY, country), says)
    if message.payer:
        whose = "accounts" if message.payer == ACCOUNTS else "this shop"
        says = f"{{most}} messages have gone for {whose}, as many as may in a day"
        yield Cap(PAYER, message.payer, most_of(PAYER, message.payer), says)


def most_of(name: str, whom: str) -> int:
    """How many messages a cap lets through in a day; 0 is no cap. An address may have twice as many codes."""
    if name == PAYER and whom == ACCOUNTS:
        return settings.SMS_CAP_OF_ACCOUNTS_PER_DAY
    if name == PAYER:
        own = cap_of_payer(whom)
        return settings.SMS_CAP_PER_MERCHANT_PER_DAY if own is None else own
    return {
        ADDRESS: settings.MESSAGE_CAP_PER_ADDRESS_PER_DAY,
        PREFIX: settings.SMS_CAP_PER_PREFIX_PER_DAY,
        COUNTRY: settings.SMS_CAP_PER_COUNTRY_PER_DAY,
    }[name]


def country_of(message: Message) -> str:
    """The country of its number (ISO 3166-1 alpha-2); `001`: of none; empty where it goes to no number."""
    if message.channel == Message.Channel.EMAIL:
        return ""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(message.to)) or "001"
    except phonenumbers.NumberParseException:
        return ""


def _keyed(address: str) -> str:
    return salted_hmac("notifications.caps", address, algorithm="sha256").hexdigest()


def count_under(caps: Iterable[Cap]) -> Cap | None:
    """Count one message under each of these, whose names differ; or under none, where one has no room: the
    first such is answered.

    One statement decides: however many ask at once, as many get through as there is room for.
    """
    # In one order, so that two that share some never wait for one another in a ring.
    asked = sorted(caps)
    if not asked:
        return None
    with transaction.atomic():
        counted = _counted(asked)
        over = next((cap for cap in asked if cap.name not in counted), None)
        if over is not None:
            transaction.set_rollback(True)
    return over


# The same text for PostgreSQL and SQLite. A row that has no room is neither changed nor answered.
COUNT = """
INSERT INTO notifications_messagecount (name, whom, day, count) VALUES {rows}
ON CONFLICT (name, whom, day) DO UPDATE SET count = notifications_messagecount.count + 1
WHERE notifications_messagecount.count < CASE excluded.name {mosts} END
RETURNING name
"""


def _counted(caps: Sequence[Cap]) -> set[str]:
    """The names of the caps under which there was room for one more, which is counted now."""
    today = timezone.now().date()
    statement = COUNT.format(
        rows=", ".join(["(%s, %s, %s, 1)"] * len(caps)), mosts=" ".join(["WHEN %s THEN %s"] * len(caps))
    )
    rows = [value for cap in caps for value in (cap.name, cap.whom, today)]
    mosts = [value for cap in caps for value in (cap.name, cap.most)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*rows, *mosts])
        return {name for (name,) in cursor.fetchall()}
