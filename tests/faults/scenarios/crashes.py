"""PostgreSQL stopped in the middle, again and again."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

from tests.faults.catalogue import scenario
from tests.faults.scenarios.database import deliver_and_place
from tests.faults.stage import Stage

RUNS = 20
COURIERS, EACH = 3, 6
RUNS_OF_A_COURIER = 5  # then their wrong codes are spent


@scenario("database-stopped", f"PostgreSQL is stopped at once amid handoffs, {RUNS} times", seconds=900)
def stopped(stage: Stage) -> None:
    for number in range(RUNS):
        if number % RUNS_OF_A_COURIER == 0:
            doors = [stage.door() for _ in range(COURIERS)]
        rounds = stage.parcels_of(doors, EACH)
        before = len(stage.ledger.handoffs)
        after = random.Random(number).randint(1, COURIERS * EACH - 3)
        with ThreadPoolExecutor(1) as clients:
            all_answered = clients.submit(deliver_and_place, stage, rounds, orders=4)
            _stop_and_start(stage, before + after)
            all_answered.result()
        found = stage.ledger.compare(stage.rows)
        assert not found.problems, f"crash run {number + 1}: {found.problems[:3]}"


def _stop_and_start(stage: Stage, answers: int) -> None:
    """Stop it once so many handoffs were answered. It ends with its thread: the main one, then."""
    while len(stage.ledger.handoffs) < answers:
        time.sleep(0.001)
    stage.postgres.stop_at_once()
    stage.postgres.start()
