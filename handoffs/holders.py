"""Who has a code of one generation: the recipient, and each delegate a code of their own.

All of it is worked out in memory, and in a time that does not tell which code was compared.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from codes import comparison
from codes.comparison import Likeness
from handoffs.models import DeliveryCode
from handoffs.models.delegates import Delegate


@dataclass(frozen=True)
class Holder:
    """One code of a generation, and whose it is: None for the recipient.

    `opens`: their pass was neither taken back nor is it over.
    """

    code: str = field(repr=False)
    delegate: Delegate | None
    opens: bool


def holders_of(code: DeliveryCode, delegates: Iterable[Delegate], now: datetime) -> list[Holder]:
    """The recipient and these delegates, which are all of the shipment's, the first first.

    No two have the same code, nor one that a slip of the finger makes of the other: whoever comes later is
    derived until theirs is unlike all before it, those of ended passes too. ValueError once the generation
    has ended.
    """
    holders = [Holder(code.code_of(), None, opens=True)]
    for delegate in delegates:
        taken = [each.code for each in holders]
        holders.append(Holder(_code_unlike(taken, code, delegate), delegate, delegate.lives(now)))
    return holders


def _code_unlike(taken: Sequence[str], code: DeliveryCode, delegate: Delegate) -> str:
    turn = 0
    while True:
        own = code.code_of(f"{delegate.holder}/{turn}")
        if not any(own == other or comparison.likeness(own, other) for other in taken):
            return own
        turn += 1


def code_of(code: DeliveryCode, delegates: Iterable[Delegate], delegate: Delegate, now: datetime) -> str:
    """This delegate's digits. ValueError once the generation has ended."""
    holders = holders_of(code, delegates, now)
    return next(each.code for each in holders if each.delegate and each.delegate.pk == delegate.pk)


def living_among(delegates: Iterable[Delegate], now: datetime) -> list[Delegate]:
    return [each for each in delegates if each.lives(now)]


def who_has(typed: str, holders: Iterable[Holder]) -> Holder | None:
    """Whose code these cleaned digits are, if it opens."""
    found = [each for each in holders if comparison.matches(typed, each.code) & each.opens]
    return found[0] if found else None


def likeness_of(code: DeliveryCode, typed: str, holders: Iterable[Holder]) -> Likeness:
    """What a wrong code looks like: one that opened before (of the generation before this one, or of a pass
    that has ended), a slip of the finger in one that opens, or nothing."""
    holders = list(holders)
    slips = [comparison.likeness(typed, each.code) for each in holders if each.opens]
    ended = [comparison.matches(typed, each.code) for each in holders if not each.opens]
    superseded = code.was_of_the_one_before(typed)
    if superseded or any(ended):
        return Likeness.SUPERSEDED
    return next((slip for slip in slips if slip), Likeness.NONE)


def marks_of(code: DeliveryCode, delegates: Iterable[Delegate], now: datetime) -> bytes:
    """What recognises each code of this generation after its end, one after the other. ValueError once it has
    ended."""
    return b"".join(code.mark_of(each.code) for each in holders_of(code, delegates, now))
