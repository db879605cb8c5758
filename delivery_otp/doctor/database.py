"""The database: there, new enough, migrated, as safe as it has to be, and on the same time as we are."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from delivery_otp.doctor.findings import Finding, ok, problem, warning
from orders.append_only import append_only_tables, triggers_of

OLDEST_POSTGRESQL = 15
DRIFT = timedelta(seconds=2)


def check() -> Iterator[Finding]:
    try:
        connection.ensure_connection()
    except Error as error:
        yield problem(
            f"The database does not answer ({type(error).__qualname__}).",
            "Is it running? Check host, name, user and password in DATABASE_URL.",
        )
        return
    yield from _postgresql() if connection.vendor == "postgresql" else _sqlite()
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        yield problem(f"{len(pending)} migrations are pending.", "Run: python manage.py migrate")
    else:
        yield ok("All migrations are applied.")
        yield from _append_only(executor)


def _postgresql() -> Iterator[Finding]:
    version = connection.cursor().connection.info.server_version // 10_000
    if version < OLDEST_POSTGRESQL:
        yield problem(
            f"PostgreSQL {version} is too old.", f"Move to PostgreSQL {OLDEST_POSTGRESQL} or newer."
        )
    else:
        yield ok(f"PostgreSQL {version} answers.")
    for setting in ("synchronous_commit", "fsync", "full_page_writes"):
        if _value(f"SHOW {setting}") == "off":
            yield problem(
                f"{setting} is off: a crash of the database forgets what was answered.",
                f"Set {setting} = on in the server's configuration, and for this role and database.",
            )
    drift = abs(_value("SELECT clock_timestamp()") - timezone.now())
    if drift > DRIFT:
        yield problem(
            f"The database's clock and ours are {drift.total_seconds():.0f} s apart.",
            "Set both machines by NTP (timedatectl, chronyc tracking): codes expire by the clock.",
        )
    else:
        yield ok("The database's clock and ours agree.")


def _sqlite() -> Iterator[Finding]:
    if not settings.DEVELOPMENT:
        yield warning(
            "SQLite takes one writer at a time.", "Set DATABASE_URL to a PostgreSQL for more than a trial."
        )
    in_memory = connection.is_in_memory_db()  # type: ignore[attr-defined]
    if not in_memory and _value("PRAGMA journal_mode") != "wal":
        yield problem("SQLite does not write ahead (WAL).", "The file's system must allow shared memory.")
    if settings.DATABASES["default"]["OPTIONS"].get("transaction_mode") != "IMMEDIATE":
        yield problem("SQLite does not lock at BEGIN.", "Give DATABASE_URL no options of its own.")
    yield ok("SQLite answers, on this machine's clock.")


def _append_only(executor: MigrationExecutor) -> Iterator[Finding]:
    """Do the tables that are append-only by a migration still have their triggers?"""
    tables = append_only_tables(executor.loader)
    enabled = _enabled_triggers()
    open_ones = [table for table in tables if not triggers_of(table, connection.vendor) <= enabled]
    if open_ones:
        yield problem(
            f"These tables can be rewritten, their triggers are gone or off: {', '.join(open_ones)}.",
            "Find out who did that. Restore those of orders/append_only.py, then run check_invariants.",
        )
    else:
        yield ok(f"{len(tables)} append-only tables are guarded by the database.")


def _enabled_triggers() -> set[str]:
    if connection.vendor == "postgresql":
        statement = (
            "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') "
            "AND c.relnamespace = current_schema()::regnamespace"
        )
    else:
        statement = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return {row[0] for row in cursor.fetchall()}


def _value(statement: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
        return row[0] if row else None
