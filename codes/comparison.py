"""What was typed, and how it compares with what is right."""

import hmac
import re
from enum import StrEnum

TYPED_SEPARATORS = str.maketrans("", "", " -\t\u00a0\u202f")
ASCII_DIGITS = re.compile(r"[0-9]+", re.ASCII)


class Likeness(StrEnum):
    """How a wrong code resembles the right one. Nobody is shown it before the shipment has closed."""

    NONE = ""
    ONE_DIGIT = "one_digit"
    SWAPPED = "swapped"
    SUPERSEDED = "superseded"


HONEST_TYPOS = frozenset({Likeness.ONE_DIGIT, Likeness.SWAPPED})


def clean(typed: str, digits: int) -> str | None:
    """What was typed, without the spaces and hyphens people add; None if it is not `digits` ASCII digits."""
    if len(typed) > 4 * digits:
        return None
    bare = typed.translate(TYPED_SEPARATORS)
    return bare if len(bare) == digits and ASCII_DIGITS.fullmatch(bare) else None


def matches(typed: str, right: str) -> bool:
    """Whether the two are the same, in a time that does not tell where they differ."""
    return hmac.compare_digest(typed.encode("ascii"), right.encode("ascii"))


def likeness(typed: str, right: str) -> Likeness:
    """Whether a wrong code is a slip of the finger: one digit off, or two neighbours swapped.

    Looks at every digit whatever it finds, so that its time tells nothing of the right code.
    """
    off = [int(a != b) for a, b in zip(typed, right, strict=True)]
    crossed = [
        int(typed[i] == right[i + 1]) & int(typed[i + 1] == right[i]) & off[i] & off[i + 1]
        for i in range(len(right) - 1)
    ]
    differing, swaps = sum(off), sum(crossed)
    kinds = (Likeness.NONE, Likeness.ONE_DIGIT, Likeness.SWAPPED)
    return kinds[int(differing == 1) + 2 * int(differing == 2) * int(swaps == 1)]
