"""12: the same key and request get the same answer, also after a crash that follows the commit."""

import json
import socket
from collections import Counter
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import pytest

from tests.scenarios.world import (
    Program,
    Rider,
    Shop,
    assert_sound,
    at_once,
    code_on_phone,
    eventually,
    other_than,
    outcome,
)
from tests.servers import Service

AT_ONCE = 50


def test_a_handoffs_answers_are_replayed_byte_for_byte(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    right = code_on_phone(service, shipment)
    for code, said in ((None, "code_required"), (other_than(right), "wrong_code"), (right, "delivered")):
        first = rider.hand_over(shipment, code, key=said)
        again = rider.hand_over(shipment, code, key=said)
        assert outcome(first) == said
        assert (first.status_code, first.content) == (again.status_code, again.content)
        assert again.headers["Idempotent-Replayed"] == "true"
    late = [rider.hand_over(shipment, right, key="late") for _ in range(2)]
    assert outcome(late[0]) == "already_delivered"
    assert late[0].content == late[1].content


def test_fifty_requests_under_one_key_are_one_check_with_equal_answers(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    wrong = other_than(code_on_phone(service, shipment))
    answers = at_once([partial(rider.hand_over, shipment, wrong, key="one key")] * AT_ONCE)
    assert {a.status_code for a in answers} == {422}
    assert len({a.content for a in answers}) == 1
    assert Counter(a.headers.get("Idempotent-Replayed") for a in answers) == {None: 1, "true": AT_ONCE - 1}
    assert shop.get(f"/shipments/{shipment}").json()["attempts_left"] == 4
    assert_sound(service)


def test_an_order_is_placed_once_under_one_key(service: Service) -> None:
    shop = Shop(service)
    body = {
        "reference": "A-1",
        "currency": "GBP",
        "placed_at": "2026-11-20T09:00:00Z",
        "recipient": {"name": "Ada", "phone": "+447400123456"},
        "address": {"line1": "1 High Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"},
        "shipments": [{"reference": "A-1-1", "declared_value": "10.00", "parcels": [{"barcode": "1"}]}],
    }
    first, again = (shop.post("/orders", body, key="k") for _ in range(2))
    assert first.status_code == 201
    assert (first.content, again.headers["Idempotent-Replayed"]) == (again.content, "true")
    assert outcome(shop.post("/orders", body | {"reference": "A-2"}, key="k")) == "idempotency_key_reused"


def test_a_device_is_enrolled_once_and_its_token_told_again(service: Service) -> None:
    made = service.manage_json("create_courier", "Carl")
    anyone = Program(service, surface="/courier")
    body = {"enrolment_code": made["enrolment_code"], "name": "handheld"}
    first, again = (anyone.post("/devices", body, key="k") for _ in range(2))
    assert first.status_code == 201
    assert first.content == again.content
    token = first.json()["token"]
    assert anyone.post("/devices", body, key="another key").status_code in {400, 401}
    columns = service.rows("SELECT * FROM api_idempotentrequest")
    assert columns
    assert token.encode() not in b"".join(str(column).encode() for row in columns for column in row)


def test_parallel_requests_under_one_key_do_one_thing(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment = shop.order()["shipments"][0]["id"]
    dispatch = partial(shop.post, f"/shipments/{shipment}/dispatch", {"courier": rider.id}, key="k")
    answers = at_once([dispatch] * 20)
    done = [a for a in answers if a.status_code == 200]
    assert done
    assert {outcome(a) for a in answers if a.status_code != 200} <= {"idempotency_in_progress"}
    assert len({a.content for a in done}) == 1
    assert shop.events(shipment).count("shipment.out_for_delivery") == 1


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_after_a_crash_between_commit_and_answer_the_answer_is_still_there(
    database: str, make_service: Callable[..., Service]
) -> None:
    service = make_service(database)
    shop, rider = Shop(service), Rider(service)
    for right in (True, False):
        shipment = shop.dispatched(rider)
        code = code_on_phone(service, shipment)
        code = code if right else other_than(code)
        key = f"crash-{right}"
        ask_and_hang_up(service, f"/api/v1/courier/shipments/{shipment}/handoff", rider.token, key, code)
        count = "SELECT COUNT(*) FROM handoffs_codecheck c JOIN orders_shipment s ON s.id = c.shipment_id"
        eventually(lambda: service.rows(f"{count} WHERE s.public_id = %s", shipment)[0][0] == 1)  # noqa: B023
        service.kill()
        service.start()
        answer = rider.hand_over(shipment, code, key=key)
        assert answer.headers["Idempotent-Replayed"] == "true"
        assert outcome(answer) == ("delivered" if right else "wrong_code")
        assert rider.hand_over(shipment, code, key=key).content == answer.content
    assert_sound(service)


def ask_and_hang_up(service: Service, path: str, token: str, key: str, code: str) -> None:
    """Send the request and read nothing of what comes back."""
    body = json.dumps({"code": code}).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    address = urlsplit(service.url)
    assert address.hostname
    with socket.create_connection((address.hostname, address.port or 80), timeout=10) as connection:
        connection.sendall(head.encode() + body)
