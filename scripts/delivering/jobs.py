"""What is to become of each shipment, and what became of it."""

import csv
import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Plan(StrEnum):
    """What happens at the door."""

    AT_HOME = "at home"
    ABSENT = "absent"  # the first time; another courier tries again
    REFUSED = "refused"  # and goes back


@dataclass(frozen=True)
class Shares:
    """Which share of the codes is mistyped once, of the shipments meets nobody at first, is refused."""

    typos: float
    absent: float
    refused: float


@dataclass
class Job:
    """One shipment to be brought to its end."""

    reference: str
    id: str
    status: str
    code_required: bool
    location: dict[str, float] | None
    plan: Plan = Plan.AT_HOME
    mistypes: bool = False
    was_tried: bool = False
    has_mistyped: bool = False
    last_courier: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def wanted_status(self) -> str:
        return "returned" if self.plan == Plan.REFUSED else "delivered"


@dataclass(frozen=True)
class Line:
    """An order of the import file: its reference, and where it goes to."""

    reference: str
    location: dict[str, float] | None


def lines_of(path: Path) -> Iterator[Line]:
    """The orders of an import file, each once, as they first appear."""
    seen: set[str] = set()
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            reference = (row.get("reference") or "").strip()
            if reference and reference not in seen:
                seen.add(reference)
                yield Line(reference, _location(row))


def _location(row: dict[str, Any]) -> dict[str, float] | None:
    try:
        return {"latitude": float(row["latitude"]), "longitude": float(row["longitude"]), "accuracy_m": 10}
    except (KeyError, TypeError, ValueError):
        return None


def jobs_of(found: Iterable[tuple[Line, list[dict[str, Any]]]]) -> list[Job]:
    """A job for each shipment, closed ones included, with nothing planned yet."""
    return [
        Job(line.reference, shipment["id"], shipment["status"], shipment["code_required"], line.location)
        for line, shipments in found
        for shipment in shipments
    ]


def plan(jobs: list[Job], shares: Shares, seed: int) -> None:
    """Choose by the seed what happens at the doors; each share is rounded up."""
    drawn = random.Random(seed).sample(jobs, len(jobs))
    refused = math.ceil(shares.refused * len(drawn))
    absent = math.ceil(shares.absent * len(drawn))
    for job in drawn[:refused]:
        job.plan = Plan.REFUSED
    for job in drawn[refused : refused + absent]:
        job.plan = Plan.ABSENT
    typed = [job for job in reversed(drawn) if job.code_required and job.plan != Plan.REFUSED]
    for job in random.Random(seed).sample(typed, math.ceil(shares.typos * len(typed))):
        job.mistypes = True
    for job in jobs:
        if job.status == "returning":  # an earlier run began to send it back
            job.plan, job.mistypes = Plan.REFUSED, False


def honest_typo(code: str, seed: str) -> str:
    """The code as hurried fingers type it: one digit off, or two neighbours swapped."""
    chance = random.Random(seed)
    at = chance.randrange(len(code) - 1)
    if chance.random() < 0.5 and code[at] != code[at + 1]:
        return code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    return code[:at] + str((int(code[at]) + chance.choice((1, 9))) % 10) + code[at + 1 :]
