"""Did every shipment end as planned? Asked over the API afterwards, and counted."""

import time
from collections import Counter
from typing import Any

from delivering.client import Client
from delivering.jobs import Job
from delivering.phone import Phone

TYPOS_GIVEN_BACK = 2  # of one shipment, at the most
RECEIPT_SECONDS = 60.0


class Audit:
    """Looks at one shipment after the other, in one thread."""

    def __init__(self, shop: Client, phone: Phone, *, deadline: float) -> None:
        self._shop, self._phone, self._deadline = shop, phone, deadline

    def check(self, job: Job) -> Counter[str]:
        """What happened to it, as counts; what did not go as planned is added to the job's problems."""
        shipment = self._shop.get(f"/shipments/{job.id}")
        events = Counter(event["type"] for event in self._events(job.id))
        told = self._messages(job, expected=shipment["status"] == "delivered")
        wrong = events["code.wrong"]
        for problem in _problems(job, shipment, wrong):
            job.problems.append(problem)
        closed = shipment["status"] in {"delivered", "returned"}
        return Counter(
            {
                shipment["status"]: 1,
                "codes issued": events["code.issued"],
                "with a code": int(shipment["code_required"]),
                "messages": sum(told.values()),
                "receipts": told["handed_over"],
                "wrong codes": wrong,
                "given back": min(wrong, TYPOS_GIVEN_BACK) if closed else 0,
                "visits that failed": events["shipment.attempt_failed"],
            }
        )

    def _events(self, shipment_id: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            more = f"&cursor={cursor}" if cursor else ""
            page = self._shop.get(f"/shipments/{shipment_id}/events?limit=200{more}")
            found += page["data"]
            cursor = page["next"]
        return found

    def _messages(self, job: Job, *, expected: bool) -> Counter[str]:
        """By kind. The receipt may still be on its way."""
        while True:
            kinds = Counter(message["kind"] for message in self._phone.messages(job.id))
            if kinds["handed_over"] or not expected or time.monotonic() > self._deadline:
                return kinds
            time.sleep(0.5)


def _problems(job: Job, shipment: dict[str, Any], wrong: int) -> list[str]:
    found = []
    if shipment["status"] != job.wanted_status:
        found.append(f"it is {shipment['status']}, not {job.wanted_status}")
    elif shipment["status"] == "delivered" and not shipment["proof"]:
        found.append("it is delivered without a proof")
    elif shipment["code_required"] and shipment["status"] == "delivered" and shipment["code_state"] != "used":
        found.append(f"its code is {shipment['code_state']}, not used")
    if wrong < int(job.has_mistyped) or (wrong and not job.mistypes):
        found.append(f"{wrong} wrong codes were charged, {int(job.has_mistyped)} typed")
    return found
