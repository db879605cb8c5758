"""The outbox worked step by step, each step a process that may be killed."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from typing import Any

from tests.notifications.servers import Mailbox
from tests.servers import postgres
from tests.servers.environment import service_environment
from tests.servers.service import ROOT, SQLITE, Worker

SETTINGS = "tests.notifications.process_settings"
LEASE_SECONDS = 1.0


class OutboxSteps:
    """Runs `outbox_process` over one database and one mail server."""

    def __init__(self, database_url: str, mailbox: Mailbox) -> None:
        self.database_url = database_url
        self.mailbox = mailbox
        self.environment = service_environment(
            DJANGO_SETTINGS_MODULE=SETTINGS,
            DATABASE_URL=database_url,
            SANDBOX="0",
            EMAIL_URL=mailbox.url,
            MESSAGE_LEASE_SECONDS=str(LEASE_SECONDS),
        )

    def start(self, step: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.notifications.outbox_process", step, *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)

    def run(self, step: str, *arguments: str) -> str:
        """One step that is to end well; answers what it printed."""
        process = self.start(step, *arguments)
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        return output

    def enqueue(self, *drafts: dict[str, Any]) -> None:
        self.run("enqueue", json.dumps(drafts))

    def drain_and_be_killed(self) -> None:
        """Drain in a process that something kills with SIGKILL on its way."""
        process = self.start("drain")
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL

    def drain_killed_by_the_mail_server(self) -> None:
        """Drain in a process that dies when the mail server has its mail and has not answered yet."""
        process = self.start("drain")
        self.mailbox.on_mail = lambda: os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
        self.mailbox.on_mail = lambda: None
        assert process.returncode == -signal.SIGKILL

    def recover(self) -> None:
        """What the next worker does once the claim's time is over."""
        time.sleep(LEASE_SECONDS + 0.1)
        self.run("recover")

    def messages(self) -> list[dict[str, Any]]:
        """All messages in the order they were written."""
        names = ["public_id", "state", "attempts", "uncertain", "error"]
        found = rows(self.database_url, f"SELECT {', '.join(names)} FROM notifications_message ORDER BY id")
        return [dict(zip(names, row, strict=True)) for row in found]


def worker_over(steps: OutboxSteps) -> Worker:
    """`run_worker` over the same database and mail server, to be started."""
    worker = Worker(steps.database_url)
    worker.environment = dict(steps.environment)
    return worker


def rows(database_url: str, statement: str) -> list[tuple[Any, ...]]:
    """What an SQL statement answers on the database."""
    if not database_url.startswith(SQLITE):
        return postgres.rows(database_url, statement)
    with contextlib.closing(sqlite3.connect(database_url.removeprefix(SQLITE), timeout=20)) as connection:
        return connection.execute(statement).fetchall()
