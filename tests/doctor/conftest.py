"""What the doctor is shown: installations of real servers, whole and broken."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from delivery_otp.doctor import CHECKS, Finding, Level
from tests.servers import PostgresServer
from tests.servers.environment import service_environment
from tests.servers.service import ROOT, manage


@dataclass(frozen=True)
class Report:
    """What `manage.py doctor --json` said."""

    status: int
    output: str

    @property
    def findings(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.output.strip().splitlines()[-1])["findings"]
        return found

    def problems(self, check: str) -> list[str]:
        return [
            each["says"] for each in self.findings if each["check"] == check and each["level"] == "problem"
        ]


def run_doctor(**variables: str) -> Report:
    """The command in a process of its own, over an installation with these variables."""
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--json"],
        env=service_environment(**variables),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Report(done.returncode, done.stdout + done.stderr if not done.stdout else done.stdout)


def said(check: str, level: Level = Level.PROBLEM) -> list[str]:
    """What one check says on this level, in this process."""
    return [finding.says for finding in found(check) if finding.level == level]


def found(check: str) -> list[Finding]:
    return list(CHECKS[check]())


@pytest.fixture(scope="module")
def safe_postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL that survives a crash, as in production."""
    with PostgresServer(fsync=True) as server:
        yield server


@pytest.fixture(scope="module")
def installed(safe_postgres: PostgresServer) -> Callable[[str], str]:
    """Makes migrated databases on it; answers their DATABASE_URL."""
    template = safe_postgres.create_database("installed")
    manage(service_environment(DATABASE_URL=template), "migrate", "--verbosity=0")
    return lambda name: safe_postgres.create_database(name, template="installed")
