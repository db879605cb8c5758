"""doctor looks at a real database and finds what is wrong with it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from delivery_otp.doctor import database
from tests.doctor.conftest import run_doctor, said
from tests.servers import PostgresServer
from tests.servers.databases import Databases
from tests.servers.postgres import rows


def test_a_sound_database_has_no_problem(installed: Callable[[str], str]) -> None:
    assert run_doctor(DATABASE_URL=installed("sound")).problems("database") == []


def test_a_database_that_is_down_is_told_without_its_password(
    installed: Callable[[str], str], safe_postgres: PostgresServer
) -> None:
    url = installed("down")
    safe_postgres.stop()
    try:
        report = run_doctor(DATABASE_URL=url)
    finally:
        safe_postgres.start()
    assert report.status == 1
    assert report.problems("database") == ["The database does not answer (OperationalError)."]
    assert safe_postgres.password not in report.output


@pytest.mark.parametrize("setting", ["synchronous_commit"])
def test_commits_that_a_crash_forgets_are_found(installed: Callable[[str], str], setting: str) -> None:
    url = installed("forgetful")
    rows(url, f"ALTER DATABASE forgetful SET {setting} = off")
    assert any(setting in says for says in run_doctor(DATABASE_URL=url).problems("database"))


def test_a_server_without_fsync_is_found(databases: Databases) -> None:
    problems = run_doctor(DATABASE_URL=databases.make("postgresql")).problems("database")
    assert any(says.startswith("fsync is off") for says in problems)


def test_pending_migrations_are_found(safe_postgres: PostgresServer) -> None:
    empty = safe_postgres.create_database("empty")
    assert any(
        "migrations are pending" in says for says in run_doctor(DATABASE_URL=empty).problems("database")
    )


@pytest.mark.parametrize("table", ["orders_event", "handoffs_codecheck"])
def test_a_trigger_that_was_switched_off_is_found(installed: Callable[[str], str], table: str) -> None:
    url = installed(f"open_{table}")
    rows(url, f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
    assert any(table in says for says in run_doctor(DATABASE_URL=url).problems("database"))


def test_a_trigger_that_is_gone_from_sqlite_is_found(databases: Databases) -> None:
    url = databases.make("sqlite")
    assert run_doctor(DATABASE_URL=url).problems("database") == []
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("DROP TRIGGER orders_event_never_deleted")
        connection.commit()
    assert any("orders_event" in says for says in run_doctor(DATABASE_URL=url).problems("database"))


@pytest.mark.django_db
def test_clocks_that_differ_are_found() -> None:
    assert not any("apart" in says for says in said("database"))
    with time_machine.travel(timezone.now() + timedelta(seconds=10)):
        assert any("10 s apart" in says for says in said("database"))


@pytest.mark.django_db
def test_a_server_that_is_too_old_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST_POSTGRESQL", 99)
    assert any("too old" in says for says in said("database"))
