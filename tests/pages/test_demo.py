"""The demo shows every state, gives everybody a way in, and tells its secrets to the developer alone."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client

from delivery_otp.invariants import broken
from fleet.models import Route
from orders.models import Event, Shipment, Status
from tests.accounts.stories import signed_in
from tests.base import ApiClient

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


def demo() -> dict[str, Any]:
    said = io.StringIO()
    call_command("demo", "--json", stdout=said)
    told: dict[str, Any] = json.loads(said.getvalue())
    return told


def start_page(client: Client) -> str:
    return client.get("/").content.decode()


def test_every_status_is_there_and_all_of_it_is_sound() -> None:
    states = {each["state"] for each in demo()["shipments"]}
    assert {status for (status,) in Shipment.objects.values_list("status")} == set(Status)
    assert {"out again on the same day", "contact changed, code held back", "planned on a route"} <= states
    assert Event.objects.filter(type="order.contact_changed").exists()
    assert Route.objects.filter(started_at=None, stops__isnull=False).exists()
    assert list(broken()) == []


def test_a_second_demo_works_beside_the_first() -> None:
    first, second = demo(), demo()
    assert first["merchant"] != second["merchant"]
    assert first["staff"]["email"] != second["staff"]["email"]
    assert list(broken()) == []


def test_everybody_can_come_in(client: Client) -> None:
    made = demo()
    assert ApiClient(made["api_key"]).send("GET", "/orders").status_code == 200
    enrolment = {"enrolment_code": made["enrolment_code"], "name": "mine"}
    assert ApiClient().send("POST", "/courier/devices", enrolment).status_code == 201
    signed_in(client, email=made["staff"]["email"], password=made["staff"]["password"])
    assert client.get("/admin/").status_code == 200


def test_the_start_page_offers_each_role(client: Client) -> None:
    made = demo()
    page = start_page(client)
    for secret in (
        made["api_key"],
        made["enrolment_code"],
        made["staff"]["password"],
        made["staff"]["email"],
    ):
        assert secret in page
    assert client.get("/")["Cache-Control"] == "private, no-store"


def test_an_enrolment_code_that_was_used_is_no_longer_offered(client: Client) -> None:
    code = demo()["enrolment_code"]
    ApiClient().send("POST", "/courier/devices", {"enrolment_code": code, "name": "mine"})
    assert code not in start_page(client)
    assert "create_courier" in start_page(client)


@pytest.mark.parametrize(
    ("name", "value"),
    [("DEVELOPMENT", False), ("HOST", "0.0.0.0"), ("PUBLIC_HOST", "codes.example.com")],
)
def test_nobody_else_is_shown_the_secrets(
    client: Client, settings: LazySettings, folder: Path, name: str, value: Any
) -> None:
    made = demo()
    setattr(settings, name, value)
    assert made["api_key"] not in start_page(client)
    assert "Try it as" not in start_page(client)


def test_elsewhere_than_on_a_development_machine_nothing_is_written(
    settings: LazySettings, folder: Path
) -> None:
    settings.DEVELOPMENT = False
    demo()
    assert list(folder.iterdir()) == []


def test_the_file_can_be_read_by_its_owner_alone(folder: Path) -> None:
    demo()
    demo()
    assert [(path.name, path.stat().st_mode & 0o777) for path in folder.iterdir()] == [
        ("demo-secrets.json", 0o600)
    ]


def test_the_secrets_of_another_database_are_not_shown(client: Client, folder: Path) -> None:
    demo()
    path = folder / "demo-secrets.json"
    path.write_text(json.dumps([each | {"merchant": "mer_other"} for each in json.loads(path.read_text())]))
    assert "Try it as" not in start_page(client)


def test_a_file_that_cannot_be_read_breaks_nothing(client: Client, folder: Path) -> None:
    demo()
    (folder / "demo-secrets.json").write_text("{")
    assert "Try it as" not in start_page(client)
