"""The scenarios by name, and how one is run."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from types import FrameType

import psycopg

from tests.faults import told_messages
from tests.faults.ledger import Comparison
from tests.faults.stage import House, Stage
from tests.servers import ServerError

Setting = Callable[[House], AbstractContextManager[Stage]]


@dataclass(frozen=True)
class Scenario:
    """One way in which something breaks. `run` breaks it, and asserts what is its own."""

    name: str
    says: str
    setting: Setting
    run: Callable[[Stage], None]
    seconds: int


@dataclass
class Result:
    """What became of a scenario."""

    name: str
    requests: int = 0
    compared: Comparison = field(default_factory=Comparison)
    invariants: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def problems(self) -> list[str]:
        return [*self.others, *self.compared.problems, *(f"invariant {each}" for each in self.invariants)]


class TooLongError(Exception):
    """A scenario took longer than it may."""


_scenarios: dict[str, Scenario] = {}


def scenario(
    name: str, says: str, *, seconds: int = 300, setting: Setting = Stage
) -> Callable[[Callable[[Stage], None]], Callable[[Stage], None]]:
    """Put a function into the catalogue."""

    def add(run: Callable[[Stage], None]) -> Callable[[Stage], None]:
        _scenarios[name] = Scenario(name, says, setting, run, seconds)
        return run

    return add


def chosen(names: list[str]) -> list[Scenario]:
    """The scenarios with one of these in their names; all of them without any."""
    return [each for each in _scenarios.values() if not names or any(name in each.name for name in names)]


def play(scenario: Scenario, house: House) -> Result:
    """Run one and compare. Whatever goes wrong is one of its problems."""
    result, started = Result(scenario.name), time.monotonic()
    try:
        with scenario.setting(house) as stage, _at_most(scenario.seconds):
            _played(scenario, stage, result)
    except (TooLongError, ServerError, OSError, psycopg.Error) as error:
        result.others.append(f"{type(error).__name__}: {error}")
    result.seconds = time.monotonic() - started
    return result


def _played(scenario: Scenario, stage: Stage, result: Result) -> None:
    try:
        scenario.run(stage)
    except AssertionError as wrong:
        result.others.append(f"not as it should be: {wrong}")
    finally:
        result.requests = stage.tally.requests["requests"]
    stage.heal()
    result.others += told_messages.problems(stage)
    result.compared = stage.ledger.compare(stage.rows)
    result.invariants = stage.broken_invariants()


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    def late(number: int, frame: FrameType | None) -> None:
        raise TooLongError(f"it is not over after {seconds} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
