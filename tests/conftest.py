"""Fixtures of every test: the servers. The people and things in the stories are in `tests/base.py`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache

from tests.servers import PostgresServer, Service, ValkeyServer
from tests.servers.databases import Databases

HEART = {"accounts", "api", "codes", "couriers", "fleet", "handoffs", "invariants", "notifications", "orders"}
TESTS = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the heart's tests, which run on both databases, and those that start servers of their own."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        if folder in HEART:
            item.add_marker(pytest.mark.heart)
        if {"service", "make_service", "postgres"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.servers)
    longest = {
        item.path for item in items if item.get_closest_marker("servers") or item.get_closest_marker("long")
    }
    items.sort(key=lambda item: item.path not in longest)  # begun first, none is waited for alone at the end


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """A skipped test proves nothing and looks green: it fails here."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped: {report.longrepr}. What a test needs must be there, or the run fails."
    return report


@pytest.fixture(autouse=True)
def unspent_limits() -> None:
    """The limits that keep noise out count in the cache of this process, over all tests."""
    cache.clear()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of this test process alone, so that a test may stop or kill it (and start it again)."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[ValkeyServer]:
    """A Valkey of this test process alone, so that a test may flush, stop or kill it (and start it again)."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Makes migrated databases for services, each a copy of one template."""
    with Databases(os.environ.get("TEST_POSTGRES_URL", "")) as made:
        yield made


@pytest.fixture(scope="session", params=["postgresql", "sqlite"])
def service(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Service]:
    """The service over HTTP on a database of its own, once on PostgreSQL and once on SQLite.

    It is shared by the tests of a session: each makes a merchant of its own and kills nothing.
    """
    with Service(databases.make(request.param)) as running:
        yield running


@pytest.fixture
def make_service(databases: Databases) -> Iterator[Callable[..., Service]]:
    """Starts a service for this test alone: `make_service("sqlite", threads=9)`, with what Service takes."""
    made: list[Service] = []

    def make(database: str = "postgresql", **options: Any) -> Service:
        made.append(Service(databases.make(database), **options).start())
        return made[-1]

    yield make
    for running in made:
        running.stop()
