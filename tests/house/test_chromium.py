"""Where no browser can be had, the tests say what to install: no traceback, no skip."""

import subprocess
import sys
from pathlib import Path

from tests.servers.service import ROOT

LOOK = """
from tests.servers import ServerError, chromium
try:
    print(chromium.find_or_install())
except ServerError as error:
    print(error)
"""


def looked_for(tmp_path: Path, path: str) -> str:
    """What is found on a machine whose PATH is `path`, with an empty home and nowhere to download from."""
    environment = {
        "PATH": path,
        "HOME": str(tmp_path),
        "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "browsers"),
        "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:1",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_no_browser_is_a_message_that_says_what_to_install(tmp_path: Path) -> None:
    said = looked_for(tmp_path, str(tmp_path))
    assert "apt install chromium" in said
    assert "playwright install chromium" in said
    assert "Traceback" not in said


def test_an_installed_one_is_taken_and_one_that_does_not_start_is_not(tmp_path: Path) -> None:
    for name, status in (("chromium", 1), ("google-chrome", 0)):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\nexit {status}\n")
        program.chmod(0o755)
    found = looked_for(tmp_path, str(tmp_path))
    assert found.strip() == str(tmp_path / "google-chrome")
