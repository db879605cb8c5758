"""Handoffs beside few and beside many delivered shipments, in paired rounds; sizes on disk, and bloat."""

import argparse
import time
from contextlib import ExitStack
from dataclasses import asdict
from statistics import median

import psycopg

from bench.bulk import quick
from bench.floor import floor_script, run_floor
from bench.report import keep, table
from bench.rounds import Cell, as_json, measure, summaries
from bench.seed import Sample, make_samples, parcels, seed
from bench.sites import Site, environment, ours, setup_django, started_postgres
from bench.sizes import Growth, bloat, sizes
from tests.servers import PostgresServer
from tests.servers.service import manage

CONNECTIONS = 8
PRIMING_SECONDS = 2.0
PER_SECOND = 1200  # at the very most
KEYS_IN_ORDER = """
SELECT count(*) FROM (SELECT courier_id, key_digest FROM handoffs_codecheck ORDER BY 1, 2 OFFSET 0) each
"""


def run(options: argparse.Namespace) -> None:
    """Fill a database for each size, measure them in turn, then hand over many more in the smallest."""
    with ExitStack() as owned:
        server = started_postgres()
        owned.callback(server.stop)
        fresh = int((options.rounds * (options.seconds + 0.5) + PRIMING_SECONDS) * PER_SECOND)
        more = {options.sizes[0]: options.handoffs}
        delivered = _databases(server, options.sizes, fresh, more)
        found: dict[str, object] = {"sizes": [sizes(server, _name(size), size) for size in options.sizes]}
        cells = _rounds(server, options, fresh, owned)
        told = summaries(cells)
        print(table(told))
        for size in options.sizes[1:]:
            print(compared(cells, _name(options.sizes[0]), _name(size)))
        if options.handoffs:
            found["bloat"] = [
                asdict(each)
                for each in _many(server, _name(options.sizes[0]), delivered, fresh, options.handoffs)
            ]
        keep("scale", {"summaries": as_json(told), "cells": as_json(cells), **found}, options)


def _name(size: int) -> str:
    return f"ours{size}"


def _databases(server: PostgresServer, sizes_: list[int], fresh: int, more: dict[int, int]) -> Sample:
    """One for each size, from the same samples; answers the delivered one."""
    empty = server.create_database("empty")
    manage(environment(empty), "migrate", "--verbosity=0")
    manage(environment(empty), "collectstatic", "--noinput", "--verbosity=0")
    setup_django(empty)
    delivered, out = make_samples()
    _disconnect()
    with quick(server):
        for size in sizes_:
            server.create_database(_name(size), template="empty")
            begun = time.monotonic()
            count = fresh + more.get(size, 0) + 1
            seed(server.superuser_url(_name(size)), delivered, out, history=size, fresh=count, in_bulk=True)
            print(f"{size} shipments and {count} fresh ones: {time.monotonic() - begun:.0f} s", flush=True)
    return delivered


def _rounds(server: PostgresServer, options: argparse.Namespace, fresh: int, owned: ExitStack) -> list[Cell]:
    sites: list[Site] = []
    for size in options.sizes:
        name = _name(size)
        _warm(server, name)
        site = ours(server.url(name), list(parcels(server.superuser_url(name), 1, fresh)))
        site.name = name
        sites.append(site.start())
        owned.callback(site.stop)
        measure(site, CONNECTIONS, seconds=0.1, warm_up=PRIMING_SECONDS, database=server.pid)
    cells: list[Cell] = []
    for number in range(options.rounds):
        for site in sites if number % 2 == 0 else reversed(sites):
            cells.append(
                measure(site, CONNECTIONS, seconds=options.seconds, warm_up=0.5, database=server.pid)
            )
        print(f"round {number + 1} of {options.rounds} is done", flush=True)
    return cells


def _warm(server: PostgresServer, name: str) -> None:
    """Read the one index into which a handoff writes at any place, as months of handoffs would have: filling
    the tables pushed it out of memory. All others are written at their end."""
    with psycopg.connect(server.superuser_url(name)) as connection:
        for node in ("seqscan", "bitmapscan", "sort"):
            connection.execute(f"SET LOCAL enable_{node} = off")
        plan = connection.execute(f"EXPLAIN {KEYS_IN_ORDER}").fetchall()
        assert "Index Only Scan using one_check_per_courier_and_key" in str(plan), plan
        connection.execute(KEYS_IN_ORDER)


def compared(cells: list[Cell], small: str, large: str) -> str:
    """Medians over the rounds of what each pair comes to."""

    def of(name: str) -> list[Cell]:
        return [cell for cell in cells if cell.contender == name]

    pairs = list(zip(of(small), of(large), strict=True))
    rates = sorted(big.per_second / little.per_second for little, big in pairs)
    cpu = sorted(big.database_cpu / little.database_cpu for little, big in pairs)
    return (
        f"{large} against {small}, medians of {len(pairs)} pairs: throughput {median(rates):.2f} "
        f"({rates[0]:.2f} to {rates[-1]:.2f}), database CPU {median(cpu):.2f} ({cpu[0]:.2f} to {cpu[-1]:.2f})"
    )


def _many(server: PostgresServer, name: str, delivered: Sample, fresh: int, number: int) -> list[Growth]:
    """So many handoffs by the floor's statement, which writes the rows that a handoff writes."""
    url = server.superuser_url(name)
    before, each = bloat(url), number // CONNECTIONS
    begun = time.monotonic()
    outcome = run_floor(
        server,
        f"{name}?options=-csynchronous_commit%3Doff",
        floor_script(url, delivered),
        connections=CONNECTIONS,
        transactions=each,
        start=fresh + 1,
    )
    assert not outcome.errors, outcome.errors
    print(f"{outcome.successes} handoffs by pgbench: {time.monotonic() - begun:.0f} s", flush=True)
    grown = [after.since(before[after.table]) for after in bloat(url).values()]
    print(*grown, sep="\n")
    return grown


def _disconnect() -> None:
    from django.db import connections

    connections.close_all()
