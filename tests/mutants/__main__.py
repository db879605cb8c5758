"""What bin/mutants runs inside the virtual environment."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from typing import TypeVar

from tests.mutants import operators, planted
from tests.mutants.copies import Copy
from tests.mutants.planted import named
from tests.servers import PostgresServer, ServerError

T = TypeVar("T")
COPIES = 2
KINDS = ("planted", "operators")


def say(text: str) -> None:
    print(text, flush=True)


class Copies:
    """As many copies of the tree as there are runs at a time."""

    def __init__(self, postgres: PostgresServer) -> None:
        self.all = [Copy(postgres) for _ in range(COPIES)]
        self.all[0].make_template()
        self._free: SimpleQueue[Copy] = SimpleQueue()
        for copy in self.all:
            self._free.put(copy)

    def each(self, items: Iterable[T], judge: Callable[[Copy, T], bool]) -> int:
        """How many of the items survive: `judge` answers that for one, in a copy of its own."""

        def one(item: T) -> bool:
            copy = self._free.get()
            try:
                return judge(copy, item)
            finally:
                self._free.put(copy)

        pool = ThreadPoolExecutor(COPIES)
        try:
            return sum(pool.map(one, items))
        finally:  # an interruption waits for no more than what runs now
            pool.shutdown(cancel_futures=True)


def run_planted(copies: Copies, containing: list[str]) -> tuple[int, int]:
    """How many planted defects there are, and how many of them were not caught."""
    found = planted.all_planted(copies.all[0].folder / "tests" / "mutants", containing)
    say(f"=== {len(found)} planted defects; first, their tests are green without them")
    red = planted.green_without(copies.all[0], found)
    if red is not None:
        say(red.output)
        raise ServerError("these tests are red on the committed tree: mend that first")

    def judge(copy: Copy, defect: planted.Planted) -> bool:
        why, seconds = planted.survives(copy, defect)
        say(
            f"{'SURVIVED' if why else 'caught  '} {seconds:5.1f} s  {defect}"
            + (f"\n    {why}" if why else "")
        )
        return bool(why)

    return len(found), copies.each(found, judge)


def run_operators(copies: Copies, containing: list[str]) -> tuple[int, int]:
    """How many operators were changed, and how many changes no test saw, beside the known equivalents."""
    equivalents = operators.Equivalents()
    changes: list[operators.Change] = []
    for file in (name for name in operators.FILES if named(name, containing)):
        text = (copies.all[0].folder / file).read_text()
        changes += (change for change in operators.changes_of(file, text) if not equivalents.has(change))
    say(f"=== {len(changes)} changed operators")

    def judge(copy: Copy, change: operators.Change) -> bool:
        survived, seconds = operators.survives(copy, change)
        say(f"{'SURVIVED' if survived else 'caught  '} {seconds:5.1f} s  {change}")
        return survived

    survivors = copies.each(changes, judge)
    stale = [] if containing else sorted(equivalents.unused)
    for entry in stale:
        say(f"SURVIVED          an equivalent is listed that is not there: {entry}")
    return len(changes), survivors + len(stale)


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    kind, containing = "".join(arguments[:1]), arguments[1:]
    if kind and kind not in KINDS:
        say(f"bin/mutants: {kind!r} is neither of {', '.join(KINDS)}")
        return 2
    started = time.monotonic()
    totals: dict[str, tuple[int, int]] = {}
    try:
        with ExitStack() as servers:
            copies = Copies(servers.enter_context(PostgresServer()))
            if kind in ("", "planted"):
                totals["planted defects"] = run_planted(copies, containing)
            if kind in ("", "operators"):
                totals["changed operators"] = run_operators(copies, containing)
    except (ServerError, subprocess.CalledProcessError, ValueError) as problem:
        print(f"bin/mutants: {problem}", file=sys.stderr)
        return 1
    parts = [f"{count - lost} of {count} {name} caught" for name, (count, lost) in totals.items()]
    say(f"\nbin/mutants: {'; '.join(parts)}, in {time.monotonic() - started:.0f} s.")
    return 1 if any(lost for _, lost in totals.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
