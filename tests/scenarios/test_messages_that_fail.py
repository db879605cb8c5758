"""How a code fares with a provider that fails each way, with the courier at the door, in real time.

`bin/test tests/scenarios/test_messages_that_fail.py -s` prints the table of docs/messages-that-fail.md.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.notifications.servers import mail_server
from tests.scenarios.world import Rider, Shop, assert_sound
from tests.servers import Service, Worker
from tests.servers.twilio import ACCOUNT_SID, AUTH_TOKEN, TwilioStandIn, over_http, twilio_server
from tests.servers.twilio.plans import FAILURES

LONGEST_SECONDS = 180
WORKERS = 3
AT_ONCE, AFTER_A_MINUTE = (0.0, 50.0), (60.0, 150.0)

# What each failure leads to: the ways that the code goes, and how many seconds until one has got through.
# 50 seconds are at once for a machine that has other things to do.
EXPECTED: dict[str, tuple[list[str], tuple[float, float]]] = {
    "invalid": (["sms", "email"], AT_ONCE),
    "unsubscribed": (["sms", "email"], AT_ONCE),
    "landline": (["sms", "email"], AT_ONCE),
    "unreachable": (["sms", "email"], AT_ONCE),
    "unknown": (["sms", "email"], AT_ONCE),
    "filtered": (["sms", "email"], AT_ONCE),
    "too-many": (["sms"], AT_ONCE),
    "broken": (["sms", "email"], AFTER_A_MINUTE),
    "timeout": (["sms", "email"], AFTER_A_MINUTE),
    "silent": (["sms", "email"], AFTER_A_MINUTE),
    "reset": (["sms"], AT_ONCE),
}
TIMELINE = """
import json, sys
from orders.models import Shipment
from notifications.models import Message
from support.timeline import timeline
told = {}
for shipment in Shipment.objects.select_related("order__merchant"):
    messages = list(Message.objects.filter(about=shipment.public_id))
    lines = [line.text for day in timeline(shipment, messages) for line in day.lines]
    told[shipment.public_id] = [line for line in reversed(lines) if line.startswith("Code no.")]
print(json.dumps(told))
"""
CODES = """SELECT about, channel, state, created_at, COALESCE(received_at, sent_at), attempts, uncertain
    FROM notifications_message WHERE kind = 'delivery_code' ORDER BY id"""


def number_of(place: int) -> str:
    return f"+4474001234{place:02}"


class Run:
    """One parcel for each failure, each with the courier at its door."""

    def __init__(self, service: Service, twilio: TwilioStandIn) -> None:
        self.service, self.rider = service, Rider(service)
        shop = Shop(service, live=True)
        self.failing: dict[str, str] = {}
        for place, (name, plan) in enumerate(FAILURES.items()):
            twilio.plan(number_of(place), plan)
            ada = {"name": "Ada Lovelace", "phone": number_of(place), "email": f"{name}@example.com"}
            shipment: str = shop.order(recipient=ada)["shipments"][0]["id"]
            self.failing[shipment] = name
        for shipment in self.failing:
            answer = shop.post(f"/shipments/{shipment}/dispatch", {"courier": self.rider.id})
            assert answer.status_code == 200, answer.text
            assert self.rider.post(f"/shipments/{shipment}/arrive").status_code == 200

    def messages(self) -> dict[str, list[tuple[Any, ...]]]:
        found: dict[str, list[tuple[Any, ...]]] = {name: [] for name in self.failing.values()}
        for about, *row in self.service.rows(CODES):
            found[self.failing[about]].append(tuple(row))
        return found

    def is_over(self) -> bool:
        return all(_got_through(rows) is not None for rows in self.messages().values())

    def timelines(self) -> dict[str, list[str]]:
        told = json.loads(self.service.manage("shell", "--no-imports", "-c", TIMELINE).splitlines()[-1])
        return {self.failing[shipment]: lines for shipment, lines in told.items()}


def _got_through(rows: list[tuple[Any, ...]]) -> float | None:
    """Seconds until a phone had it, or a mail server took it."""
    arrived = [row for row in rows if row[1] == "received" or (row[0] == "email" and row[1] == "sent")]
    return (arrived[0][3] - rows[0][2]).total_seconds() if arrived else None


def test_each_failure_leads_to_the_code_another_way_and_is_told(make_service: Callable[..., Service]) -> None:
    with mail_server() as mailbox, twilio_server(TwilioStandIn(deliver=over_http)) as twilio:
        environment = {
            "SANDBOX": "0",
            "EMAIL_URL": mailbox.url,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_FROM": "+15005550006",
            "TWILIO_API_BASE": twilio.base,
        }
        service = make_service("postgresql", worker_in_process=False, environment=environment)
        workers = [Worker(service.database_url, environment=environment) for _ in range(WORKERS)]
        for worker in workers:
            worker.environment["PUBLIC_URL"] = service.url
            worker.start()
        try:
            run = Run(service, twilio)
            ends = time.monotonic() + LONGEST_SECONDS
            while not run.is_over() and time.monotonic() < ends:
                time.sleep(1)
        finally:
            for worker in workers:
                worker.kill()
        timelines, messages = run.timelines(), run.messages()
        for name, rows in messages.items():
            seconds = _got_through(rows)
            tried = ", ".join(f"{row[0]} {row[1]}" + (" (uncertain)" if row[5] else "") for row in rows)
            told = " ".join(timelines[name])
            sys.stdout.write(f"| {name} | {tried} | {seconds and round(seconds, 1)} | {told} |\n")
        for name, (ways, (least, most)) in EXPECTED.items():
            seconds = _got_through(messages[name])
            assert [row[0] for row in messages[name]] == ways, name
            assert seconds is not None, name
            assert least <= seconds <= most, (name, seconds)
            assert timelines[name], name
    assert_sound(service)
