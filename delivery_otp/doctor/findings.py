"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """`says` is a sentence without secrets; `mend` says what to do, empty where all is well."""

    level: Level
    says: str
    mend: str = ""


def ok(says: str) -> Finding:
    return Finding(Level.OK, says)


def warning(says: str, mend: str) -> Finding:
    return Finding(Level.WARNING, says, mend)


def problem(says: str, mend: str) -> Finding:
    return Finding(Level.PROBLEM, says, mend)
