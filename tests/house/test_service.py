"""The launchers of tests/servers do what the other tests rely on."""

import os
import signal
import urllib.request
from collections.abc import Callable

import pytest

from tests.servers import Service


def test_the_service_is_ready_on_either_database(service: Service) -> None:
    with urllib.request.urlopen(f"{service.url}/readyz") as answer:
        assert answer.status == 200


def test_each_service_has_a_database_of_its_own(
    service: Service, make_service: Callable[..., Service]
) -> None:
    other = make_service("sqlite" if service.database_url.startswith("sqlite") else "postgresql")

    assert other.database_url != service.database_url
    assert other.rows("SELECT count(*) FROM django_migrations")[0][0] > 0


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_a_killed_service_comes_back_on_its_port_and_data(
    database: str, make_service: Callable[..., Service]
) -> None:
    service = make_service(database)
    service.rows("CREATE TABLE kept (word text)")
    service.rows("INSERT INTO kept VALUES (%s)", "parcel")
    arbiter = service.pid

    service.kill()
    assert not service.is_ready()
    with pytest.raises(ProcessLookupError):
        os.kill(arbiter, signal.SIGCONT)

    service.start()
    assert service.rows("SELECT word FROM kept") == [("parcel",)]
