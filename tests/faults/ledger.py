"""What clients were told, compared with what the database holds."""

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

# Answers that leave no row: the same key may be judged anew.
LEAVE_NO_ROW = frozenset({"courier_suspended", "code_malformed", "not_found", "service_unavailable"})
CHARGED = frozenset({"wrong_code", "delivered"})

Rows = Callable[[str], list[tuple[Any, ...]]]

CHECKS = """
    SELECT c.key_digest, co.public_id, s.public_id, c.result, c.answer, c.generation FROM handoffs_codecheck c
    JOIN fleet_courier co ON co.id = c.courier_id JOIN orders_shipment s ON s.id = c.shipment_id"""
ENDS = """
    SELECT s.public_id, s.status,
        (SELECT COUNT(*) FROM orders_event e WHERE e.shipment_id = s.id AND e.type = 'shipment.delivered'),
        (SELECT COUNT(*) FROM handoffs_proofofdelivery p WHERE p.shipment_id = s.id),
        (SELECT COALESCE(SUM(d.attempts), 0) FROM handoffs_deliverycode d WHERE d.shipment_id = s.id)
    FROM orders_shipment s"""
ORDERS = "SELECT public_id, reference FROM orders_order"


@dataclass(frozen=True)
class Said:
    """One submission at the door and the answer that came in the end; `outcome` "" where none came."""

    courier: str
    shipment: str
    key: str
    outcome: str
    body: dict[str, Any]
    seconds: float

    @property
    def digest(self) -> str:
        """What the database keeps of the Idempotency-Key."""
        return hashlib.sha256(self.key.encode()).hexdigest()


@dataclass
class Comparison:
    """What came of it: each entry names one submission, shipment or order, and what is wrong with it."""

    told: int = 0
    unanswered: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    contradicted: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        return [*self.lost, *self.doubled, *self.contradicted]


@dataclass(frozen=True)
class Check:
    """One row of what was judged."""

    shipment: str
    result: str
    answer: dict[str, Any]
    generation: int | None


class ClosedError(Exception):
    """The scenario is over: a client that still asks may stop."""


class Ledger:
    """Everything that clients asked and were told. Threads share it."""

    def __init__(self) -> None:
        self.handoffs: list[Said] = []
        self.orders: dict[str, str] = {}  # reference: the id that was told, "" where no answer came
        self.is_closed = False
        self._lock = threading.Lock()

    def note(self, said: Said) -> Said:
        """Raises ClosedError once nothing more is asked."""
        with self._open():
            self.handoffs.append(said)
        return said

    def note_order(self, reference: str, order_id: str) -> None:
        """Raises ClosedError once nothing more is asked."""
        with self._open():
            self.orders[reference] = order_id

    @contextmanager
    def _open(self) -> Iterator[None]:
        with self._lock:
            if self.is_closed:
                raise ClosedError
            yield

    def compare(self, rows: Rows) -> Comparison:
        """Look each of them up. `rows` answers an SQL statement on the database itself."""
        found = Comparison(
            told=sum(bool(said.outcome) for said in self.handoffs) + sum(map(bool, self.orders.values())),
            unanswered=sum(not said.outcome for said in self.handoffs)
            + sum(not order for order in self.orders.values()),
        )
        checks = {(digest, courier): Check(*rest) for digest, courier, *rest in rows(CHECKS)}
        self._compare_answers(checks, found)
        self._compare_attempts(checks, found)
        self._compare_shipments({row[0]: row[1:] for row in rows(ENDS)}, found)
        self._compare_orders(Counter(map(tuple, rows(ORDERS))), found)
        return found

    def _compare_answers(self, checks: dict[tuple[str, str], Check], found: Comparison) -> None:
        """The row of each submission says what was told, and a key always told the same."""
        first: dict[tuple[str, str], dict[str, Any]] = {}
        for said in self.handoffs:
            check = checks.get((said.digest, said.courier))
            name = f"{said.shipment} {said.outcome}"
            if not said.outcome or said.outcome in LEAVE_NO_ROW:
                continue
            if first.setdefault((said.digest, said.courier), said.body) != said.body:
                found.contradicted.append(f"{name}: one key was told two things")
            if check is None:
                found.lost.append(f"{name}: was told, and no check is there")
            elif (check.shipment, check.result) != (said.shipment, said.outcome):
                found.contradicted.append(f"{name}: the check says {check.result}")
            elif not _same(said.body, check.answer):
                found.contradicted.append(f"{name}: the check's answer is another")

    def _compare_attempts(self, checks: dict[tuple[str, str], Check], found: Comparison) -> None:
        """Each charge leaves one attempt less: the same number told twice was one charge lost."""
        told: Counter[tuple[str, int | None, int]] = Counter()
        for key in {(said.digest, said.courier) for said in self.handoffs if said.outcome == "wrong_code"}:
            if key in checks and checks[key].result == "wrong_code":
                check = checks[key]
                told[check.shipment, check.generation, check.answer["attempts_left"]] += 1
        for (shipment, generation, left), times in told.items():
            if times > 1:
                found.lost.append(f"{shipment} generation {generation}: {times} were told {left} are left")

    def _compare_shipments(self, ends: dict[str, tuple[Any, ...]], found: Comparison) -> None:
        asked: dict[str, set[str]] = {}
        charged: dict[str, set[str]] = {}
        delivered = set()
        for said in self.handoffs:
            asked.setdefault(said.shipment, set()).add(said.key)
            if said.outcome in CHARGED:
                charged.setdefault(said.shipment, set()).add(said.key)
            if said.outcome == "delivered":
                delivered.add(said.shipment)
        for shipment, keys in asked.items():
            status, events, proofs, attempts = ends.get(shipment, ("nowhere", 0, 0, 0))
            if shipment in delivered and (status != "delivered" or not events or not proofs):
                found.lost.append(f"{shipment} was told delivered and is {status}")
            if max(events, proofs) > 1:
                found.doubled.append(f"{shipment} has {events} delivered events and {proofs} proofs")
            if attempts < len(charged.get(shipment, ())):
                found.lost.append(
                    f"{shipment}: {len(charged[shipment])} were told of a charge, {attempts} made"
                )
            if attempts > len(keys):
                found.doubled.append(f"{shipment}: {attempts} charges for {len(keys)} keys")

    def _compare_orders(self, there: Counter[tuple[Any, ...]], found: Comparison) -> None:
        references = Counter(reference for _, reference in there)
        for reference, order_id in self.orders.items():
            if references[reference] > 1:
                found.doubled.append(f"order {reference} is there {references[reference]} times")
            elif order_id and (order_id, reference) not in there:
                found.lost.append(f"order {reference} was told and is not there")


def _same(body: dict[str, Any], answer: dict[str, Any]) -> bool:
    """Whether an answer says what its row says."""
    proof = answer.get("proof", {}).get("id")
    return body.get("attempts_left") == answer.get("attempts_left") and (
        proof is None or body.get("proof", {}).get("id") == proof
    )
