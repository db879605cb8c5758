"""What the code reads from the environment is what we say that it reads."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.environment import PASSED_ON
from tests.servers.service import ROOT

READERS = ["delivery_otp/settings.py", "delivery_otp/celery.py", "gunicorn.conf.py"]
READ = re.compile(r"""(?:\benv\.\w+|\bsecret|environ\.get)\(\s*"([A-Z_]+)"|environ\["([A-Z_]+)"\]""")


def read_by_the_code() -> set[str]:
    found = {name for path in READERS for pair in READ.findall((ROOT / path).read_text()) for name in pair}
    return found - {"", "DJANGO_SETTINGS_MODULE"}


def test_the_example_has_every_variable_and_no_other() -> None:
    example = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)
    assert len(example) == len(set(example))
    assert set(example) == read_by_the_code()


def test_the_operators_page_has_every_variable_and_no_other() -> None:
    page = (ROOT / "docs/operators.md").read_text().partition("## Settings")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == read_by_the_code()


def test_nothing_else_reads_the_environment() -> None:
    """One way to read settings: the commands that start processes only pass the environment on, and the
    scripts are programs of strangers, with options of their own."""
    outside = {"tests", "bin", "scripts", "bench"}
    ours = [path for path in ROOT.glob("[a-z]*/**/*.py") if path.parts[len(ROOT.parts)] not in outside]
    reading = {
        str(path.relative_to(ROOT))
        for path in ours
        if re.search(r"environ\.get\(|environ\[|getenv\(", path.read_text())
    }
    assert reading <= set(READERS)


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return passed | {
        "SECRET_KEY": "aW4gdGhlIGJlZ2lubmluZyB0aGVyZSB3YXMgYSBwYXJjZWwgd2l0aA",
        "DELIVERY_CODE_KEYS": "k1:ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoM=",
        "QR_SIGNING_KEYS": "q1:hIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqM=",
        "PUBLIC_URL": "https://codes.example.com",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
    }


def manage(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_production_passes_the_deployment_check(production: dict[str, str]) -> None:
    done = manage(production, "check", "--deploy", "--fail-level=WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_without_https_the_deployment_check_complains(production: dict[str, str]) -> None:
    done = manage(production | {"PUBLIC_URL": "http://codes.example.com"}, "check", "--deploy")
    assert "security.W008" in done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "DELIVERY_CODE_KEYS", "QR_SIGNING_KEYS", "PUBLIC_URL"])
def test_a_missing_variable_stops_the_start_and_is_named(production: dict[str, str], name: str) -> None:
    done = manage({key: value for key, value in production.items() if key != name}, "check")
    assert done.returncode == 1
    assert done.stderr.startswith(f"manage.py: {name} is not set")
    assert "Traceback" not in done.stderr


def test_an_earlier_secret_is_read(production: dict[str, str]) -> None:
    code = "from django.conf import settings; print(settings.SECRET_KEY_FALLBACKS)"
    done = manage(production | {"SECRET_KEY_FALLBACKS": "older,oldest"}, "shell", "-v0", "-c", code)
    assert done.stdout.strip() == "['older', 'oldest']"
