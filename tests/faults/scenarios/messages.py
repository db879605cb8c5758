"""Ten thousand texts, while workers are killed."""

import sys
from functools import partial

import redis
from delivering.client import Patience

from tests.faults.catalogue import scenario
from tests.faults.flood import FLOOD, PER_ROUTE, TEXTS_PER_PARCEL, flood, plan
from tests.faults.stage import Stage

TEXTS, WORKERS = 10_000, 2
KILL_EVERY, MOST_SECONDS = (5.0, 50), 600.0
PATIENT = Patience(one_try_seconds=120, seconds=240, longest_wait_seconds=1)


@scenario(
    "messages",
    "ten thousand texts by Celery, a worker killed every 5 s, Valkey emptied once",
    setting=partial(Stage, with_queue=True, direct=True, environment=FLOOD),
    seconds=1500,
)
def ten_thousand(stage: Stage) -> None:
    parcels = TEXTS // TEXTS_PER_PARCEL
    doors = [stage.door(patience=PATIENT) for _ in range(-(-parcels // PER_ROUTE))]
    workers = [stage.worker, *(stage.another_worker() for _ in range(WORKERS - 1))]
    outcome = flood(
        stage.rows,
        stage.twilio,
        workers,
        plan=partial(plan, stage.shop, doors, parcels),
        set_out=lambda: [door.post("/route/start") for door in doors],
        flush=redis.Redis.from_url(stage.valkey.url).flushall,
        kill_every=KILL_EVERY,
        most_seconds=MOST_SECONDS,
    )
    sys.stdout.write(f"    {outcome}\n")
    assert outcome.texts == TEXTS, f"{outcome.texts} texts were written"
    assert not outcome.problems, outcome.problems[:10]
