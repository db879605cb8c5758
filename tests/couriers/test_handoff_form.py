"""What is not of the right form is refused before anything is judged, and uses nothing up."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from api.times import rfc3339
from fleet.models import Device
from handoffs.models import CodeCheck, DeliveryCode
from orders.models import Shipment
from tests.base import ApiClient
from tests.couriers.stories import at, hand_over, pointers, problem
from tests.handoffs.stories import out_for_delivery, right_code


@pytest.fixture
def shipment(device: Device) -> Shipment:
    return out_for_delivery(device=device, barcodes=("JD1", "JD2"))[0]


def nothing_happened(api: ApiClient, shipment: Shipment, key: str) -> None:
    """No attempt was charged, no check was written, and the key can still be used."""
    assert DeliveryCode.objects.get().attempts == 0
    assert CodeCheck.objects.count() == 0
    assert hand_over(api, shipment, right_code(shipment), key=key).status_code == 200


MALFORMED = {
    "Arabic-Indic digits": "\u0661\u0662\u0663\u0664\u0665\u0666",
    "full-width digits": "\uff11\uff12\uff13\uff14\uff15\uff16",
    "mathematical digits": "\U0001d7cf\U0001d7d0\U0001d7d1\U0001d7d2\U0001d7d3\U0001d7d4",
    "NUL": "12\x003456",
    "NUL at the end": "123456\x00",
    "a line break": "123456\n",
    "emoji": "1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣",
    "nothing": "",
    "spaces only": "      ",
    "five digits": "12345",
    "seven digits": "1234567",
    "letters": "12345O",
    "a sign": "+12345",
    "a million digits": "1" * 1_000_000,
}


@pytest.mark.parametrize("code", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_not_six_ascii_digits_is_malformed(api: ApiClient, shipment: Shipment, code: str) -> None:
    answer = hand_over(api, shipment, code, key="k")
    assert problem(answer) == (422, "code_malformed")
    assert answer.json()["detail"] == "A delivery code is 6 digits, 0 to 9. Nothing was charged."
    nothing_happened(api, shipment, "k")


@pytest.mark.parametrize("code", [123456, 1.5, True, [], {}, ["123456"], {"code": "123456"}])
def test_a_code_that_is_no_string_names_its_field(api: ApiClient, shipment: Shipment, code: Any) -> None:
    assert pointers(hand_over(api, shipment, code, key="k")) == ["/code"]
    nothing_happened(api, shipment, "k")


HOSTILE = {
    "a lone surrogate": (b'{"code": "\\ud800"}', 400, "malformed_json"),
    "a repeated name": (b'{"code": "111111", "code": "222222"}', 400, "malformed_json"),
    "not a number": (b'{"location": {"latitude": NaN, "longitude": 0}}', 400, "malformed_json"),
    "bad UTF-8": (b'{"code": "\xff"}', 400, "malformed_json"),
    "no object": (b'"123456"', 400, "validation_failed"),
    "null": (b"null", 400, "validation_failed"),
    "3 MB of digits": (b'{"code": "' + b"1" * 3_000_000 + b'"}', 413, "payload_too_large"),
}


@pytest.mark.parametrize(("body", "status", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_json_is_refused(
    api: ApiClient, shipment: Shipment, body: bytes, status: int, code: str
) -> None:
    path = "/api/v1" + at(shipment, "handoff")
    headers = {"Idempotency-Key": "k"}
    answer = api.post(path, body, content_type="application/json", headers=headers)
    assert problem(answer) == (status, code)
    nothing_happened(api, shipment, "k")


FIELDS: list[tuple[str, Any, str]] = [
    ("cod", "123456", "/cod"),
    ("occurred_at", "2026-11-22T09:00:00", "/occurred_at"),
    ("occurred_at", 5, "/occurred_at"),
    ("location", [51.5, -0.1], "/location"),
    ("location", {"latitude": 91, "longitude": 0}, "/location/latitude"),
    ("location", {"latitude": "51.5", "longitude": 0}, "/location/latitude"),
    ("location", {"latitude": 51.5}, "/location/longitude"),
    ("barcodes", "JD1", "/barcodes"),
    ("barcodes", ["JD1", 2], "/barcodes/1"),
    ("barcodes", ["JD\0"], "/barcodes/0"),
    ("barcodes", ["JD"] * 201, "/barcodes"),
    ("received_by", "neighbour", "/received_by"),
    ("received_by", None, "/received_by"),
    ("received_by", 5, "/received_by"),
    ("photo", "pho_1", "/photo"),
    ("photo", 0, "/photo"),
    ("qr", 5, "/qr"),
    ("qr", "token", "/qr"),  # together with a code
]


@pytest.mark.parametrize(("field", "value", "pointer"), FIELDS)
def test_a_field_of_the_wrong_form_is_named(
    api: ApiClient, shipment: Shipment, field: str, value: Any, pointer: str
) -> None:
    assert pointers(hand_over(api, shipment, "123456", key="k", **{field: value})) == [pointer]
    nothing_happened(api, shipment, "k")


def test_the_handhelds_clock_may_run_five_minutes_ahead(api: ApiClient, shipment: Shipment) -> None:
    def submit(ahead: timedelta) -> Any:
        return hand_over(api, shipment, "", occurred_at=rfc3339(timezone.now() + ahead))

    assert pointers(submit(timedelta(minutes=6))) == ["/occurred_at"]
    assert problem(submit(timedelta(minutes=4))) == (422, "code_malformed")


def test_null_is_as_good_as_nothing(api: ApiClient, shipment: Shipment) -> None:
    empty = dict.fromkeys(("qr", "barcodes", "location", "occurred_at", "photo"))
    assert hand_over(api, shipment, right_code(shipment), **empty).status_code == 200


def test_a_qr_is_refused_and_uses_nothing_up(api: ApiClient, shipment: Shipment) -> None:
    assert problem(hand_over(api, shipment, key="k", qr="a.b.c")) == (422, "qr_invalid")
    nothing_happened(api, shipment, "k")


def test_a_handoff_needs_an_idempotency_key(api: ApiClient, shipment: Shipment) -> None:
    answer = api.send("POST", at(shipment, "handoff"), {"code": right_code(shipment)})
    assert problem(answer) == (400, "idempotency_key_missing")
    for key in ("k" * 256, "ä"):
        assert problem(hand_over(api, shipment, "123456", key=key)) == (400, "validation_failed")
    nothing_happened(api, shipment, "k" * 255)
