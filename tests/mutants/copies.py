"""Copies of the committed tree in which tests run, each run on a database of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from tests.servers import PostgresServer
from tests.servers.postgres import rows
from tests.servers.tree import Tree

SQLITE_URL = "sqlite://:memory:"
TEMPLATE = "mutants_template"
FAILED = 1  # pytest.ExitCode.TESTS_FAILED
QUIET = ["-q", "--tb=line", "-p", "no:cacheprovider", "--reuse-db"]

_numbers = count(1)


@dataclass(frozen=True)
class Run:
    """What became of some tests. `status` is pytest's, None where they took too long."""

    status: int | None
    failed: frozenset[str]
    seconds: float
    output: str

    @property
    def is_green(self) -> bool:
        return self.status == 0

    def is_red(self, test: str) -> bool:
        """Whether this test failed, with any of its parameters."""
        return any(name == test or name.startswith((f"{test}[", f"{test}::")) for name in self.failed)


class Copy(Tree):
    """The committed tree in a temporary folder. One run at a time."""

    def __init__(self, postgres: PostgresServer) -> None:
        super().__init__("mutants")
        self._postgres = postgres

    def make_template(self) -> None:
        """The migrated database of which each run gets a copy. Once for all copies of the tree."""
        url = self._postgres.create_database(TEMPLATE)
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        environment = {**self._environment(url), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        subprocess.run(command, cwd=self.folder, env=environment, check=True)

    def run(
        self,
        tests: Sequence[str],
        *,
        sqlite: bool = False,
        migrated: bool = True,
        to_first_failure: bool = False,
        seconds: float = 900,
    ) -> Run:
        """Run these tests. `migrated` False builds the database from the copy's own migrations."""
        name = f"mutant_{next(_numbers)}"
        if not sqlite and migrated:
            self._postgres.create_database(f"test_{name}", template=TEMPLATE)
        url = SQLITE_URL if sqlite else self._postgres.url(name)
        started = time.monotonic()
        command = [sys.executable, "-m", "pytest", *QUIET, *(["-x"] if to_first_failure else []), *tests]
        try:
            done = subprocess.run(
                command,
                cwd=self.folder,
                env=self._environment(url),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=seconds,
                check=False,
            )
            status, output = done.returncode, done.stdout
        except subprocess.TimeoutExpired as late:
            status, output = None, str(late)
        finally:
            if not sqlite:
                # The superuser may end what the server itself does there, such as an autovacuum.
                rows(self._postgres.superuser_url(), f'DROP DATABASE IF EXISTS "test_{name}" WITH (FORCE)')
        return Run(status, _failed(output), time.monotonic() - started, output)

    def _environment(self, database_url: str) -> dict[str, str]:
        return {
            **os.environ,
            "PYTHONPATH": str(self.folder),
            "PYTHONDONTWRITEBYTECODE": "1",  # a mutant of the same size and second would look compiled
            "DATABASE_URL": database_url,
            "TEST_POSTGRES_URL": self._postgres.url(),
        }


def _failed(output: str) -> frozenset[str]:
    lines = (line for line in output.splitlines() if line.startswith(("FAILED ", "ERROR ")))
    return frozenset(line.split(" ", 1)[1].split(" - ")[0].strip() for line in lines)
