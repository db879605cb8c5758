"""Programs of a shop and of a courier that talk to the running service over HTTP."""

import json
import logging
import re
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, TypeVar

import httpx

from tests.servers import Service

T = TypeVar("T")
logging.getLogger("httpx").setLevel(logging.WARNING)  # links in a failed test's output help nobody
_numbers = count(1)
WAIT_SECONDS = 60
ARRIVED = {"sent", "received", "dropped"}  # the sandbox phone receives what it is sent


class Program:
    """An API client with one token. Every answer is kept, so that a test can search them all."""

    def __init__(self, service: Service, token: str = "", surface: str = "") -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.service = service
        self.answers: list[httpx.Response] = []
        self._http = httpx.Client(
            base_url=f"{service.url}/api/v1{surface}", headers=headers, timeout=WAIT_SECONDS, trust_env=False
        )

    def send(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        answer = self._http.request(method, path, json=body, headers=headers)
        self.answers.append(answer)
        return answer

    def get(self, path: str) -> httpx.Response:
        return self.send("GET", path)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        return self.send("POST", path, {} if body is None else body, key=key)


class Shop(Program):
    """A merchant's own program, with a test key unless told that it is `live`."""

    def __init__(self, service: Service, *, live: bool = False) -> None:
        options = ["--live"] if live else []
        made = service.manage_json("create_merchant", f"Acme {next(_numbers)}", *options)
        self.id: str = made["merchant"]
        self.token: str = made["api_key"]
        super().__init__(service, self.token)

    def order_body(self, value: str = "1299.00", **fields: Any) -> dict[str, Any]:
        """An order to a door of its own, with one shipment, as it is sent."""
        number = next(_numbers)
        body: dict[str, Any] = {
            "reference": f"A-{number}",
            "currency": "GBP",
            "placed_at": "2026-11-20T09:00:00Z",
            "recipient": {"name": "Ada Lovelace", "phone": "+447400123456", "email": "ada@example.com"},
            "address": {
                "line1": f"{number} High Street",
                "city": "London",
                "postal_code": "SW1A 1AA",
                "country": "GB",
            },
            "shipments": [
                {
                    "reference": f"A-{number}-1",
                    "declared_value": value,
                    "parcels": [{"barcode": f"JD{number}"}],
                }
            ],
        }
        return body | fields

    def order(self, value: str = "1299.00", **fields: Any) -> dict[str, Any]:
        """The same, placed."""
        answer = self.post("/orders", self.order_body(value, **fields))
        assert answer.status_code == 201, answer.text
        placed: dict[str, Any] = answer.json()
        return placed

    def dispatched(self, courier: "Rider", value: str = "1299.00") -> str:
        """The id of a new shipment that is out with this courier."""
        shipment: str = self.order(value)["shipments"][0]["id"]
        answer = self.post(f"/shipments/{shipment}/dispatch", {"courier": courier.id})
        assert answer.status_code == 200, answer.text
        return shipment

    def events(self, shipment: str) -> list[str]:
        return [event["type"] for event in self.get(f"/shipments/{shipment}/events").json()["data"]]


class Rider(Program):
    """A courier's handheld."""

    def __init__(self, service: Service, name: str = "Carl") -> None:
        made = service.manage_json("create_courier", name)
        self.id: str = made["courier"]
        enrolled = Program(service, surface="/courier").post(
            "/devices", {"enrolment_code": made["enrolment_code"], "name": "handheld"}
        )
        assert enrolled.status_code == 201, enrolled.text
        self.token: str = enrolled.json()["token"]
        super().__init__(service, self.token, surface="/courier")

    def hand_over(self, shipment: str, code: str | None, *, key: str | None = None) -> httpx.Response:
        body = {} if code is None else {"code": code}
        return self.post(f"/shipments/{shipment}/handoff", body, key=key or uuid.uuid4().hex)


def phone_messages(service: Service, shipment: str) -> list[dict[str, Any]]:
    """What has arrived on the sandbox phone, newest first, and what came to nothing."""
    answer = httpx.get(
        f"{service.url}/sandbox/messages.json", params={"shipment": shipment}, timeout=60, trust_env=False
    )
    return [message for message in answer.json()["data"] if message["state"] in ARRIVED]


def code_message(service: Service, shipment: str, seconds: float = WAIT_SECONDS) -> dict[str, Any]:
    """The newest message with a living code, once it has reached the phone."""

    def look() -> dict[str, Any] | None:
        messages = phone_messages(service, shipment)
        codes = [m for m in messages if m["kind"] == "delivery_code" and re.search(r"\b\d{6}\b", m["body"])]
        return codes[0] if codes else None

    return eventually(look, seconds)


def code_on_phone(service: Service, shipment: str, seconds: float = WAIT_SECONDS) -> str:
    found = re.search(r"\b(\d{6})\b", code_message(service, shipment, seconds)["body"])
    assert found
    return found[1]


def code_sent_to(service: Service, address: str) -> str:
    """The newest one-time code of an account that went to this address, once it is there."""

    def look() -> str | None:
        with httpx.Client(base_url=service.url, trust_env=False, timeout=30) as anybody:
            sent = anybody.get("/sandbox/messages.json").json()["data"]
        found = next((m for m in sent if m["to"] == address and m["kind"].endswith("_code")), None)
        digits = re.search(r"\b(\d{6})\b", found["body"]) if found else None
        return digits[1] if digits else None

    return eventually(look)


def link_on_phone(service: Service, shipment: str) -> str:
    found = re.search(r"https?://\S+", code_message(service, shipment)["body"])
    assert found
    return found[0]


def other_than(code: str) -> str:
    """A code that differs in every digit."""
    return "".join(str((int(digit) + 5) % 10) for digit in code)


def eventually(look: Callable[[], T | None], seconds: float = WAIT_SECONDS) -> T:
    """What `look` finds, once it finds something; AssertionError where it never does."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"nothing came within {seconds} s")


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """The answers to calls that all start behind one barrier, each in a thread of its own."""
    barrier = threading.Barrier(len(calls))
    answers: list[T | Exception] = [AssertionError("no answer came")] * len(calls)

    def run(place: int, call: Callable[[], T]) -> None:
        barrier.wait()
        try:
            answers[place] = call()
        except Exception as error:
            answers[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    failed = [answer for answer in answers if isinstance(answer, Exception)]
    assert not failed, failed[:3]
    return [answer for answer in answers if not isinstance(answer, Exception)]


def outcome(answer: httpx.Response) -> str:
    """`delivered`, or the problem's code."""
    body = answer.json()
    return str(body.get("code") or body["status"])


def assert_sound(service: Service) -> None:
    """check_invariants finds nothing. (It exits with 1, which raises, if it does.)"""
    assert json.loads(service.manage("check_invariants", "--json").strip().splitlines()[-1])["broken"] == []
