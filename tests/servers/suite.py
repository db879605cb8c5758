"""What bin/test runs inside the virtual environment: pytest over a PostgreSQL of our own, then over SQLite.

Arguments go to pytest. With some, one run on PostgreSQL (or, with --sqlite first or anywhere, on SQLite);
with none, everything on PostgreSQL and the heart's tests on SQLite too.
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass

from tests.servers import PostgresServer, ServerError, chromium
from tests.servers.service import ROOT

SQLITE_URL = "sqlite://:memory:"
HEART_ONLY = ["-m", "heart and not servers"]
# One more than the cores, as much of the time a test waits for a process that it has started.
WORKERS = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
NO_TESTS_RAN = 5  # pytest.ExitCode.NO_TESTS_COLLECTED


@dataclass
class Pass:
    """One run of pytest and what became of it."""

    name: str
    seconds: float
    status: int

    def __str__(self) -> str:
        outcome = "passed" if self.status == 0 else "no test ran" if self.status == NO_TESTS_RAN else "FAILED"
        return f"{self.name} {outcome} in {self.seconds:.0f} s"


def run(name: str, arguments: list[str], **variables: str) -> Pass:
    """Run pytest with `arguments` and `variables` in its environment."""
    print(f"\n=== {name} ===", flush=True)
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", *arguments]
    status = subprocess.run(command, cwd=ROOT, env={**os.environ, **variables}, check=False).returncode
    return Pass(name, time.monotonic() - started, status)


def run_all(arguments: list[str]) -> list[Pass]:
    """All passes that `arguments` ask for."""
    if "--sqlite" in arguments:
        chosen = [argument for argument in arguments if argument != "--sqlite"]
        return [run("SQLite", chosen or [*WORKERS, *HEART_ONLY], DATABASE_URL=SQLITE_URL)]
    if not arguments:
        chromium.find_or_install()  # now, and once: not in the middle, by each of the parallel processes
    with PostgresServer() as postgres:
        urls = {"DATABASE_URL": postgres.url("tests"), "TEST_POSTGRES_URL": postgres.url()}
        if arguments:
            return [run("PostgreSQL", arguments, **urls)]
        everything = run("PostgreSQL, everything", WORKERS, **urls)
    heart = run("SQLite, the heart", [*WORKERS, *HEART_ONLY], DATABASE_URL=SQLITE_URL)
    return [everything, heart]


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    for name in ("DATABASE_URL", "REDIS_URL"):  # the tests bring their own
        os.environ.pop(name, None)
    try:
        passes = run_all(arguments)
    except ServerError as error:
        print(f"bin/test: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nbin/test: stopped.", file=sys.stderr)
        return 130
    print("\nbin/test: " + "; ".join(map(str, passes)) + ".", flush=True)
    return 0 if all(done.status == 0 for done in passes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
