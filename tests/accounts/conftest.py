"""What the tests of accounts share with those of messages."""

from tests.notifications.conftest import mailbox

__all__ = ["mailbox"]
