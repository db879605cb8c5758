"""bin/serve: production's server, by a process for each core."""

import os
import subprocess
import urllib.request
from pathlib import Path

from tests.servers.databases import Databases
from tests.servers.environment import service_environment
from tests.servers.process import Process, free_port, wait_until
from tests.servers.service import ROOT


def serving(databases: Databases, **variables: str) -> dict[str, str]:
    environment = service_environment(DATABASE_URL=databases.make("sqlite"), **variables)
    return {**environment, "DEBUG": "0", "PUBLIC_URL": "http://127.0.0.1:8000"}


def test_it_serves_with_a_process_for_each_core(databases: Databases, tmp_path: Path) -> None:
    port = free_port()
    environment = serving(databases, PORT=str(port))
    process = Process([ROOT / "bin/serve"], environment=environment, log=tmp_path / "log", folder=ROOT)

    def is_ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    try:
        wait_until(is_ready, seconds=180, what="bin/serve", process=process)
        children, cores = Path(f"/proc/{process.pid}/task/{process.pid}/children"), os.cpu_count()
        # The first may answer before the last has begun.
        wait_until(lambda: len(children.read_text().split()) == cores, seconds=60, what="Each of them")
    finally:
        process.stop()


def test_it_says_what_is_missing(databases: Databases) -> None:
    environment = serving(databases, PORT=str(free_port())) | {"SECRET_KEY": ""}
    done = subprocess.run([ROOT / "bin/serve"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "SECRET_KEY is not set" in done.stderr
