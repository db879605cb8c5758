"""With Redis: Celery does the work, the database alone decides what it is, and nobody waits for the queue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.notifications.outbox_steps import OutboxSteps, worker_over
from tests.servers import ValkeyServer
from tests.servers.process import wait_until
from tests.servers.service import Worker


@pytest.fixture
def own_valkey() -> Iterator[ValkeyServer]:
    """A Valkey that the test may stop."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture
def steps(outbox_steps: OutboxSteps, own_valkey: ValkeyServer) -> OutboxSteps:
    outbox_steps.environment["REDIS_URL"] = own_valkey.url
    return outbox_steps


@pytest.fixture
def worker(steps: OutboxSteps) -> Iterator[Worker]:
    with worker_over(steps) as running:
        yield running


@pytest.mark.parametrize("outbox_steps", ["postgresql"], indirect=True)
def test_celery_sends_and_recovers_also_after_the_queue_was_away(
    steps: OutboxSteps, own_valkey: ValkeyServer, worker: Worker
) -> None:
    steps.enqueue(*({"about": f"shp_{number}"} for number in range(25)))
    _wait_for_all(steps, "sent")
    assert len(steps.mailbox.mails) == 25

    own_valkey.kill()
    steps.enqueue({})
    assert [row["state"] for row in steps.messages()][-1] == "queued"
    own_valkey.start()
    _wait_for_all(steps, "sent")

    steps.enqueue({"context": {"render": "die_once"}})
    _wait_for_all(steps, "sent")
    assert steps.messages()[-1]["uncertain"]

    worker.stop()
    assert "The worker has ended." in worker.log_text()
    assert "ada@example.com" not in worker.log_text()


def _wait_for_all(steps: OutboxSteps, state: str) -> None:
    def settled() -> bool:
        found: list[dict[str, Any]] = steps.messages()
        return {row["state"] for row in found} == {state}

    wait_until(settled, seconds=60, what="Celery's sending")
