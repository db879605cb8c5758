"""`doctor --send` sends one real message, waits for its receipt, and says how long that took."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.notifications.greeting import PHONE
from tests.servers.databases import Databases
from tests.servers.environment import service_environment
from tests.servers.service import ROOT, Service
from tests.servers.twilio import ACCOUNT_SID, AUTH_TOKEN, TwilioStandIn, over_http, twilio_server
from tests.servers.twilio.plans import Plan, undelivered

NUMBER_NOT_IN_USE = "+447400123457"


@dataclass
class Installation:
    """A service with its worker, whose provider calls it back."""

    service: Service
    twilio: TwilioStandIn

    def send(self, to: str) -> tuple[int, dict[str, Any]]:
        """The exit status, and the command's JSON."""
        return doctor(self.service.environment, to)


def doctor(environment: dict[str, str], to: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "manage.py", "doctor", "--send", to, "--json"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {"said": done.stderr}
    return done.returncode, told


@pytest.fixture
def installation(databases: Databases) -> Iterator[Installation]:
    with twilio_server(TwilioStandIn(deliver=over_http)) as twilio:
        environment = {
            "SANDBOX": "0",
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_FROM": "+15005550006",
            "TWILIO_API_BASE": twilio.base,
        }
        with Service(databases.make("sqlite"), environment=environment) as service:
            yield Installation(service, twilio)


def test_it_tells_how_long_the_message_took_and_why_another_did_not_arrive(
    installation: Installation,
) -> None:
    status, told = installation.send(PHONE)
    sent = told["sent"]
    assert (status, sent["channel"], sent["state"], told["problems"]) == (0, "sms", "received", 0)
    assert 0 <= sent["accepted_after"] <= sent["received_after"] < 20
    assert "received after" in told["findings"][0]["says"]
    [accepted] = installation.twilio.accepted
    assert accepted["To"] == PHONE
    assert "test message" in accepted["Body"]

    installation.twilio.plan(NUMBER_NOT_IN_USE, undelivered(30005))
    status, told = installation.send(NUMBER_NOT_IN_USE)
    assert (status, told["sent"]["state"], told["sent"]["error_code"]) == (1, "failed", "30005")
    assert told["findings"][0]["says"] == "It did not arrive: this number is not in use."


def test_callbacks_over_the_network_arrive_though_they_come_twice_and_shuffled(
    installation: Installation,
) -> None:
    installation.twilio.plan(PHONE, Plan(copies=3, shuffled=True))
    status, told = installation.send(PHONE)
    assert (status, told["sent"]["state"]) == (0, "received")
    assert installation.twilio.undeliverable == []


def test_what_is_no_address_is_refused_in_one_line() -> None:
    status, told = doctor(service_environment(), "Ada")
    assert status == 1
    assert "neither a phone number" in told["said"]
    assert len(told["said"].splitlines()) == 1
