"""Child processes that never stay behind, and how a command ends: by itself, by a signal, by a problem."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
PR_SET_PDEATHSIG = 1  # linux/prctl.h
PR_SET_CHILD_SUBREAPER = 36
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class SetupError(Exception):
    """Something outside has to be mended first; the message says what and how."""


def say(text: str) -> None:
    print(text, flush=True)


def command(main: Callable[[list[str]], int]) -> NoReturn:
    """Run a command's `main`: tell in plain words what went wrong, and leave no process behind."""
    name = Path(sys.argv[0]).name
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's `&` leaves it ignored
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup
            signal.signal(number, lambda received, _: sys.exit(128 + received))
    _lead_a_group()
    try:
        status = main(sys.argv[1:])
    except SetupError as problem:
        print(f"bin/{name}: {problem}", file=sys.stderr)
        status = 1
    except KeyboardInterrupt:
        status = 130
    except SystemExit as asked:
        status = asked.code if isinstance(asked.code, int) else 1
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    _end_descendants()
    sys.exit(status)


def _lead_a_group() -> None:
    """Have a process group of our own, and be the parent of whatever our children leave behind.

    In the foreground of a terminal the group stays as it is, or Ctrl-C would not reach us.
    """
    if LIBC is not None:
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        in_foreground = False
    else:
        in_foreground = os.tcgetpgrp(terminal) == os.getpgrp()
        os.close(terminal)
    if not in_foreground and os.getpgrp() != os.getpid():
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)


def start(
    arguments: list[str], *, quiet: bool = False, env: dict[str, str] | None = None
) -> subprocess.Popen[str]:
    """Start a child in our process group; it is asked to end when we are gone. `quiet` keeps its output."""
    parent = os.getpid()

    def die_with_parent() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))
        if os.getppid() != parent:
            os._exit(1)

    return subprocess.Popen(
        arguments,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        errors="replace",
        preexec_fn=die_with_parent,  # noqa: PLW1509 - two system calls, and no threads here
    )


def run_child(
    arguments: list[str], *, quiet: bool = False, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a child to its end. Whatever interrupts us ends it too."""
    child = start(arguments, quiet=quiet, env=env)
    try:
        output, _ = child.communicate()
    except BaseException:
        end([child])
        raise
    return subprocess.CompletedProcess(arguments, child.returncode, output or "", "")


def end(children: list[subprocess.Popen[str]], seconds: float = 8) -> None:
    """Ask children to end, together; after `seconds` make them."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + seconds
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _end_descendants(seconds: float = 5) -> None:
    """End what children left behind; the kernel has made it ours (Linux)."""
    deadline = time.monotonic() + seconds
    while left := list(_our_children()):
        number = signal.SIGTERM if time.monotonic() < deadline else signal.SIGKILL
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        time.sleep(0.1)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _our_children() -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            _, _, after_name = entry.read_text(errors="replace").rpartition(")")
            if int(after_name.split()[1]) == os.getpid():
                yield int(entry.parent.name)


def last_lines(text: str, count: int = 5) -> str:
    return "\n".join(text.strip().splitlines()[-count:])
