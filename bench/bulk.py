"""Tables filled with many millions of rows: without their indexes, which come afterwards, and without WAL.

PostgreSQL logs nothing for a table that the same transaction has rewritten where `wal_level` is minimal
(postgresql.org/docs/current/populate.html).
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg

from tests.servers.postgres import PostgresServer

Connection = psycopg.Connection[Any]
QUICK = {"wal_level": "minimal", "max_wal_senders": "0", "fsync": "off", "autovacuum": "off"}

CONSTRAINTS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = ANY(%s) AND (conrelid = ANY(%s::regclass[]) OR confrelid = ANY(%s::regclass[]))
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)
"""


@contextmanager
def quick(server: PostgresServer) -> Iterator[None]:
    """Let the server write as if no power were ever lost; afterwards it keeps what it acknowledges again.

    What it wrote is on the disk then, so that nobody's later measurement pays for it.
    """
    _configure(server, [f"ALTER SYSTEM SET {name} = '{value}'" for name, value in QUICK.items()])
    yield
    _configure(server, [f"ALTER SYSTEM RESET {name}" for name in QUICK])
    os.sync()


def _configure(server: PostgresServer, statements: Sequence[str]) -> None:
    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
    server.stop()
    server.start()


def fill(url: str, jobs: dict[str, Callable[[Connection], None]], *, at_once: int = 2) -> None:
    """Run the job of each table, which adds its rows, on connections of a superuser."""
    tables = list(jobs)
    with psycopg.connect(url, autocommit=True) as connection:
        foreign = connection.execute(CONSTRAINTS, (["f"], tables, tables)).fetchall()
        for table, name, _ in foreign:
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(lambda table: _fill_one(url, table, jobs[table]), tables))
    with psycopg.connect(url, autocommit=True) as connection:
        for table, name, definition in foreign:
            # The copies are as sound as the sample; new rows are checked.
            statement = f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID"
            connection.execute(statement.encode())


def _fill_one(url: str, table: str, job: Callable[[Connection], None]) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET work_mem = '256MB'")
        connection.execute("SET maintenance_work_mem = '1GB'")
        keys = connection.execute(CONSTRAINTS, (["p", "u"], [table], [table])).fetchall()
        connection.execute(f"CLUSTER {table} USING {table}_pkey".encode())
        indexes = connection.execute(INDEXES, (table,)).fetchall()
        for _, name, _ in keys:
            connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}".encode())
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}".encode())
        job(connection)
        for _, name, definition in keys:
            connection.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}".encode())
        for _, definition in indexes:
            connection.execute(definition.encode())
