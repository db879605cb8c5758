"""Every operation of the OpenAPI document, asked for what it promises and for what it does not (bin/doors).

schemathesis makes requests from the document, right and wrong ones, and stories of several that follow its
links, and looks at the answers of a service of ours on a PostgreSQL of our own.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.scenarios.world import Rider, Shop, assert_sound
from tests.servers import Service
from tests.servers.databases import Databases

ROOT = Path(__file__).resolve().parents[2]
# positive_data_acceptance: what fits the document may still be refused by our data: a cursor of another list,
# a depot of somebody else's, a phone number that there is not, a file that is no picture.
CHECKS_LEFT_OUT = ("positive_data_acceptance",)
CASES = re.compile(r"(\d+) generated")


@dataclass(frozen=True)
class Outcome:
    """What schemathesis said in the end, and how many requests it made."""

    passed: bool
    cases: int
    report: str


def knock(service: Service, *, seed: int, examples: int, seconds: int | None = None) -> Outcome:
    """Ask at every door of a service that was started with TRUSTED_PROXIES=1."""
    shop, courier = Shop(service), Rider(service)
    known = _known(shop, courier)
    environment = {
        "DOORS_KNOWN": json.dumps(known),
        "DOORS_MERCHANT": str(shop._http.headers["Authorization"]).partition(" ")[2],
        "DOORS_COURIER": courier.token,
        "DOORS_LEAVER": Rider(service, "Lea").token,
        "SCHEMATHESIS_HOOKS": "tests.access.doors_hooks",
        "PYTHONPATH": str(ROOT),
    }
    program = str(Path(sys.executable).with_name("schemathesis"))
    command = [program, "run", f"{service.url}/api/schema/", f"--seed={seed}", f"--max-examples={examples}"]
    command += ["--checks=all", f"--exclude-checks={','.join(CHECKS_LEFT_OUT)}", "--continue-on-failure"]
    command += ["--request-timeout=20", "--no-color", "--generation-database=:memory:"]
    command += [f"--max-time={seconds}"] if seconds else []
    with tempfile.TemporaryDirectory() as folder:  # what it leaves behind is no part of the tree
        done = subprocess.run(
            command,
            env={**os.environ, **environment},
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    found = CASES.search(done.stdout)
    return Outcome(done.returncode == 0, int(found[1]) if found else 0, done.stdout + done.stderr)


def _known(shop: Shop, courier: Rider) -> dict[str, list[str]]:
    shipments = [shop.dispatched(courier) for _ in range(6)]
    orders = [shop.order() for _ in range(3)]
    shipments += [order["shipments"][0]["id"] for order in orders]
    return {
        "shipment_id": shipments,
        "shipment": shipments[-3:],
        "order_id": [order["id"] for order in orders],
        "route_id": [courier.get("/route").json()["id"]],
        "courier_id": [courier.id],
        "courier": [courier.id],
        "country": ["GB", "BR"],
        "currency": ["GBP", "BRL"],
        "phone": ["+447400123456"],
        "email": ["ada@example.com"],
        "timezone": ["Europe/London"],
        "locale": ["en-GB"],
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/doors", description=__doc__)
    parser.add_argument("--seconds", type=int, default=300, help="how long to go on (default 300)")
    parser.add_argument("--seed", type=int, default=1, help="what the requests are made from (default 1)")
    chosen = parser.parse_args(arguments)
    with (
        Databases() as databases,
        Service(databases.make("postgresql"), environment={"TRUSTED_PROXIES": "1"}) as service,
    ):
        outcome = knock(service, seed=chosen.seed, examples=50, seconds=chosen.seconds)
        assert_sound(service)
        broke = "unexpected error" in service.log_text()
    if not outcome.passed or broke:
        sys.stdout.write(outcome.report)
    said = "FAILED" if broke or not outcome.passed else "no failure"
    sys.stdout.write(f"bin/doors: {outcome.cases} requests, {said}.\n")
    return 0 if outcome.passed and not broke else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
