"""Some texts by Celery while its worker is killed and Valkey emptied: each goes, none twice in silence.

`bin/faults messages` is the same with ten thousand.
"""

from collections.abc import Callable
from functools import partial

import redis

from tests.faults.flood import FLOOD, TEXTS_PER_PARCEL, flood, plan
from tests.scenarios.world import Rider, Shop, assert_sound
from tests.servers import Service, ValkeyServer, Worker
from tests.servers.twilio import ACCOUNT_SID, AUTH_TOKEN, twilio_server

PARCELS = 100


def test_every_text_is_accepted_and_what_goes_twice_says_so(
    make_service: Callable[..., Service], valkey: ValkeyServer
) -> None:
    with twilio_server() as twilio:
        environment = FLOOD | {
            "SANDBOX": "0",
            "MESSAGE_LEASE_SECONDS": "2",
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_FROM": "+15005550006",
            "TWILIO_API_BASE": twilio.base,
        }
        service = make_service("postgresql", redis_url=valkey.url, environment=environment)
        worker = Worker(service.database_url, redis_url=valkey.url, environment=environment)
        rider = Rider(service)
        with worker:
            outcome = flood(
                service.rows,
                twilio,
                [worker],
                plan=partial(plan, Shop(service, live=True), [rider], PARCELS),
                set_out=lambda: rider.post("/route/start"),
                flush=redis.Redis.from_url(valkey.url).flushall,
                kill_every=(0.0, 120),
                most_seconds=90.0,
            )
    assert outcome.texts == PARCELS * TEXTS_PER_PARCEL
    assert outcome.problems == []
    assert (outcome.kills, outcome.flushes) == (1, 1)
    assert_sound(service)
