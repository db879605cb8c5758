"""scripts/deliver_orders.py brings every order of an import file to its end over HTTP."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.merchants.files import a_row, csv_text
from tests.scenarios.world import Program, Rider, assert_sound, code_on_phone, other_than, outcome
from tests.servers import Service
from tests.servers.service import ROOT

SHARES = ("--typos=0.5", "--absent=0.3", "--refused=0.2", "--seed=4", "--stops=10")


def deliver(file: Path, url: str, key: str, *options: str) -> tuple[int, dict[str, Any]]:
    """The script's exit status and what it told."""
    command = [sys.executable, "scripts/deliver_orders.py", str(file), "--url", url, "--key", key, "--json"]
    done = subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """30 orders, a third of them of high value, one with two parcels, one that the import refuses."""
    values = ["12.00", "40.00", "1299.00"] * 10
    rows = [a_row(declared_value=value) for value in values]
    path = tmp_path / "orders.csv"
    path.write_text(csv_text([*rows, rows[2] | {"barcode": "second"}, a_row(email="ada")]))
    return path


def test_every_order_of_a_file_ends_as_planned(service: Service, file: Path) -> None:
    made = service.manage_json("create_merchant", "Delivering")
    with pytest.raises(Exception, match="ended with 1"):
        service.manage("import_orders", str(file), "--merchant", made["merchant"], "--json")
    status, told = deliver(file, service.url, made["api_key"], *SHARES)
    assert told["not_as_planned"] == []
    assert status == 0
    assert (told["imported"], told["missing"]) == (30, 1)
    assert told["delivered"] + told["returned"] == 30
    assert told["with_a_code"] == 10
    assert told["codes_issued"] == 10
    assert told["receipts"] == told["delivered"]
    assert min(told["returned"], told["wrong_codes"], told["visits_that_failed"] - told["returned"]) > 0
    assert told["given_back"] == told["wrong_codes"]
    left = service.rows(
        "SELECT coalesce(sum(d.wrong_codes), 0) FROM handoffs_courierday d"
        " JOIN fleet_courier c ON c.id = d.courier_id JOIN fleet_depot p ON p.id = c.depot_id"
        " JOIN orders_merchant m ON m.id = p.merchant_id WHERE m.public_id = %s",
        made["merchant"],
    )
    assert left == [(0,)], "what was given back is off the couriers' budgets"
    assert_sound(service)
    assert deliver(file, service.url, made["api_key"], *SHARES)[1]["closed_before"] == 30


def test_a_shipment_that_cannot_end_as_planned_is_told(service: Service, file: Path) -> None:
    file.write_text(csv_text([a_row(reference="good"), a_row(reference="locked")]))
    made = service.manage_json("create_merchant", "Failing")
    service.manage("import_orders", str(file), "--merchant", made["merchant"])
    shop = Program(service, made["api_key"])
    shipment = shop.get("/orders?reference=locked").json()["data"][0]["shipments"][0]["id"]
    for name in ("Guesser", "Another"):  # together they spend the ten attempts of the shipment's life
        guesser = Rider(service, name)
        shop.post(f"/shipments/{shipment}/dispatch", {"courier": guesser.id})
        wrong = other_than(code_on_phone(service, shipment))
        assert [outcome(guesser.hand_over(shipment, wrong)) for _ in range(5)] == ["wrong_code"] * 5
    status, told = deliver(file, service.url, made["api_key"], "--absent=0", "--refused=0", "--code-wait=1")
    assert status == 1
    assert [job["reference"] for job in told["not_as_planned"]] == ["locked"]
    assert told["delivered"] == 1
