"""Interleaved rounds: each contender in turn, again and again, so that moods of the machine touch all."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from bench import load
from bench.cpu import cpu_seconds
from bench.load import Outcome
from bench.sites import Site


class WrongCountError(Exception):
    """More or fewer successes were counted than the database holds."""


@dataclass
class Cell:
    """One contender at one number of connections in one round. Latencies and CPU in milliseconds."""

    contender: str
    connections: int
    per_second: float
    p50: float
    p99: float
    errors: int
    server_cpu: float  # per success
    database_cpu: float


def cell(
    name: str, connections: int, run: Callable[[], Outcome], *, server: int | None, database: int
) -> Cell:
    """Run once; CPU is that of the trees of processes below `server` and `database`, per success."""
    before = (cpu_seconds(server) if server else 0.0, cpu_seconds(database))
    outcome = run()
    after = (cpu_seconds(server) if server else 0.0, cpu_seconds(database))
    each = 1000 / max(1, outcome.successes)
    if outcome.errors:
        print(f"  {name}: {len(outcome.errors)} errors, the first: {outcome.errors[0]!r}")
    return Cell(
        name,
        connections,
        outcome.per_second,
        1000 * outcome.percentile(0.50),
        1000 * outcome.percentile(0.99),
        len(outcome.errors),
        each * (after[0] - before[0]),
        each * (after[1] - before[1]),
    )


def measure(site: Site, connections: int, *, seconds: float, warm_up: float, database: int) -> Cell:
    """One cell of a site. Raises WrongCountError where its database does not hold what was counted."""
    assert site.process is not None
    held = site.total()
    outcomes: list[Outcome] = []

    def run() -> Outcome:
        outcomes.append(
            load.run(
                site.port,
                site.requests,
                connections=connections,
                seconds=seconds,
                warm_up=warm_up,
                expected=site.expected,
            )
        )
        return outcomes[0]

    made = cell(site.name, connections, run, server=site.process.pid, database=database)
    if outcomes[0].errors:
        print(site.process.log_tail(5))
    grown = site.total() - held
    if site.counted and grown != outcomes[0].successes:
        raise WrongCountError(f"{site.name}: {outcomes[0].successes} counted, {grown} in the database")
    return made


@dataclass
class Summary:
    """Median and range over the rounds of one contender at one number of connections."""

    contender: str
    connections: int
    rounds: int
    per_second: float
    lowest: float
    highest: float
    p50: float
    p99: float
    server_cpu: float
    database_cpu: float
    errors: int


def summaries(cells: Iterable[Cell]) -> list[Summary]:
    """One for each contender and number of connections, in the order in which they came first."""
    grouped: dict[tuple[str, int], list[Cell]] = defaultdict(list)
    for each in cells:
        grouped[each.contender, each.connections].append(each)
    return [_summary(name, connections, group) for (name, connections), group in grouped.items()]


def _summary(name: str, connections: int, group: Sequence[Cell]) -> Summary:
    def median(of: str) -> float:
        return float(statistics.median(getattr(each, of) for each in group))

    rates = [each.per_second for each in group]
    return Summary(
        name,
        connections,
        len(group),
        median("per_second"),
        min(rates),
        max(rates),
        median("p50"),
        median("p99"),
        median("server_cpu"),
        median("database_cpu"),
        sum(each.errors for each in group),
    )


def as_json(items: Iterable[Cell | Summary]) -> list[dict[str, object]]:
    return [
        {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(item).items()}
        for item in items
    ]
