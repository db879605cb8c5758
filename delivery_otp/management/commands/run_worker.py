"""`manage.py run_worker`: work the outbox and the schedule until told to stop."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications.worker import Loop

GRACE_SECONDS = 20.0
LOOK_SECONDS = 0.2
PR_SET_PDEATHSIG = 1


class Command(BaseCommand):
    help = (
        "Works the outbox and the schedule: by itself without REDIS_URL, as Celery worker and beat with it."
    )

    # They look at the pages too, which a worker has none of.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
        parser.add_argument(
            "--concurrency",
            type=int,
            default=4,
            help="with REDIS_URL: how many tasks run at once (default 4)",
        )

    def handle(self, *, json: bool, concurrency: int, **options: Any) -> None:
        mode = "celery" if settings.REDIS_URL else "loop"
        if not json:
            self.stdout.write(f"The worker runs ({mode}); Ctrl-C or SIGTERM ends it.")
            self.stdout.flush()
        if settings.REDIS_URL:
            run_celery(concurrency)
        else:
            run_loop()
        self.stdout.write(_line(mode) if json else "The worker has ended.")


def _line(mode: str) -> str:
    return json.dumps({"mode": mode, "ended": True})


def run_loop() -> None:
    """The loop in the foreground; the message being sent when the end is asked for is finished first."""
    loop = Loop()
    # Not `stop`: it takes the lock that the interrupted wait may hold.
    _on_end(loop.stopping.set)
    loop.run()


def run_celery(concurrency: int) -> None:
    """Celery worker and beat as child processes that end with this one.

    Raises CommandError if one of them ends by itself: whatever runs this command should start it again.
    """
    ending: list[bool] = []
    _on_end(lambda: ending.append(True))
    worker = [
        "worker",
        "--pool=prefork",
        f"--concurrency={concurrency}",
        f"--hostname=worker{os.getpid()}@%h",
    ]
    worker += ["--without-gossip", "--without-mingle"]
    children = {"worker": _celery(worker), "beat": _celery(["beat"])}
    try:
        while not ending:
            for name, child in children.items():
                if child.poll() is not None:
                    raise CommandError(f"The Celery {name} ended by itself with status {child.returncode}.")
            time.sleep(LOOK_SECONDS)
    finally:
        _end(list(children.values()))


def _on_end(act: Callable[[], object]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: act())


def _celery(arguments: list[str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "celery", "--quiet", "--app=delivery_otp.celery", *arguments]
    environment = os.environ | {"CELERY_SKIP_CHECKS": "1"}
    return subprocess.Popen(command, env=environment, preexec_fn=_end_with_parent())  # noqa: S603, PLW1509 - our own words only


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux: have the kernel end the child when we are killed without a chance to do it."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
