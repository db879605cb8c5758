"""Twilio and the outbox, as in the tests of messages."""

from tests.notifications.conftest import _nothing_told, enqueue, twilio

__all__ = ["_nothing_told", "enqueue", "twilio"]
