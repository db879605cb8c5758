"""The parts of a fault run, each a process of its own on 127.0.0.1, and the proxies between them."""

import json
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import redis
from delivering.client import Tally

from tests.faults.doors import Door, Parcel, Phones, parcels
from tests.faults.ledger import Ledger
from tests.faults.proxy import Proxy
from tests.notifications.servers import mail_server
from tests.scenarios.world import Shop
from tests.servers import PostgresServer, ServerError, Service, ValkeyServer, Worker
from tests.servers.databases import Databases
from tests.servers.environment import UNCAPPED, service_environment
from tests.servers.postgres import rows
from tests.servers.service import manage
from tests.servers.tree import Tree
from tests.servers.twilio import twilio_server

LEASE_SECONDS = 2  # so that what a killed worker held is taken up in seconds instead of a minute
PRODUCTION = {
    **UNCAPPED,
    "DEBUG": "0",
    "SANDBOX": "0",
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "only-for-tests",
    "TWILIO_FROM": "+15005550006",
    "DEFAULT_FROM_EMAIL": "Acme <codes@acme.example>",
    "MESSAGE_LEASE_SECONDS": str(LEASE_SECONDS),
}
THREADS = 16


class House:
    """What all scenarios share: the tree, PostgreSQL (with fsync) and Valkey."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._owned = ExitStack()

    def __enter__(self) -> Self:
        self.postgres = self._owned.enter_context(PostgresServer(fsync=True))
        self.valkey = self._owned.enter_context(ValkeyServer())
        self.databases = Databases(self.postgres.url(), root=self.tree.folder)
        self.databases.make("postgresql")
        environment = service_environment(**PRODUCTION, PUBLIC_URL="http://127.0.0.1")
        manage(environment, "collectstatic", "--noinput", "--verbosity=0", root=self.tree.folder)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._owned.close()


class Stage:
    """One scenario's own database, service, worker, provider stand-ins, and a proxy before each server.

    `with_queue`: Celery does the work. `worker_apart`: a process of its own, which `worker.start()` starts;
    without both, the service's own loop does it. `direct`: past the proxies, at speed. `environment`: beside
    PRODUCTION, or instead of it.
    """

    def __init__(
        self,
        house: House,
        *,
        with_queue: bool = False,
        worker_apart: bool = False,
        application: str = "delivery_otp.wsgi",
        postgres: PostgresServer | None = None,
        direct: bool = False,
        environment: dict[str, str] | None = None,
    ) -> None:
        self.house, self.postgres, self.valkey = house, postgres or house.postgres, house.valkey
        self.ledger, self.tally = Ledger(), Tally()
        self.with_queue, self._worker_apart = with_queue, worker_apart or with_queue
        self._application, self._own_postgres = application, postgres
        self._direct, self._besides = direct, environment or {}
        self._owned = ExitStack()

    def __enter__(self) -> Self:
        enter = self._owned.enter_context
        self.twilio, self.mailbox = enter(twilio_server()), enter(mail_server())
        self.phones = Phones(self.twilio)
        databases = self.house.databases
        if self._own_postgres:
            databases = Databases(self._own_postgres.url(), root=self.house.tree.folder)
        self.database_url = databases.make("postgresql")
        redis.Redis.from_url(self.valkey.url).flushall()
        self.to_database = enter(Proxy(self.postgres.port))
        self.to_queue = enter(Proxy(self.valkey.port))
        self.to_sms = enter(Proxy(int(self.twilio.base.rpartition(":")[2])))
        self.to_mail = enter(Proxy(self.mailbox.port))
        self.service = self._service()
        self.worker = self._worker()
        enter(self.service)
        self._owned.callback(self.worker.kill)
        if self._worker_apart:
            self.worker.start()
        self.shop = Shop(self.service, live=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.ledger.is_closed = True
        self.heal()
        self._owned.close()

    def heal(self) -> None:
        """Let every part reach every other again."""
        for proxy in (self.to_database, self.to_queue, self.to_sms, self.to_mail):
            proxy.heal()

    def door(self, **options: Any) -> Door:
        """A new courier of the shop's."""
        return Door(self.shop, self.ledger, self.tally, **options)

    def doors_and_parcels(self, doors: int, each: int) -> list[tuple[Door, list[tuple[Parcel, str]]]]:
        """So many new couriers, each with so many parcels and their codes."""
        return self.parcels_of([self.door() for _ in range(doors)], each)

    def parcels_of(self, doors: list[Door], each: int) -> list[tuple[Door, list[tuple[Parcel, str]]]]:
        """The couriers, each with so many new parcels and their codes."""
        out = parcels(self.shop, doors, len(doors) * each)
        with_codes = [(parcel, self.phones.code(parcel)) for parcel in out]
        return [(door, with_codes[at :: len(doors)]) for at, door in enumerate(doors)]

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What SQL answers on the database itself, past the proxy."""
        return rows(self.database_url, statement, *values)

    def broken_invariants(self) -> list[str]:
        """What check_invariants finds, each in words."""
        environment = self.service.environment | {"DATABASE_URL": self.database_url}
        try:
            told = manage(environment, "check_invariants", "--json", root=self.house.tree.folder)
        except ServerError as broken:  # its exit status is 1 then
            told = str(broken)
        (line,) = [line for line in told.splitlines() if line.startswith('{"checked"')]
        return [f"{each['number']}: {each['says']} {each['rows']}" for each in json.loads(line)["broken"]]

    def another_worker(self) -> Worker:
        """One more like `worker`, which runs and is ended with the stage."""
        worker = self._worker()
        self._owned.callback(worker.kill)
        return worker.start()

    def _service(self) -> Service:
        service = Service(
            self.database_url,
            redis_url=self._queue_url(),
            environment=self._environment(),
            threads=THREADS,
            worker_in_process=not self._worker_apart,
            application=self._application,
            root=self.house.tree.folder,
        )
        service.environment["DATABASE_URL"] = self._proxied_database()
        return service

    def _worker(self) -> Worker:
        worker = Worker(
            self.database_url,
            redis_url=self._queue_url(),
            environment=self._environment() | {"PUBLIC_URL": self.service.url},
            root=self.house.tree.folder,
        )
        worker.environment["DATABASE_URL"] = self._proxied_database()
        return worker

    def _environment(self) -> dict[str, str]:
        sms, mail = self.to_sms.port, self.to_mail.port
        base = self.twilio.base if self._direct else f"http://127.0.0.1:{sms}"
        places = {"TWILIO_API_BASE": base, "EMAIL_URL": f"smtp://127.0.0.1:{mail}"}
        return PRODUCTION | places | self._besides

    def _queue_url(self) -> str:
        if not self.with_queue or self._direct:
            return self.valkey.url if self.with_queue else ""
        return f"redis://127.0.0.1:{self.to_queue.port}/0"

    def _proxied_database(self) -> str:
        if self._direct:
            return self.database_url
        return self.database_url.replace(f":{self.postgres.port}/", f":{self.to_database.port}/")
