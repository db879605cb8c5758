"""`run_worker` without Redis: the loop in the foreground."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.notifications.outbox_steps import OutboxSteps, worker_over
from tests.servers.process import wait_until
from tests.servers.service import Worker


@pytest.fixture
def worker(outbox_steps: OutboxSteps) -> Iterator[Worker]:
    with worker_over(outbox_steps) as running:
        yield running


def test_the_loop_sends_what_other_processes_write_and_recovers_what_they_lost(
    outbox_steps: OutboxSteps, worker: Worker
) -> None:
    outbox_steps.enqueue({}, {"context": {"render": "over"}})
    wait_until(lambda: _states(outbox_steps) == ["sent", "dropped"], seconds=20, what="The loop's sending")
    assert len(outbox_steps.mailbox.mails) == 1

    worker.kill()
    outbox_steps.enqueue({"context": {"render": "die_once"}})
    outbox_steps.drain_and_be_killed()
    worker.start()
    wait_until(lambda: _states(outbox_steps)[2] == "sent", seconds=40, what="The loop's sweep")

    worker.stop()
    assert "The worker has ended." in worker.log_text()
    assert "Traceback" not in worker.log_text()


def _states(outbox_steps: OutboxSteps) -> list[str]:
    return [row["state"] for row in outbox_steps.messages()]
