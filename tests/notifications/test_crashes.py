"""A worker killed at any point loses no message, and what may have gone twice says so."""

from __future__ import annotations

from tests.notifications.outbox_steps import OutboxSteps


def test_killed_before_the_send_the_message_still_goes_out(outbox_steps: OutboxSteps) -> None:
    outbox_steps.enqueue({"context": {"render": "die_once"}})
    outbox_steps.drain_and_be_killed()
    assert outbox_steps.mailbox.mails == []

    outbox_steps.recover()

    [message] = outbox_steps.messages()
    assert (message["state"], bool(message["uncertain"]), message["attempts"]) == ("sent", True, 2)
    assert len(outbox_steps.mailbox.mails) == 1


def test_killed_after_the_send_it_goes_again_with_the_same_id_and_says_so(outbox_steps: OutboxSteps) -> None:
    outbox_steps.enqueue({})
    outbox_steps.drain_killed_by_the_mail_server()
    assert [row["state"] for row in outbox_steps.messages()] == ["sending"]

    outbox_steps.recover()

    [message] = outbox_steps.messages()
    assert (message["state"], bool(message["uncertain"]), message["attempts"]) == ("sent", True, 2)
    first, second = outbox_steps.mailbox.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert first.get_content() == second.get_content()


def test_killed_before_the_mark_commits_it_is_marked_later(outbox_steps: OutboxSteps) -> None:
    outbox_steps.enqueue({"context": {"settled": "die_once"}})
    outbox_steps.drain_and_be_killed()
    assert [row["state"] for row in outbox_steps.messages()] == ["sending"]

    outbox_steps.recover()

    [message] = outbox_steps.messages()
    assert (message["state"], bool(message["uncertain"])) == ("sent", True)


def test_what_was_claimed_but_not_begun_goes_once_and_is_not_uncertain(outbox_steps: OutboxSteps) -> None:
    outbox_steps.enqueue({"context": {"render": "die_once"}}, {}, {})
    outbox_steps.drain_and_be_killed()

    outbox_steps.recover()

    messages = outbox_steps.messages()
    assert [row["state"] for row in messages] == ["sent", "sent", "sent"]
    assert [bool(row["uncertain"]) for row in messages] == [True, False, False]
    assert len(outbox_steps.mailbox.mails) == 3


def test_nothing_is_taken_from_a_worker_whose_time_is_not_over(outbox_steps: OutboxSteps) -> None:
    outbox_steps.environment["MESSAGE_LEASE_SECONDS"] = "3600"
    outbox_steps.enqueue({"context": {"render": "die_once"}})
    outbox_steps.drain_and_be_killed()

    outbox_steps.recover()

    assert [row["state"] for row in outbox_steps.messages()] == ["sending"]
