"""24: whatever is sent: the right problem, nothing charged, nothing broken."""

import json

import httpx
import pytest

from tests.scenarios.world import Rider, Shop, code_on_phone, outcome
from tests.servers import Service

MALFORMED = {
    "Arabic-Indic digits": "٤٨٢٩١٣",
    "Devanagari digits": "४८२९१३",
    "full-width digits": "４８２９１３",  # noqa: RUF001
    "NUL": "123\x00456",
    "only spaces": "      ",
    "empty": "",
    "too short": "12345",
    "too long": "1234567",
    "letters": "12345a",
    "a sign": "-12345",
    "an emoji": "12345🔑",
    "SQL": "' OR '1'='1",
    "100 000 digits": "1" * 100_000,
}
BODIES = {
    "not JSON": (b"{code: 1}", "malformed_json"),
    "NaN": (b'{"code": NaN}', "malformed_json"),
    "Infinity": (b'{"occurred_at": Infinity}', "malformed_json"),
    "repeated names": (b'{"code": "111111", "code": "222222"}', "malformed_json"),
    "bad UTF-8": (b'{"code": "\xff\xfe"}', "malformed_json"),
    "too deep": (b"[" * 5000 + b"]" * 5000, "malformed_json"),
    "a list": (b"[]", "validation_failed"),
    "a string": (b'"482913"', "validation_failed"),
    "null": (b"null", "validation_failed"),
    "a number as code": (b'{"code": 482913}', "validation_failed"),
    "a list as code": (b'{"code": ["482913"]}', "validation_failed"),
    "an unknown field": (b'{"code": "482913", "force": true}', "validation_failed"),
    "an object as code": (b'{"code": {"$ne": ""}}', "validation_failed"),
    "code and qr": (b'{"code": "482913", "qr": "abc"}', "validation_failed"),
    "a place off the earth": (
        b'{"code": "482913", "location": {"latitude": 91, "longitude": 0}}',
        "validation_failed",
    ),
    "a time without offset": (
        b'{"code": "482913", "occurred_at": "2026-11-22T14:00:00"}',
        "validation_failed",
    ),
    "somebody unheard of": (b'{"code": "482913", "received_by": "dog"}', "validation_failed"),
    "3 MB of digits": (b'{"code": "' + b"1" * 3_000_000 + b'"}', "payload_too_large"),
}


@pytest.fixture(scope="module")
def door(service: Service) -> tuple[Shop, Rider, str]:
    shop, rider = Shop(service), Rider(service)
    return shop, rider, shop.dispatched(rider)


def post_raw(rider: Rider, shipment: str, body: bytes, **headers: str) -> httpx.Response:
    sent = {
        "Authorization": f"Bearer {rider.token}",
        "Idempotency-Key": "raw",
        "Content-Type": "application/json",
        **headers,
    }
    url = f"{rider.service.url}/api/v1/courier/shipments/{shipment}/handoff"
    return httpx.post(url, content=body, headers=sent, timeout=30, trust_env=False)


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_code_is_refused_and_not_charged(what: str, door: tuple[Shop, Rider, str]) -> None:
    shop, rider, shipment = door
    answer = rider.hand_over(shipment, MALFORMED[what])
    assert (answer.status_code, outcome(answer)) == (422, "code_malformed")
    assert shop.get(f"/shipments/{shipment}").json()["attempts_left"] == 5


@pytest.mark.parametrize("what", BODIES)
def test_a_hostile_body_is_a_problem_and_uses_no_key_up(what: str, door: tuple[Shop, Rider, str]) -> None:
    shop, rider, shipment = door
    body, expected = BODIES[what]
    answer = post_raw(rider, shipment, body)
    problem = answer.json()
    assert problem["code"] == expected, problem
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert problem["status"] == answer.status_code
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    if expected == "validation_failed":
        assert problem["errors"], problem
    assert shop.get(f"/shipments/{shipment}").json()["attempts_left"] == 5


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Content-Type": "text/plain"}, "unsupported_media_type"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "unsupported_media_type"),
        ({"Idempotency-Key": "x" * 256}, "validation_failed"),
        ({"Authorization": ""}, "authentication_failed"),
        ({"Authorization": "Bearer ct_unknown"}, "authentication_failed"),
        ({"Authorization": "Basic abc"}, "authentication_failed"),
    ],
)
def test_a_hostile_header_is_a_problem(
    headers: dict[str, str], expected: str, door: tuple[Shop, Rider, str]
) -> None:
    _, rider, shipment = door
    assert outcome(post_raw(rider, shipment, b'{"code": "482913"}', **headers)) == expected


def test_a_handoff_without_a_key_is_refused(door: tuple[Shop, Rider, str]) -> None:
    _, rider, shipment = door
    answer = rider.post(f"/shipments/{shipment}/handoff", {"code": "482913"})
    assert (answer.status_code, outcome(answer)) == (400, "idempotency_key_missing")


def test_a_merchants_key_hands_nothing_over(door: tuple[Shop, Rider, str]) -> None:
    shop, rider, shipment = door
    answer = post_raw(
        rider, shipment, b'{"code": "482913"}', Authorization=str(shop._http.headers["Authorization"])
    )
    assert (answer.status_code, outcome(answer)) == (403, "permission_denied")


def test_after_all_that_the_right_code_still_works(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    for body, _ in BODIES.values():
        post_raw(rider, shipment, body)
    right = code_on_phone(service, shipment)
    assert outcome(post_raw(rider, shipment, json.dumps({"code": right}).encode())) == "delivered"
    assert "Traceback" not in service.log_text()
