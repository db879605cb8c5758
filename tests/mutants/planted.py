"""Defects planted by hand, one patch each."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.mutants.copies import FAILED, Copy, Run


@dataclass(frozen=True)
class Planted:
    """A patch with what its first lines say of it."""

    path: Path
    invariants: str
    defect: str
    tests: tuple[str, ...]
    on_sqlite: bool
    changes_migrations: bool

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises ValueError where the patch does not say what it is."""
        head, _, diff = path.read_text().partition("diff --git ")
        told: dict[str, list[str]] = {}
        for line in filter(None, map(str.strip, head.splitlines())):
            name, colon, value = line.partition(": ")
            if not colon:
                raise ValueError(f"{path.name}: what is {line!r}?")
            told.setdefault(name, []).append(value)
        if told.keys() - {"Database"} != {"Invariant", "Defect", "Caught by"} or not diff:
            raise ValueError(f"{path.name} does not say its Invariant, Defect and what it is Caught by")
        return cls(
            path=path,
            invariants=told["Invariant"][0],
            defect=told["Defect"][0],
            tests=tuple(told["Caught by"]),
            on_sqlite=told.get("Database") == ["sqlite"],
            changes_migrations="/migrations/" in diff or told.get("Database") == ["made anew"],
        )

    @property
    def name(self) -> str:
        return self.path.stem

    def __str__(self) -> str:
        return f"{self.name} ({self.invariants}): {self.defect}"


def named(name: str, parts: Sequence[str]) -> bool:
    """Whether a name contains one of these; without any, every name does."""
    return not parts or any(part in name for part in parts)


def all_planted(folder: Path, containing: Sequence[str] = ()) -> list[Planted]:
    """The patches of a folder, by name."""
    return [Planted.read(path) for path in sorted(folder.glob("*.patch")) if named(path.stem, containing)]


def green_without(copy: Copy, planted: list[Planted]) -> Run | None:
    """The first run of the named tests that is red on the tree as it is: red would then prove nothing."""
    for on_sqlite in (False, True):
        tests = sorted({test for each in planted if each.on_sqlite == on_sqlite for test in each.tests})
        if tests:
            run = copy.run(tests, sqlite=on_sqlite, seconds=3600)
            if not run.is_green:
                return run
    return None


def survives(copy: Copy, planted: Planted) -> tuple[str, float]:
    """Why the defect is not caught, in words, "" where it is; and how many seconds that took."""
    if not copy.apply(planted.path):
        return "the patch no longer applies", 0.0
    try:
        run = copy.run(planted.tests, sqlite=planted.on_sqlite, migrated=not planted.changes_migrations)
    finally:
        copy.apply(planted.path, undo=True)
    if run.status not in (0, FAILED):
        return f"the tests did not run to their end ({run.status})", run.seconds
    green = [test for test in planted.tests if not run.is_red(test)]
    return ("stayed green: " + ", ".join(green) if green else ""), run.seconds
