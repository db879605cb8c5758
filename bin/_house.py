"""What the three commands share: the virtual environment and hashed installs."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from _children import SetupError, last_lines, run_child, say

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = (
    VENV / "unfinished"
)  # stands while an install runs: found at the next start, that one was interrupted
INSTALL_LOG = VENV / "install.log"
NETWORK_SIGNS = (
    "NewConnectionError",
    "ConnectTimeout",
    "Temporary failure in name",
    "No matching distribution",
)


def install(requirements: str) -> None:
    """Make `.venv` hold exactly what the hashed file `requirements` says. Quick when it does already."""
    lock = ROOT / requirements
    digest = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f"{requirements}.installed"
    if _is_installed(stamp, digest):
        return
    if not os.access(VENV if VENV.is_dir() else ROOT, os.W_OK):
        raise SetupError(
            f"{ROOT} cannot be written to, and the parts go into .venv there. Use a folder of your own."
        )
    with _alone(lock):
        if _is_installed(stamp, digest):  # another command was quicker
            return
        _make_environment()
        UNFINISHED.touch()
        stamp.unlink(missing_ok=True)
        _install_parts(lock)
        stamp.write_text(digest)
        UNFINISHED.unlink()


def _is_installed(stamp: Path, digest: str) -> bool:
    return not UNFINISHED.exists() and PYTHON.exists() and stamp.exists() and stamp.read_text() == digest


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one command at a time install. The kernel lets go of the lock whatever becomes of us."""
    with lock.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another command is installing; waiting for it …")
            fcntl.flock(held, fcntl.LOCK_EX)
        except OSError:
            pass  # a file system without locks
        yield


def _make_environment() -> None:
    """Make `.venv`, or make it anew where it is half made or its Python has gone."""
    if not UNFINISHED.exists() and _works(PYTHON):
        return
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise SetupError(
                f"This Python has no {module} module, which makes the virtual environment.\n"
                f"On Debian and Ubuntu: apt install python{sys.version_info[0]}.{sys.version_info[1]}-venv"
            )
    say("Making the virtual environment .venv …")
    VENV.mkdir(exist_ok=True)
    UNFINISHED.touch()
    making = run_child([sys.executable, "-m", "venv", "--clear", str(VENV)], quiet=True)
    if making.returncode != 0 or not _works(PYTHON):
        shutil.rmtree(VENV, ignore_errors=True)
        raise SetupError(f"The virtual environment could not be made:\n{last_lines(making.stdout)}")


def _works(python: Path) -> bool:
    """Does it start, is it new enough, and has it pip?"""
    if not python.exists():
        return False
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return run_child([str(python), "-c", check], quiet=True).returncode == 0


def _install_parts(lock: Path) -> None:
    parts = sum(
        1 for line in lock.read_text().splitlines() if "==" in line and not line.startswith((" ", "#"))
    )
    say(f"Installing {parts} parts of {lock.name}; the first time this takes about a minute …")
    command = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--no-input", "--progress-bar=off"]
    done = run_child([*command, "--disable-pip-version-check", "-r", str(lock)], quiet=True)
    INSTALL_LOG.write_text(done.stdout)
    if done.returncode == 0:
        return
    if any(sign in done.stdout for sign in NETWORK_SIGNS):
        problem = (
            "The parts could not be downloaded. Is there a network?\n"
            "Behind a proxy set HTTPS_PROXY; with a mirror of your own set PIP_INDEX_URL."
        )
    elif "No space left" in done.stdout:
        problem = "The parts could not be installed: the disk is full."
    else:
        problem = f"The parts could not be installed:\n{last_lines(done.stdout, 3)}"
    raise SetupError(f"{problem}\nAll that pip said is in .venv/{INSTALL_LOG.name}.")
