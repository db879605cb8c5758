"""What a channel is, and what sending through one can come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from notifications.kinds import Rendered
from notifications.models import Message


@dataclass(frozen=True)
class Sent:
    """The provider took the message. `provider_id` is its name for it, by which receipts find it."""

    provider_id: str = ""


@dataclass(frozen=True)
class Temporary:
    """It did not go, or may not have gone; another try may succeed.

    `uncertain` says that the provider may have taken it and only its reply was lost. `reason` is kept and
    shown to staff: it must hold neither address nor text, so never a provider's own words.
    """

    reason: str
    uncertain: bool = False


@dataclass(frozen=True)
class Permanent:
    """It did not go and never will. `reason` as in `Temporary`."""

    reason: str


Result = Sent | Temporary | Permanent


class Channel(Protocol):
    """A way that messages go. Whatever happens is a returned result, not an exception."""

    def send(self, message: Message, rendered: Rendered) -> Result:
        """Send one message now, within a few tens of seconds."""
        ...


@dataclass(frozen=True)
class Missing:
    """Stands where no channel is configured: a real message then fails at once and says what to set."""

    reason: str

    def send(self, message: Message, rendered: Rendered) -> Result:
        return Permanent(self.reason)
