"""The command itself: its status, its words, and what it never says."""

import json
import subprocess
import sys

from tests.doctor.conftest import run_doctor
from tests.servers.databases import Databases
from tests.servers.environment import service_environment
from tests.servers.process import free_port
from tests.servers.service import ROOT, manage

SECRET = "hush0canary"


def test_a_development_machine_is_well(databases: Databases) -> None:
    report = run_doctor(DATABASE_URL=databases.make("sqlite"))
    assert report.status == 0
    told = json.loads(report.output)
    assert told["problems"] == 0
    assert all(set(each) == {"check", "level", "says", "mend"} for each in told["findings"])
    assert all(each["mend"] for each in told["findings"] if each["level"] != "ok")


def test_it_says_in_words_how_to_mend(databases: Databases) -> None:
    said = manage(service_environment(DATABASE_URL=databases.make("sqlite")), "doctor")
    assert "WARNING  keys         DEBUG is on: this is a development machine." in said
    assert "Set DEBUG=0" in said
    assert said.rstrip().splitlines()[-1].startswith("Problems: 0.")


def test_with_everything_broken_it_ends_with_1_and_shows_no_secret() -> None:
    port = free_port()
    report = run_doctor(
        DEBUG="0",
        SANDBOX="0",
        SECRET_KEY=SECRET,
        DATABASE_URL=f"postgresql://ada:{SECRET}@127.0.0.1:{port}/codes",
        REDIS_URL=f"redis://:{SECRET}@127.0.0.1:{port}/0",
        EMAIL_URL=f"smtp://ada:{SECRET}@127.0.0.1:{port}",
        TWILIO_AUTH_TOKEN=SECRET,
        PUBLIC_URL=f"http://127.0.0.1:{port}",
    )
    assert report.status == 1
    for check in ("keys", "database", "codes", "queue", "outbox", "channels", "address"):
        assert report.problems(check), check
    assert SECRET not in report.output


def test_what_keeps_everything_from_starting_is_told_in_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "doctor"],
        env=service_environment(DELIVERY_CODE_KEYS=f"k1:{SECRET}"),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("manage.py: DELIVERY_CODE_KEYS: entry 1 is not")
    assert len(done.stderr.splitlines()) == 1
    assert SECRET not in done.stderr
