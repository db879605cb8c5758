"""What bin/faults runs inside the virtual environment."""

import argparse
import signal
import sys
import time

from tests.faults import scenarios
from tests.faults.catalogue import Result, Scenario, chosen, play
from tests.faults.stage import House
from tests.servers import ServerError
from tests.servers.service import ROOT
from tests.servers.tree import Tree

DEFECTS = (ROOT / "tests" / "faults", ROOT / "tests" / "mutants")
HEAD = ("scenario", "requests", "told", "unanswered", "lost", "doubled", "invariants", "seconds")


def say(text: str) -> None:
    print(text, flush=True)


def row(*cells: object) -> str:
    name, *numbers = cells
    columns = zip(numbers, HEAD[1:], strict=True)
    return f"{name:<24}" + "".join(f"{number:>{len(head) + 2}}" for number, head in columns)


def row_of(result: Result) -> str:
    compared = result.compared
    return row(
        result.name,
        result.requests,
        compared.told,
        compared.unanswered,
        len(compared.lost),
        len(compared.doubled),
        len(result.invariants),
        f"{result.seconds:.0f}",
    ) + ("   BROKEN" if result.problems else "")


def options_of(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/faults", description="Break the parts, lose nothing.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="scenarios with one of these in their name")
    parser.add_argument("--list", action="store_true", help="the names, and what each does")
    parser.add_argument(
        "--with", dest="defect", metavar="DEFECT", help="plant DEFECT.patch of tests/faults or mutants"
    )
    return parser.parse_args(arguments)


def planted(defect: str | None) -> Tree:
    """The committed tree, with this defect in it. Raises ServerError where the patch does not fit."""
    tree = Tree("faults")
    if defect:
        found = [path for folder in DEFECTS if (path := folder / f"{defect}.patch").exists()]
        if not found or not tree.apply(found[0]):
            raise ServerError(f"{defect}.patch is not there, or no longer applies")
    return tree


def run_all(wanted: list[Scenario], defect: str | None) -> list[Result]:
    results = []
    with House(planted(defect)) as house:
        for each in wanted:
            say(f"=== {each.name}: {each.says}")
            results.append(play(each, house))
            for problem in results[-1].problems[:10]:
                say(f"    BROKEN {problem}")
            say(row_of(results[-1]))
    return results


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    options = options_of(arguments)
    scenarios.load()
    wanted = chosen(options.names)
    if options.list:
        for each in wanted:
            say(f"{each.name:<24}{each.says}")
        return 0
    if not wanted:
        say(f"bin/faults: no scenario is called {' or '.join(options.names)}; --list has their names")
        return 2
    started = time.monotonic()
    try:
        results = run_all(wanted, options.defect)
    except ServerError as problem:
        print(f"bin/faults: {problem}", file=sys.stderr)
        return 1
    say("\n" + row(*HEAD))
    for result in results:
        say(row_of(result))
    broken = [result.name for result in results if result.problems]
    verdict = f"broken: {', '.join(broken)}" if broken else "nothing lost, nothing doubled, nothing broken"
    say(f"\nbin/faults: {len(results)} scenarios, {verdict}, in {time.monotonic() - started:.0f} s.")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
