"""A real Chromium for the browser tests: an installed one, else Playwright's own, else Debian's."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.servers.process import ServerError

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
INSTALL_SECONDS = 600
NO_BROWSER = """\
No Chromium or Chrome was found, and none could be installed. The browser tests need one. Do one of these:
  apt install chromium                                  Debian and Ubuntu, as root
  .venv/bin/python -m playwright install chromium       anywhere with a network; it goes into your home folder
  or put an installed one on PATH under one of these names: {names}
What was tried:
{tried}"""


def find_or_install() -> Path:
    """A Chromium that starts. Raises ServerError, which says what to install, where none can be had."""
    tried: list[str] = []
    for way in (_installed, _of_playwright, _of_debian):
        program = way(tried)
        if program is not None:
            return program
    raise ServerError(
        NO_BROWSER.format(names=", ".join(NAMES), tried="\n".join(f"  {line}" for line in tried))
    )


@contextmanager
def started_browser() -> Iterator[Browser]:
    """A headless browser with a fresh profile. While it runs, Django takes this thread for an async one."""
    program = find_or_install()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            chromium_sandbox=os.geteuid() != 0,  # Chromium refuses to sandbox root
            args=list(ARGUMENTS),
        )
        try:
            yield browser
        finally:
            browser.close()


def _installed(tried: list[str]) -> Path | None:
    found = (shutil.which(name) for name in NAMES)
    for program in filter(None, found):
        if _starts(program, tried):
            return Path(program)
    tried.append("on PATH: none that starts")
    return None


def _of_playwright(tried: list[str]) -> Path | None:
    with sync_playwright() as playwright:
        program = Path(playwright.chromium.executable_path)
    if not program.exists() and not _run([sys.executable, "-m", "playwright", "install", "chromium"], tried):
        return None
    return program if program.exists() and _starts(str(program), tried) else None


def _of_debian(tried: list[str]) -> Path | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        tried.append("apt-get: only as root on Debian or Ubuntu")
        return None
    _run(["apt-get", "update", "-qq"], tried)
    if not _run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], tried):
        return None
    return _installed(tried)


def _starts(program: str, tried: list[str]) -> bool:
    """Ubuntu has a `chromium-browser` that only says how to install it; and libraries may be missing."""
    return _run([program, "--version"], tried, seconds=60)


def _run(command: list[str], tried: list[str], *, seconds: float = INSTALL_SECONDS) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=seconds, env=environment
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        tried.append(f"{' '.join(command)}: {error}")
        return False
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        tried.append(f"{' '.join(command)}: {said[-1] if said else f'status {done.returncode}'}")
    return done.returncode == 0
