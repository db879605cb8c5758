"""A database that swallows every packet is given up in seconds."""

import time

import pytest

from tests.faults.proxy import Proxy
from tests.servers import PostgresServer, ServerError
from tests.servers.environment import service_environment
from tests.servers.service import manage

PATIENCE_SECONDS = 45  # libpq would wait for minutes


def test_a_connection_that_nobody_answers_is_given_up(postgres: PostgresServer) -> None:
    with Proxy(postgres.port) as proxy:
        proxy.black_hole()
        url = postgres.url().replace(f":{postgres.port}/", f":{proxy.port}/")
        started = time.monotonic()
        with pytest.raises(ServerError, match="timeout"):
            manage(service_environment(DATABASE_URL=url), "check_invariants")
        assert time.monotonic() - started < PATIENCE_SECONDS
