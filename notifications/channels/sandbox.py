"""The channel that reaches nobody: for the sandbox, and for whatever a test key made."""

from __future__ import annotations

from notifications.channels.base import Result, Sent
from notifications.kinds import Rendered
from notifications.models import Message


class SandboxChannel:
    """Takes everything and sends nothing. The sandbox phone renders the message when somebody looks."""

    def send(self, message: Message, rendered: Rendered) -> Result:
        return Sent(provider_id=f"sandbox-{message.public_id}")
