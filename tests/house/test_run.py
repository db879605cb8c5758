"""bin/run: it serves, says where, ends all that it started, and explains what stands in its way."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.environment import PASSED_ON
from tests.servers.process import Process, free_port, wait_until
from tests.servers.service import ROOT

SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGKILL]


@dataclass
class Run:
    """One bin/run, as somebody would start it, over a database of its own."""

    process: Process
    url: str

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def group(self) -> list[str]:
        """The commands of all processes in its process group, but not those that have ended."""
        listed = subprocess.run(
            ["ps", "-A", "-o", "pgid=,stat=,args="], capture_output=True, text=True, check=True
        )
        rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
        return [row[2] for row in rows if row[0] == str(self.process.pid) and not row[1].startswith("Z")]


def environment(tmp_path: Path, port: int) -> dict[str, str]:
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return {**passed, "PORT": str(port), "DATABASE_URL": f"sqlite:///{tmp_path / 'run.sqlite3'}"}


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    port = free_port()
    process = Process([ROOT / "bin/run"], environment=environment(tmp_path, port), log=tmp_path / "log")
    started = Run(process, f"http://127.0.0.1:{port}")
    wait_until(started.answers, seconds=180, what="bin/run", process=process)
    yield started
    process.kill()


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_it_ends_everything_it_started(run: Run, number: signal.Signals) -> None:
    assert len(run.group()) >= 3  # bin/run, the server, the server's worker

    os.kill(run.process.pid, number)

    deadline = time.monotonic() + 60
    while run.process.is_running or run.group():
        assert time.monotonic() < deadline, run.group()
        time.sleep(0.1)
    assert not run.answers()


def test_it_says_where_to_click(run: Run) -> None:
    wait_until(lambda: "Ctrl-C" in run.process.log_tail(), seconds=60, what="The greeting")

    said = run.process.log_tail()
    assert f"{run.url}/\n" in said
    assert f"{run.url}/sandbox/" in said
    assert f"{run.url}/api/schema/" in said


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"PORT": "eighty"}, "which is no port number"),
        ({"HOST": "203.0.113.7"}, "is not an address of this machine"),
        ({"HOST": "0.0.0.0"}, "SANDBOX_PASSWORD"),
        ({"DEBUG": "0"}, "SECRET_KEY is not set"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3"}, "folder of DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://u:hush@127.0.0.1:1/x"}, "Connection refused"),
    ],
)
def test_it_explains_what_stands_in_its_way(tmp_path: Path, variables: dict[str, str], words: str) -> None:
    said = refused(environment(tmp_path, free_port()) | variables)

    assert words in said
    assert "Traceback" not in said
    assert "hush" not in said


def test_it_names_the_way_out_of_a_port_in_use(tmp_path: Path) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        said = refused(environment(tmp_path, port))

    assert f"Port {port} of 127.0.0.1 is in use" in said
    assert "PORT=" in said


def refused(variables: dict[str, str]) -> str:
    """What bin/run says when it gives up with exit status 1."""
    done = subprocess.run(
        [ROOT / "bin/run"], env=variables, capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 1
    return done.stderr
