"""The service itself as a process of its own, served by gunicorn as bin/run and production do."""

import contextlib
import json
import signal
import sqlite3
import sys
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.servers import clerk, postgres
from tests.servers.environment import service_environment
from tests.servers.folders import temporary_folder
from tests.servers.process import Process, ServerError, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]
SQLITE = "sqlite:///"


def manage(environment: dict[str, str], *arguments: str, root: Path = ROOT) -> str:
    """Run `manage.py`; answers its output. Raises ServerError with what it said if it failed."""
    status, output, complaints = clerk.run(environment, root, *arguments)
    if status != 0:
        raise ServerError(f"manage.py {' '.join(arguments)} ended with {status}.\n{output}{complaints}")
    return output


class _Part:
    """What service and worker share: a process over one database that can be ended and started again.

    `root`: the tree it runs from, where that is not this one.
    """

    def __init__(
        self,
        database_url: str,
        *,
        redis_url: str = "",
        environment: dict[str, str] | None = None,
        root: Path = ROOT,
    ) -> None:
        self.database_url = database_url
        self.root = root
        self.folder = temporary_folder("service")
        self.log = self.folder / "log"
        variables = {"DATABASE_URL": database_url, **({"REDIS_URL": redis_url} if redis_url else {})}
        self.environment = service_environment(**variables, **(environment or {}))
        self._process: Process | None = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> Self:
        raise NotImplementedError

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()

    def kill(self) -> None:
        """SIGKILL to all of its processes at once."""
        if self._process is not None:
            self._process.kill()

    @property
    def pid(self) -> int:
        if self._process is None:
            raise ServerError("It was not started.")
        return self._process.pid

    def log_text(self) -> str:
        """Everything it has logged so far, over all starts."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def manage(self, *arguments: str) -> str:
        """A management command over the same database and keys."""
        return manage(self.environment, *arguments, root=self.root)

    def manage_json(self, *arguments: str) -> dict[str, Any]:
        """A management command's `--json` answer."""
        answer: dict[str, Any] = json.loads(self.manage(*arguments, "--json").strip().splitlines()[-1])
        return answer

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What an SQL statement answers on its database; `%s` stands for each value, on SQLite too."""
        if not self.database_url.startswith(SQLITE):
            return postgres.rows(self.database_url, statement, *values)
        with contextlib.closing(
            sqlite3.connect(self.database_url.removeprefix(SQLITE), timeout=20)
        ) as connection:
            found = connection.execute(statement.replace("%s", "?"), values).fetchall()
            connection.commit()
            return found


class Service(_Part):
    """The web server on a random port of 127.0.0.1, over a database that is migrated already.

    `threads`: how many requests it works on at once. `worker_in_process`: the worker loop runs in it.
    `application`: the WSGI module, where that is not the service's own.
    """

    def __init__(
        self,
        database_url: str,
        *,
        redis_url: str = "",
        environment: dict[str, str] | None = None,
        threads: int = 64,
        worker_in_process: bool = True,
        application: str = "delivery_otp.wsgi",
        root: Path = ROOT,
    ) -> None:
        super().__init__(database_url, redis_url=redis_url, environment=environment, root=root)
        self.application = application
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment |= {
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "WEB_THREADS": str(threads),
            "WORKER_IN_PROCESS": str(int(worker_in_process)),
        }

    def start(self) -> Self:
        """Start it, on the same port as before if it ran already, and wait for /readyz."""
        command = [sys.executable, "-m", "gunicorn", self.application, "--config", "gunicorn.conf.py"]
        self._process = Process(
            command, environment=self.environment, log=self.log, folder=self.root, stop_signal=signal.SIGTERM
        )
        wait_until(self.is_ready, seconds=60, what="The service", process=self._process)
        return self

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


class Worker(_Part):
    """`manage.py run_worker`: by itself without Redis, Celery worker and beat with it."""

    def start(self) -> Self:
        self._process = Process(
            [sys.executable, "manage.py", "run_worker"],
            environment=self.environment,
            log=self.log,
            folder=self.root,
        )
        return self

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.is_running
