"""What is measured, each on a server of its own over one PostgreSQL that keeps what it acknowledges."""

import os
import socket
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench.seed import Parcel
from bench.seed_shop import shop_token
from tests.servers.environment import service_environment
from tests.servers.folders import temporary_folder
from tests.servers.postgres import PostgresServer
from tests.servers.process import Process, free_port, wait_until
from tests.servers.service import ROOT

PROCESSES, THREADS = 2, 24  # WEB_CONCURRENCY and WEB_THREADS, unless the environment says otherwise
POSTGRES = {
    "shared_buffers": "1GB",
    "max_wal_size": "16GB",
    "checkpoint_timeout": "30min",
    "checkpoint_completion_target": "0.9",
    "effective_cache_size": "8GB",
    "maintenance_work_mem": "1GB",
}


def started_postgres() -> PostgresServer:
    """One with fsync and synchronous_commit on, and memory as a machine of this size would give it."""
    server = PostgresServer(fsync=True).start()
    with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
        for name, value in POSTGRES.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
    server.stop()
    return server.start()


@dataclass
class Site:
    """A server and the requests that it is sent. `counted`: what grows by one with each success."""

    name: str
    label: str
    application: str
    environment: dict[str, str]
    requests: Iterator[bytes]
    expected: bytes = b'"delivered"'
    database: str = ""
    counted: str = ""
    tuned: bool = True
    port: int = field(default_factory=free_port)
    process: Process | None = None

    def start(self) -> "Site":
        """Start it, and wait until it answers."""
        environment = {
            **self.environment,
            "PORT": str(self.port),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
        }
        log = temporary_folder(self.name) / "log"
        self.process = Process(self.command(), environment=environment, log=log, folder=ROOT)
        wait_until(self._answers, seconds=60, what=self.label, process=self.process)
        return self

    def command(self) -> list[str]:
        server = [sys.executable, "-m", "gunicorn", self.application]
        if self.tuned:
            return [*server, "--config", "gunicorn.conf.py", "--log-level=warning"]
        return [*server, "--config", "/dev/null", f"--bind=127.0.0.1:{self.port}", "--log-level=warning"]

    def stop(self) -> None:
        if self.process is not None:
            self.process.stop()

    def total(self) -> int:
        """How many successes its database holds."""
        if not self.counted:
            return 0
        with psycopg.connect(self.database) as connection:
            found = connection.execute(self.counted.encode()).fetchone()
        assert found is not None
        return int(found[0])

    def _answers(self) -> bool:
        """Whether it answers a path that does not exist: by then its application is loaded."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=20) as connection:
                connection.sendall(b"GET /nothing HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                return bool(connection.recv(1))
        except OSError:
            return False


def environment(database_url: str, **more: str) -> dict[str, str]:
    """Of a tuned server: the production settings, with test secrets."""
    settings = {
        "DEBUG": "0",
        "SANDBOX": "1",
        "DATABASE_URL": database_url,
        "WEB_CONCURRENCY": os.environ.get("WEB_CONCURRENCY", str(PROCESSES)),
        "WEB_THREADS": os.environ.get("WEB_THREADS", str(THREADS)),
        "WORKER_IN_PROCESS": "0",
        "PUBLIC_URL": "http://127.0.0.1:8000",
    }
    return service_environment(**{**settings, **more})


def setup_django(database_url: str, **more: str) -> None:
    """This process makes the samples by the service's own verbs, on the same database and keys."""
    os.environ.update(environment(database_url, **more), DJANGO_SETTINGS_MODULE="delivery_otp.settings")
    import django

    django.setup()


def posts(path: str, items: Iterable[tuple[Parcel, str, bytes]], *, key: bool = False) -> Iterator[bytes]:
    """The bytes of a POST for each parcel: its path, its Authorization, its body."""
    for number, (parcel, authorization, body) in enumerate(items):
        keyed = f"Idempotency-Key: bench-{number:012}\r\n" if key else ""
        head = (
            f"POST {path.format(parcel.shipment)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: {authorization}\r\n{keyed}Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        yield head.encode() + body


def ours(database_url: str, parcels: Iterable[Parcel], redis_url: str = "", **more: str) -> Site:
    """The handoff of this service over HTTP, with a bearer token and an Idempotency-Key."""
    variables = {"REDIS_URL": redis_url} if redis_url else {}
    items = ((parcel, f"Bearer {parcel.token}", _body(parcel)) for parcel in parcels)
    return Site(
        "ours",
        "this service",
        "delivery_otp.wsgi",
        environment(database_url, **variables, **more),
        posts("/api/v1/courier/shipments/{}/handoff", items, key=True),
        database=database_url,
        counted="SELECT count(*) FROM handoffs_codecheck WHERE result = 'delivered' AND id > 4000000000",
    )


def shop(name: str, label: str, database_url: str, parcels: Iterable[Parcel], *, tuned: bool = True) -> Site:
    """One view of the shop: `bare`, `token` or `otp`."""
    view = name.split("-", maxsplit=1)[0]
    items = ((parcel, f"Token {shop_token(parcel)}", _body(parcel)) for parcel in parcels)
    variables: dict[str, Any] = {
        "TUNED": "1" if tuned else "0",
        "SERVER_SIDE_BINDING": os.environ.get("SERVER_SIDE_BINDING", ""),
    }
    return Site(
        name,
        label,
        "bench.otp_shop.wsgi",
        environment(database_url, **variables),
        posts(f"/{view}/{{}}/handoff", items),
        database=database_url,
        counted="SELECT count(*) FROM shop_proof" if view == "otp" else "",
        tuned=tuned,
    )


def _body(parcel: Parcel) -> bytes:
    return (
        f'{{"code":"{parcel.code}","received_by":"recipient",'
        '"location":{"latitude":51.501,"longitude":-0.1246,"accuracy_m":12}}'
    ).encode()
