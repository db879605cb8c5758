"""Temporary folders named after the process that made them, so that a killed run's are swept by the next."""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

PREFIX = "delivery-otp-test-"


def temporary_folder(purpose: str) -> Path:
    """A new folder, removed when this process ends. Others may pass through it, not list it."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-{purpose}-"))
    folder.chmod(0o711)
    atexit.register(_remove_if_ours, os.getpid(), folder)
    return folder


def _remove_if_ours(maker: int, folder: Path) -> None:
    if os.getpid() == maker:  # a forked child runs the same atexit list
        shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        match = re.match(rf"{PREFIX}(\d+)-", folder.name)
        if match and not _is_running(int(match[1])):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
