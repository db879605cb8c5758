"""Many workers at once send each message once."""

from __future__ import annotations

import psycopg

from tests.notifications.outbox_steps import OutboxSteps
from tests.notifications.servers import mail_server
from tests.servers.databases import Databases


def test_four_workers_send_sixty_messages_once_each(outbox_steps: OutboxSteps) -> None:
    outbox_steps.environment["MESSAGE_LEASE_SECONDS"] = "60"
    outbox_steps.enqueue(*({"about": f"shp_{n}", "to": f"ada{n}@example.com"} for n in range(60)))

    workers = [outbox_steps.start("drain") for _ in range(4)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0, 0]

    messages = outbox_steps.messages()
    assert {row["state"] for row in messages} == {"sent"}
    assert {row["attempts"] for row in messages} == {1}
    sent = [mail["Message-ID"] for mail in outbox_steps.mailbox.mails]
    assert len(sent) == len(set(sent)) == 60


def test_what_one_worker_is_claiming_another_passes_over(databases: Databases) -> None:
    """It neither waits for it nor takes it. On SQLite, which locks as a whole, it waits."""
    with mail_server() as mailbox:
        steps = OutboxSteps(databases.make("postgresql"), mailbox)
        steps.enqueue(*({"about": f"shp_{number}"} for number in range(12)))
        with psycopg.connect(steps.database_url) as claiming:
            claiming.execute("SELECT id FROM notifications_message ORDER BY id LIMIT 10 FOR UPDATE")
            steps.run("drain")
            assert len(mailbox.mails) == 2
        steps.run("drain")
        assert len({mail["Message-ID"] for mail in mailbox.mails}) == len(mailbox.mails) == 12
