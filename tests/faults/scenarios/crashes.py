"""PostgreSQL stopped in the middle, again and again."""

import random
import threading
import time

from tests.faults.catalogue import scenario
from tests.faults.scenarios.database import deliver_and_place
from tests.faults.stage import Stage

RUNS = 20
COURIERS, EACH = 3, 6


@scenario("database-stopped", f"PostgreSQL is stopped at once amid handoffs, {RUNS} times", seconds=400)
def stopped(stage: Stage) -> None:
    for number in range(RUNS):
        rounds = stage.doors_and_parcels(COURIERS, EACH)
        before = len(stage.ledger.handoffs)
        after = random.Random(number).randint(1, COURIERS * EACH - 3)
        crash = threading.Thread(target=_stop_and_start, args=[stage, before + after])
        crash.start()
        deliver_and_place(stage, rounds, orders=4)
        crash.join()
        found = stage.ledger.compare(stage.rows)
        assert not found.problems, f"crash run {number + 1}: {found.problems[:3]}"


def _stop_and_start(stage: Stage, answers: int) -> None:
    """Stop it once so many handoffs were answered."""
    while len(stage.ledger.handoffs) < answers:
        time.sleep(0.001)
    stage.postgres.stop_at_once()
    stage.postgres.start()
