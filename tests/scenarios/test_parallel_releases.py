"""Releases that are approved and used at the same moment, on PostgreSQL and on SQLite."""

import json
from collections import Counter
from functools import partial
from typing import Any

from tests.scenarios.world import Rider, Shop, assert_sound, at_once, outcome
from tests.servers import Service

BELOW, ABOVE = "12.00", "1299.00"
SEEN = {"reason": "other", "note": "", "identity_seen": True}

# Runs in a process of the service: each pair of staff and request in a thread of its own, behind one barrier.
APPROVE = """
import json, threading
from django.db import connection
from accounts.models import User
from api.refusals import Refusal
from handoffs.release.decide import approve_release

requests, one_person = json.loads({told!r})
names = ["sue"] * len(requests) if one_person else [f"s{{n}}" for n in range(len(requests))]
emails = [f"{{name}}-{{requests[0]}}@support.example" for name in names]
staff = {{email: User.objects.create_user(email, is_staff=True) for email in sorted(set(emails))}}
barrier, outcomes = threading.Barrier(len(requests)), []

def approve(email, request):
    barrier.wait()
    outcome = approve_release(staff=staff[email], request_id=request, reason="Known")
    outcomes.append(outcome.code if isinstance(outcome, Refusal) else outcome.state)
    connection.close()

threads = [threading.Thread(target=approve, args=pair) for pair in zip(emails, requests)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(json.dumps(outcomes))
"""


def approve_at_once(service: Service, requests: list[str], *, one_person: bool = False) -> Counter[str]:
    """What each approval came to; each is another person's unless one does them all."""
    script = APPROVE.format(told=json.dumps([requests, one_person]))
    told: list[str] = json.loads(service.manage("shell", "-v", "0", "-c", script).strip().splitlines()[-1])
    assert len(told) == len(requests)
    return Counter(told)


def asked(shop: Shop, rider: Rider, value: str) -> tuple[str, str]:
    """A shipment that is out with this courier, and the request to release it."""
    body: dict[str, Any] = shop.order(
        shipments=[
            {"reference": "1", "declared_value": value, "parcels": [{"barcode": "JD"}], "code": "required"}
        ]
    )
    shipment: str = body["shipments"][0]["id"]
    shop.post(f"/shipments/{shipment}/dispatch", {"courier": rider.id})
    answer = rider.post(f"/shipments/{shipment}/release-request", SEEN)
    assert answer.status_code == 202, answer.text
    request: str = answer.json()["id"]
    return shipment, request


def test_of_twelve_approvals_at_once_two_are_the_couriers(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    requests = [asked(shop, rider, BELOW)[1] for _ in range(12)]
    assert approve_at_once(service, requests) == {"approved": 2, "courier_cap": 10}
    assert_sound(service)


def test_of_eight_first_approvals_at_once_three_are_one_persons(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    requests = [asked(shop, rider, ABOVE)[1] for _ in range(8)]
    assert approve_at_once(service, requests, one_person=True) == {"waiting": 3, "another_supervisor": 5}
    assert_sound(service)


def test_one_person_at_ten_screens_is_one_approval(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment, request = asked(shop, rider, ABOVE)
    assert approve_at_once(service, [request] * 10, one_person=True) == {"waiting": 1, "decided_before": 9}
    assert outcome(rider.hand_over(shipment, None)) == "code_required"
    assert_sound(service)


def test_of_twenty_handoffs_at_once_one_uses_it(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment, request = asked(shop, rider, ABOVE)
    assert approve_at_once(service, [request] * 2) == {"waiting": 1, "approved": 1}
    answers = at_once([partial(rider.hand_over, shipment, None)] * 20)
    assert Counter(map(outcome, answers)) == {"delivered": 1, "already_delivered": 19}
    assert_sound(service)
