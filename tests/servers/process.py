"""A child process that never outlives the test run, whichever way the run ends."""

import atexit
import contextlib
import ctypes
import os
import pwd
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class ServerError(Exception):
    """A server could not be started, or did not do what was asked; the message says which and why."""


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(
    ready: Callable[[], bool], *, seconds: float, what: str, process: "Process | None" = None
) -> None:
    """Poll `ready` until it is true. Raises ServerError after `seconds`, or once `process` has ended."""
    deadline = time.monotonic() + seconds
    while not ready():
        if process is not None and not process.is_running:
            raise ServerError(f"{what} ended with status {process.status}.\n{process.log_tail()}")
        if time.monotonic() > deadline:
            raise ServerError(
                f"{what} was not ready after {seconds:g} s.\n{process.log_tail() if process else ''}"
            )
        time.sleep(0.05)


class Process:
    """One command in a session of its own, so that it and all its children can be ended together."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        log: Path,
        folder: str | Path = "/",
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
    ) -> None:
        self.log = log
        self.stop_signal = stop_signal
        account = pwd.getpwnam(user) if user else None
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                [str(part) for part in command],
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
                preexec_fn=_die_with(os.getpid(), stop_signal),  # noqa: PLW1509 - two system calls, no locks
            )
        atexit.register(self._end_if_ours, os.getpid())

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def is_running(self) -> bool:
        return self._child.poll() is None

    @property
    def status(self) -> int | None:
        return self._child.poll()

    def stop(self, seconds: float = 10) -> None:
        """Ask it to end; after `seconds`, or if children stay behind, end the whole group."""
        if self.is_running:
            self._child.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._child.wait(seconds)
        self.kill()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal; its children get none."""
        self._child.send_signal(number)

    def kill(self) -> None:
        """End it and all its children at once, as a power cut would."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()

    def log_tail(self, lines: int = 25) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _end_if_ours(self, maker: int) -> None:
        if os.getpid() == maker and self.is_running:
            self.kill()


def _die_with(parent: int, stop_signal: signal.Signals) -> Callable[[], None]:
    """What a child does between fork and exec: ask the kernel to be ended with its parent (Linux only)."""

    def ask() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(stop_signal))
        if os.getppid() != parent:
            os._exit(1)

    return ask
