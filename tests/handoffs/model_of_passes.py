"""What passes may do, said once more: for the model that test_model.py compares with."""

from dataclasses import dataclass
from datetime import datetime

AT_ONCE, IN_ALL = 3, 10


@dataclass
class Pass:
    """One that the recipient has given. Its digits are those of the generation: `Generation.theirs`."""

    expires_at: datetime
    revoked: bool = False

    def lives(self, now: datetime) -> bool:
        return not self.revoked and now < self.expires_at


def split(theirs: list[str], passes: list[Pass], now: datetime) -> tuple[list[str], list[str]]:
    """The digits of those that hold, and of those that have ended."""
    pairs = list(zip(theirs, passes, strict=True))
    return [d for d, each in pairs if each.lives(now)], [d for d, each in pairs if not each.lives(now)]


def is_full(passes: list[Pass], now: datetime) -> bool:
    return len(passes) >= IN_ALL or sum(each.lives(now) for each in passes) >= AT_ONCE
