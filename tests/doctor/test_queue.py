"""doctor looks at a real queue: is it there, and does anybody work?"""

import redis

from tests.doctor.conftest import run_doctor
from tests.scenarios.world import eventually
from tests.servers import ValkeyServer, Worker
from tests.servers.databases import Databases


def test_without_a_queue_nothing_is_missing(databases: Databases) -> None:
    assert run_doctor(DATABASE_URL=databases.make("sqlite")).problems("queue") == []


def test_a_queue_without_a_worker_and_then_with_one(databases: Databases, valkey: ValkeyServer) -> None:
    url = databases.make("postgresql")
    redis.Redis.from_url(valkey.url).delete(":1:worker-seen-at")  # other tests' workers have been there
    alone = run_doctor(DATABASE_URL=url, REDIS_URL=valkey.url)
    assert alone.status == 1
    assert alone.problems("queue") == ["No worker has been seen: not within the last hour."]

    with Worker(url, redis_url=valkey.url):
        eventually(lambda: redis.Redis.from_url(valkey.url).keys("*worker-seen-at"))
        assert run_doctor(DATABASE_URL=url, REDIS_URL=valkey.url).problems("queue") == []


def test_a_queue_that_is_down_is_found(databases: Databases) -> None:
    with ValkeyServer() as stopped:
        url = stopped.url
    problems = run_doctor(DATABASE_URL=databases.make("sqlite"), REDIS_URL=url).problems("queue")
    assert len(problems) == 1
    assert "does not answer" in problems[0]


def test_a_worker_that_has_fallen_silent_is_found(databases: Databases, valkey: ValkeyServer) -> None:
    client = redis.Redis.from_url(valkey.url)
    client.set(":1:worker-seen-at", "1")
    problems = run_doctor(DATABASE_URL=databases.make("sqlite"), REDIS_URL=valkey.url).problems("queue")
    assert len(problems) == 1
    assert problems[0].startswith("No worker has been seen: last ")
