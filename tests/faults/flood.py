"""Many messages through the outbox, Celery and the stand-in for Twilio, with its workers killed meanwhile.

Each parcel has a phone alone, and gets two texts: that it needs a code, and the code. The service writes both
for what comes through its API: orders, routes, the start of a run.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.faults.doors import CODE, new_phone, order_to
from tests.scenarios.world import Shop
from tests.servers import ServerError, Worker
from tests.servers.environment import UNCAPPED
from tests.servers.twilio import TwilioStandIn

PER_ROUTE = 250
TEXTS_PER_PARCEL = 2
PAUSE_SECONDS = 0.25
FLOOD = {
    **UNCAPPED,
    # A worker that was killed held its messages for so long; the usual minute would only be waited out.
    "MESSAGE_LEASE_SECONDS": "10",
    "TWILIO_MESSAGES_PER_SECOND": "200",
}
WAITING = "SELECT count(*) FROM notifications_message WHERE state IN ('queued', 'sending')"
TEXTS = "SELECT m.to, m.kind, m.state, m.uncertain, m.attempts FROM notifications_message m"

Rows = Callable[[str], list[tuple[Any, ...]]]


class Handheld(Protocol):
    """Whoever sets out with a run: a Rider or a Door."""

    id: str

    def post(self, path: str) -> Any: ...


@dataclass
class Outcome:
    """What became of all the texts. `doubtful`: rows that say that they may have gone more than once."""

    texts: int = 0
    accepted: int = 0
    twice: int = 0
    doubtful: int = 0
    kills: int = 0
    flushes: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.texts} texts; the provider accepted {self.accepted}, {self.twice} of them again; "
            f"{self.doubtful} rows say that they may have gone twice; {self.kills} kills, {self.flushes} "
            f"flush of Valkey, {self.seconds:.0f} s"
        )


def plan(shop: Shop, riders: Sequence[Handheld], parcels: int) -> None:
    """So many parcels on the runs of today, PER_ROUTE on each: who gets one is told that it needs a code."""
    for at, rider in enumerate(riders):
        number = min(PER_ROUTE, parcels - at * PER_ROUTE)
        orders = [shop.order_body(**order_to(new_phone())) for _ in range(number)]
        placed = shop.post("/orders/batch", {"orders": orders}).json()["results"]
        stops = [{"shipment": each["order"]["shipments"][0]["id"]} for each in placed]
        answer = shop.post("/routes", {"courier": rider.id, "date": _today(), "stops": stops})
        assert answer.status_code == 201, answer.text[:500]


def _today() -> str:
    return time.strftime("%Y-%m-%d", time.gmtime())


@contextmanager
def killed_in_turn(
    workers: Sequence[Worker], twilio: TwilioStandIn, *, seconds: float, texts: int
) -> Iterator[list[float]]:
    """Kill one of the workers, amid its work, each time that so many seconds have passed and so many texts
    were accepted since the last, and start it again. When each was is noted."""
    over, kills = threading.Event(), list[float]()

    def kill() -> None:
        last, accepted = time.monotonic(), 0
        while not over.wait(0.01):
            now, there = time.monotonic(), len(twilio.account.resources)
            if now - last < seconds or there - accepted < texts:
                continue
            worker = workers[len(kills) % len(workers)]
            worker.kill()
            kills.append(now)
            worker.start()
            last, accepted = now, there

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        yield kills
    finally:
        over.set()
        thread.join()


def flood(
    rows: Rows,
    twilio: TwilioStandIn,
    workers: Sequence[Worker],
    *,
    plan: Callable[[], None],
    set_out: Callable[[], object],
    flush: Callable[[], object],
    kill_every: tuple[float, int],
    most_seconds: float,
) -> Outcome:
    """Write the texts by `plan` and `set_out`, kill workers all the while (`kill_every`: seconds, texts),
    flush the queue once amid the second half, and compare what the provider accepted with the rows."""
    began = time.monotonic()

    def over() -> bool:
        return rows(WAITING) == [(0,)]

    seconds, texts = kill_every
    with killed_in_turn(workers, twilio, seconds=seconds, texts=texts) as kills:
        plan()
        _wait(over, most_seconds, "the texts that a code will be needed")
        half = len(twilio.account.resources)
        set_out()
        _wait(lambda: len(twilio.account.resources) > half * 1.2, most_seconds, "some of the codes")
        flush()
        _wait(over, most_seconds, "the last of the codes")
    outcome = judged(rows, twilio)
    outcome.kills, outcome.flushes, outcome.seconds = len(kills), 1, time.monotonic() - began
    return outcome


def _wait(ready: Callable[[], bool], seconds: float, what: str) -> None:
    ends = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > ends:
            raise ServerError(f"{what} had not gone after {seconds:g} s")
        time.sleep(PAUSE_SECONDS)


def judged(rows: Rows, twilio: TwilioStandIn) -> Outcome:
    """Every text was accepted; what was accepted again belongs to a row in doubt, and says the same."""
    accepted = defaultdict[tuple[str, bool], list[str]](list)
    for form in twilio.accepted:
        accepted[form["To"], bool(CODE.search(form["Body"]))].append(form["Body"])
    outcome = Outcome(accepted=sum(map(len, accepted.values())))
    for to, kind, state, uncertain, attempts in rows(TEXTS):
        bodies = accepted.pop((to, kind == "delivery_code"), [])
        outcome.texts += 1
        outcome.doubtful += uncertain
        outcome.twice += max(0, len(bodies) - 1)
        outcome.problems += [f"{kind} {to[-4:]}: {why}" for why in _wrong(bodies, state, uncertain, attempts)]
    outcome.problems += [f"{to[-4:]}: accepted, and no row is there" for to, _ in accepted]
    return outcome


def _wrong(bodies: list[str], state: str, uncertain: bool, attempts: int) -> list[str]:
    wrong = {
        "the provider has not accepted it": not bodies,
        f"it is called {state}": state not in ("sent", "received"),
        f"accepted {len(bodies)} times, and the row is not in doubt": len(bodies) > 1 and not uncertain,
        f"accepted {len(bodies)} times in {attempts} tries": len(bodies) > attempts,
        "what went again says something else": len(set(bodies)) > 1,
    }
    return [why for why, is_so in wrong.items() if is_so]
