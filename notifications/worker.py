"""The process's part in the outbox: who does the work, and when.

Without Redis one daemon thread for each process does it (`drain`, `sweep` and whatever was registered with
`every`). With Redis the same thread only publishes the task `drain`, so that no request ever waits for Redis;
Celery does the work. The database alone says what is to be done: a wake-up that is lost makes a message late,
never lost.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import close_old_connections, connections
from django.utils.module_loading import import_string

from notifications.faults import describe
from notifications.sending import drain, sweep

__all__ = ["Loop", "drain", "every", "guarded", "periodic", "start_in_process", "sweep", "wake"]

log = logging.getLogger(__name__)

TICK_SECONDS = 1.0
DRAIN_LIMIT = 100
# What a lost worker held is given back soon after its time is over, however short that was set.
SWEEP_SECONDS = min(10.0, settings.MESSAGE_LEASE_SECONDS)
PUBLISH_COMPLAINT_SECONDS = 60.0
PUBLISH_PAUSE_SECONDS = 0.1


@dataclass(frozen=True)
class Periodic:
    """A plain function that is to run again and again; one that does nothing when nothing is due."""

    name: str
    seconds: float
    run: Callable[[], object]


_periodic: dict[str, Periodic] = {}


def every(seconds: float, function: Callable[[], object]) -> None:
    """Have `function` run about every so many seconds, in one process or another, perhaps in two at once.

    To be called while apps load. The name, by which Celery knows it, is the function's dotted path.
    """
    name = f"{function.__module__}.{function.__qualname__}"
    _periodic[name] = Periodic(name, seconds, function)


def periodic() -> dict[str, Periodic]:
    """All that `every` has registered, by name."""
    return dict(_periodic)


every(SWEEP_SECONDS, sweep)


_failing: set[str] = set()


def guarded(name: str, run: Callable[[], object]) -> object:
    """Run a plain function; what it raises is logged without its words, once until it succeeds again."""
    try:
        result = run()
    except Exception as error:
        if name not in _failing:
            log.error("%s failed (%s); it is tried again until it succeeds", name, describe(error))
        _failing.add(name)
        return None
    if name in _failing:
        _failing.discard(name)
        log.info("%s succeeds again", name)
    return result


class Loop:
    """The work of one process without Redis: the outbox each second or when woken, the rest when due."""

    grace_seconds = 8.0

    def __init__(self) -> None:
        self.woken = threading.Event()
        self.stopping = threading.Event()
        self._last_run: dict[str, float] = {}

    def run(self) -> None:
        """Work until `stop`. Nothing that goes wrong ends the loop."""
        while not self.stopping.is_set():
            self.woken.clear()
            sent = guarded("drain", lambda: drain(DRAIN_LIMIT, stop=self.stopping.is_set))
            for job in periodic().values():
                if not self.stopping.is_set() and self._is_due(job):
                    guarded(job.name, job.run)
            close_old_connections()
            if sent != DRAIN_LIMIT:
                self.woken.wait(TICK_SECONDS)
        connections.close_all()

    def stop(self) -> None:
        """Ask for the end; the message being sent is finished first."""
        self.stopping.set()
        self.woken.set()

    def _is_due(self, job: Periodic) -> bool:
        now = time.monotonic()
        due = now - self._last_run.get(job.name, float("-inf")) >= job.seconds
        if due:
            self._last_run[job.name] = now
        return due


class Publisher:
    """The work of one process with Redis: to tell the Celery workers that there is something to do."""

    grace_seconds = 1.0

    def __init__(self) -> None:
        self.woken = threading.Event()
        self.stopping = threading.Event()
        self._complained_at = float("-inf")

    def run(self) -> None:
        """Publish one `drain` for each time it is woken; several wakes while publishing are one."""
        while not self.stopping.is_set():
            self.woken.wait()
            self.woken.clear()
            if not self.stopping.is_set():
                self._publish()
                # One takes as much of the processor as half a handoff, and its drain takes all that is there.
                self.stopping.wait(PUBLISH_PAUSE_SECONDS)

    def stop(self) -> None:
        self.stopping.set()
        self.woken.set()

    def _publish(self) -> None:
        try:
            import_string(settings.WAKE_WORKERS)()
        except Exception as error:
            now = time.monotonic()
            if now - self._complained_at >= PUBLISH_COMPLAINT_SECONDS:
                self._complained_at = now
                log.warning(
                    "the queue cannot be reached (%s): messages wait for the schedule",
                    type(error).__qualname__,
                )


class _Process:
    """The one thread of this process; started anew after a fork, because threads do not survive one."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.wanted = False
        self.forget()

    def forget(self) -> None:
        self.thread: threading.Thread | None = None
        self.work: Loop | Publisher | None = None

    def after_fork(self) -> None:
        self.lock = threading.Lock()
        self.forget()

    def start(self) -> Loop | Publisher:
        with self.lock:
            if self.work is None or self.thread is None or not self.thread.is_alive():
                self.work = Publisher() if settings.REDIS_URL else Loop()
                self.thread = threading.Thread(target=self.work.run, name="outbox", daemon=True)
                self.thread.start()
            return self.work

    def stop(self) -> None:
        if self.work is not None and self.thread is not None:
            self.work.stop()
            self.thread.join(self.work.grace_seconds)


_process = _Process()
os.register_at_fork(after_in_child=_process.after_fork)
atexit.register(_process.stop)


def wake() -> None:
    """Have the outbox looked at soon. Returns at once, whatever is up or down; to be called after a commit.

    Without Redis, in a process that was not told to work (a command, a test), this does nothing: the process
    that was looks by itself every second.
    """
    if settings.REDIS_URL or _process.wanted:
        _process.start().woken.set()


def start_in_process() -> None:
    """Have this process work the outbox from now on: called by a server when it has started."""
    _process.wanted = True
    _process.start()
