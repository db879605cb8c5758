"""What a channel is, and what sending through one can come to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from notifications.kinds import Rendered
from notifications.models import Message

Fault = Message.Fault


@dataclass(frozen=True)
class Sent:
    """The provider took the message. `provider_id` is its name for it, by which receipts find it.

    `gives_receipts`: it tells later whether the message arrived. `look_again_at`: when to ask it ourselves.
    `text_kept`: it keeps the text until we blank it there. `segments`: how many short messages it made of it.
    """

    provider_id: str = ""
    gives_receipts: bool = False
    look_again_at: datetime | None = None
    text_kept: bool = False
    segments: int | None = None


@dataclass(frozen=True)
class Temporary:
    """It did not go, or may not have gone; another try may succeed.

    `uncertain` says that the provider may have taken it and only its reply was lost. `reason` is kept and
    shown to staff: it must hold neither address nor text, so never a provider's own words. `error_code` is
    the provider's, and `retry_after` the seconds it asked us to wait.
    """

    reason: str
    uncertain: bool = False
    error_code: str = ""
    retry_after: float | None = None


@dataclass(frozen=True)
class Permanent:
    """It did not go and never will. `reason` and `error_code` as in `Temporary`; `fault` says whose it is."""

    reason: str
    error_code: str = ""
    fault: Fault = Fault.PERMANENT


Result = Sent | Temporary | Permanent


@dataclass(frozen=True)
class Receipt:
    """What a provider tells of a message it took: that it arrived, or, with a `fault`, that it never will.

    With neither (`arrived` None) it is still on its way. `reason` and `error_code` as in `Temporary`.
    """

    arrived: bool | None
    reason: str = ""
    error_code: str = ""
    fault: Fault = Fault.TEMPORARY


@dataclass(frozen=True)
class Look:
    """What asking the provider brought. `again_at`: when to ask once more, None for never."""

    receipt: Receipt = Receipt(None)
    again_at: datetime | None = None
    text_kept: bool = False
    segments: int | None = None
    price: Decimal | None = None
    price_currency: str = ""


class Channel(Protocol):
    """A way that messages go. Whatever happens is a returned result, not an exception.

    `provider`: who takes them, by a name of at most 20 characters; empty where nobody does.
    """

    @property
    def provider(self) -> str: ...

    def ready_at(self) -> datetime | None:
        """When it may be asked to send the next message; None for at once. To ask takes that place."""
        ...

    def send(self, message: Message, rendered: Rendered) -> Result:
        """Send one message now, within a few tens of seconds."""
        ...

    def look(self, message: Message) -> Look:
        """Ask what became of a message that was sent, blank its text where that is kept, learn its price."""
        ...


class WithoutPace:
    """For channels that may be asked at any time."""

    def ready_at(self) -> datetime | None:
        return None


class NothingToLookAt:
    """For channels that cannot be asked what became of a message."""

    def look(self, message: Message) -> Look:
        return Look()


@dataclass(frozen=True)
class Missing(WithoutPace, NothingToLookAt):
    """Stands where no channel is configured: a real message then fails at once and says what to set."""

    reason: str
    provider: str = ""

    def send(self, message: Message, rendered: Rendered) -> Result:
        return Permanent(self.reason, fault=Fault.CONFIGURATION)
