"""The service behind PgBouncer in transaction mode: two processes and two workers, correct and not slower.

`pgbouncer` has to be installed (Debian: apt-get install pgbouncer), or named by the variable PGBOUNCER.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.report import keep, table
from bench.rounds import as_json, measure, summaries
from bench.scale import compared
from bench.seed import make_samples, parcels, seed
from bench.sites import environment, ours, setup_django, started_postgres
from tests.invariants.test_02_attempts_never_exceed_their_limits import (
    test_guesses_between_rotations_are_judged_ten_times_in_all as guesses_between_rotations,
)
from tests.invariants.test_02_attempts_never_exceed_their_limits import (
    test_of_fifty_wrong_codes_five_are_judged_and_the_right_one_is_then_refused as fifty_wrong_codes,
)
from tests.invariants.test_04_one_delivery_one_proof import (
    test_fifty_right_codes_make_one_delivery as fifty_right_codes,
)
from tests.servers import PostgresServer, Service, Worker
from tests.servers.folders import temporary_folder
from tests.servers.process import Process, free_port, wait_until
from tests.servers.service import manage

CONNECTIONS, PRIMING_SECONDS, PER_SECOND, HISTORY = 8, 2.0, 1200, 10_000
POOL = 8
KEEPS_STATEMENTS = (1, 21)  # from this version on a pool carries prepared statements over
SETTINGS = """\
[databases]
* = host=127.0.0.1 port={port} user=delivery password={password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
auth_type = any
pool_mode = transaction
default_pool_size = {pool}
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
unix_socket_dir =
{more}
"""


def run(options: argparse.Namespace) -> None:
    """The stories of many at once, then handoffs in paired rounds, straight and through PgBouncer."""
    program = os.environ.get("PGBOUNCER") or shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        sys.exit("pgbouncer is not installed. On Debian: apt-get install pgbouncer; or set PGBOUNCER.")
    version = _version(program)
    prepared = version >= KEEPS_STATEMENTS
    behind_it = {"PREPARED_STATEMENTS": str(int(prepared))}
    print(f"PgBouncer {'.'.join(map(str, version))}, PREPARED_STATEMENTS={int(prepared)}", flush=True)
    with ExitStack() as owned:
        server = started_postgres()
        owned.callback(server.stop)
        more = "max_prepared_statements = 200" if prepared else ""
        address = owned.enter_context(_bouncer(server, program, more))
        for database in ("stories", "ours"):
            manage(environment(server.create_database(database)), "migrate", "--verbosity=0")
        _tell_stories(f"{address}/stories", behind_it, owned)
        fresh = int((2 * options.rounds * (options.seconds + 0.5) + 2 * PRIMING_SECONDS) * PER_SECOND)
        manage(environment(server.url("ours")), "collectstatic", "--noinput", "--verbosity=0")
        setup_django(server.url("ours"))
        superuser = server.superuser_url("ours")
        seed(superuser, *make_samples(), history=HISTORY, fresh=fresh + 1)
        requests = iter(list(parcels(superuser, 1, fresh)))
        straight = ours(server.url("ours"), requests)
        behind = ours(f"{address}/ours", requests, **behind_it)
        straight.name, behind.name = "straight", "through pgbouncer"
        for site in (straight, behind):
            owned.callback(site.start().stop)
            measure(site, CONNECTIONS, seconds=0.1, warm_up=PRIMING_SECONDS, database=server.pid)
        cells = [
            measure(site, CONNECTIONS, seconds=options.seconds, warm_up=0.5, database=server.pid)
            for number in range(options.rounds)
            for site in ((straight, behind) if number % 2 == 0 else (behind, straight))
        ]
        print(table(summaries(cells)))
        print(compared(cells, straight.name, behind.name))
        keep("pgbouncer", {"summaries": as_json(summaries(cells)), "cells": as_json(cells)}, options)


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in said.split()[1].split("."))


def _tell_stories(url: str, behind_it: dict[str, str], owned: ExitStack) -> None:
    """Those tests that send many requests at once, which is where a pooler could break a promise."""
    two = {"WEB_CONCURRENCY": "2", **behind_it}
    service = owned.enter_context(Service(url, environment=two, threads=25, worker_in_process=False))
    for _ in range(2):
        owned.enter_context(Worker(url, environment={**two, "PUBLIC_URL": service.url}))
    for story in (fifty_wrong_codes, fifty_right_codes, guesses_between_rotations):
        try:
            story(service)
        except AssertionError:
            print(service.log_text()[-3000:])
            raise
        print(f"{story.__name__}: holds", flush=True)


@contextmanager
def _bouncer(server: PostgresServer, program: str, more: str) -> Iterator[str]:
    """Its address without a database. It refuses to run as root, as PostgreSQL does."""
    own_port, folder = free_port(), temporary_folder("pgbouncer")
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        SETTINGS.format(port=server.port, password=server.password, own_port=own_port, pool=POOL, more=more)
    )
    if server.user:
        shutil.chown(settings, server.user)
    process = Process(
        [program, settings],
        environment=dict(os.environ),
        log=folder / "log",
        folder=Path("/"),
        user=server.user,
    )
    address = f"postgresql://delivery:none@127.0.0.1:{own_port}"
    wait_until(lambda: _answers(f"{address}/postgres"), seconds=20, what="PgBouncer", process=process)
    yield address
    process.stop()


def _answers(url: str) -> bool:
    import psycopg

    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
