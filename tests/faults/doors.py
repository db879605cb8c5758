"""Clients that do not give up: each asks with one key until it has an answer, and the ledger has it."""

import re
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

from delivering.client import Answer, Client, GaveUpError, Patience, Tally

from tests.faults.ledger import Ledger, Said
from tests.scenarios.world import Program, Shop, eventually
from tests.servers.twilio import TwilioStandIn

T = TypeVar("T")
_numbers = count(1)
PATIENCE = Patience(one_try_seconds=10, seconds=60, longest_wait_seconds=1)
CODE = re.compile(r"\b(\d{6})\b")
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Parcel:
    """A shipment that is out, and its recipient's phone."""

    id: str
    phone: str


class Phones:
    """What the SMS provider has accepted, by number."""

    def __init__(self, provider: TwilioStandIn) -> None:
        self.provider = provider

    def texts(self, phone: str) -> list[str]:
        return [form.get("Body", "") for form in self.provider.accepted if form["To"] == phone]

    def codes(self, phone: str) -> list[str]:
        """The code of each text that has one, in the order they came."""
        return [found[1] for found in map(CODE.search, self.texts(phone)) if found]

    def code(self, parcel: Parcel, *, number: int = 1) -> str:
        """The code of so many-th text with one, once it has come."""
        return eventually(lambda: self.codes(parcel.phone)[number - 1 : number])[0]

    def link(self, parcel: Parcel) -> str:
        """The newest link with a code's page."""
        texts = [text for text in self.texts(parcel.phone) if CODE.search(text)]
        found = LINK.search(texts[-1])
        assert found
        return found[0]


class Door:
    """A courier's handheld. Used by one thread at a time; `again()` is the same handheld for another."""

    def __init__(self, shop: Shop, ledger: Ledger, tally: Tally, *, patience: Patience = PATIENCE) -> None:
        self.shop, self.ledger, self.tally, self.patience = shop, ledger, tally, patience
        self.id: str = shop.post("/couriers", {"name": f"Carl {next(_numbers)}"}).json()["id"]
        code = shop.post(f"/couriers/{self.id}/enrolment").json()["enrolment_code"]
        device = {"enrolment_code": code, "name": "handheld"}
        enrolled = Program(shop.service, surface="/courier").post("/devices", device)
        assert enrolled.status_code == 201, enrolled.text
        self.token: str = enrolled.json()["token"]
        self._connect()

    def again(self) -> "Door":
        other = object.__new__(Door)
        other.__dict__.update(self.__dict__)
        other._connect()
        return other

    def hand_over(self, parcel: Parcel, code: str, *, key: str = "", once: bool = False) -> Said:
        """Submit until an answer comes, the same request with the same key each time; or `once`, whatever
        it is."""
        key, started = key or uuid.uuid4().hex, time.monotonic()
        path, send = f"/shipments/{parcel.id}/handoff", self._client.once if once else self._client.send
        try:
            answer = send("POST", path, {"code": code}, key=key)
            outcome, body = _outcome(answer), answer.body
        except GaveUpError:
            outcome, body = "", {}
        said = Said(self.id, parcel.id, key, outcome, body, time.monotonic() - started)
        return self.ledger.note(said)

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        return self._client.post(path, body)

    def _connect(self) -> None:
        base = f"{self.shop.service.url}/api/v1/courier"
        self._client = Client(base, self.tally, token=self.token, patience=self.patience)


def _outcome(answer: Answer) -> str:
    if answer.status == 200:
        return str(answer.body["status"])
    return answer.code or f"HTTP {answer.status}"


def parcels(shop: Shop, doors: Sequence[Door], number: int) -> list[Parcel]:
    """New shipments, one after the other out with one of the couriers, each to a phone of its own."""
    return [out_with(shop, doors[at % len(doors)]) for at in range(number)]


def order_to(phone: str) -> dict[str, Any]:
    return {"recipient": {"name": "Ada Lovelace", "phone": phone}}


def new_phone() -> str:
    return f"+4474001{next(_numbers):05}"


def out_with(shop: Shop, door: Door) -> Parcel:
    phone = new_phone()
    shipment: str = shop.order(**order_to(phone))["shipments"][0]["id"]
    answer = shop.post(f"/shipments/{shipment}/dispatch", {"courier": door.id})
    assert answer.status_code == 200, answer.text
    return Parcel(shipment, phone)


def at_the_same_time(calls: Iterable[Callable[[], T]]) -> list[T]:
    """What the calls answer, each in a thread of its own."""
    listed = list(calls)
    pool = ThreadPoolExecutor(len(listed))
    try:
        return [done.result() for done in [pool.submit(call) for call in listed]]
    finally:  # what interrupts this does not wait for clients that are patient
        pool.shutdown(wait=False, cancel_futures=True)
