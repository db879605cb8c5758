"""Many workers at once send each message once."""

from __future__ import annotations

from tests.notifications.outbox_steps import OutboxSteps


def test_four_workers_send_sixty_messages_once_each(outbox_steps: OutboxSteps) -> None:
    outbox_steps.environment["MESSAGE_LEASE_SECONDS"] = "60"
    outbox_steps.enqueue(*({"about": f"shp_{number}"} for number in range(60)))

    workers = [outbox_steps.start("drain") for _ in range(4)]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0, 0]

    messages = outbox_steps.messages()
    assert {row["state"] for row in messages} == {"sent"}
    assert {row["attempts"] for row in messages} == {1}
    sent = [mail["Message-ID"] for mail in outbox_steps.mailbox.mails]
    assert len(sent) == len(set(sent)) == 60
