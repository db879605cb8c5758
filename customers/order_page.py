"""What an order's page shows, gathered for the template. Nothing is decided here."""

import hashlib
import math
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import segno

from customers.delegates import Passes
from customers.progress import Expected, Step, expected_of, steps_of, stop_of
from customers.words import became_of
from fleet.models import Stop
from handoffs.dispute import disputable_until, may_dispute
from handoffs.here import says_here
from handoffs.issue import attempts_remaining, may_issue
from handoffs.messages import DELIVERY_CODE, code_ways, link_of
from handoffs.models import DeliveryAttempt, DeliveryCode
from handoffs.resend import next_send_at
from handoffs.state import attempts_left
from handoffs.word import word_of
from notifications.models import Message
from orders.masking import mask
from orders.models import Parcel, Shipment, Status


@dataclass(frozen=True)
class Way:
    """A channel that leads to the recipient, with the address masked."""

    channel: str
    to: str


@dataclass(frozen=True)
class Try:
    """A message with the code: which way it went, when, and what became of it. The address is masked."""

    channel: str
    to: str
    at: datetime
    became: str


TRIES_SHOWN = 6


def seconds_until(moment: datetime | None, now: datetime) -> int:
    """For a countdown that is no matter of the browser's own clock; 0 where there is nothing to wait for."""
    return math.ceil((moment - now).total_seconds()) if moment else 0


def as_picture(text: str) -> str:
    """A QR code in a `data:` URL."""
    uri: str = segno.make(text, error="m", micro=False).svg_data_uri(
        omitsize=True, light="#fff", encode_minimal=True, omit_charset=True, nl=False
    )
    return uri


@dataclass(frozen=True)
class OrderPage:
    """The page of one shipment. `code` is the generation whose link opened it; None for the bare page."""

    shipment: Shipment
    now: datetime
    code: DeliveryCode | None = None
    old_link: bool = False
    is_receipt: bool = False  # behind the receipt's link, which can dispute and nothing else

    @property
    def merchant(self) -> str:
        return self.shipment.order.merchant.name

    @property
    def status(self) -> Status:
        return Status(self.shipment.status)

    @cached_property
    def steps(self) -> list[Step]:
        return steps_of(self.shipment)

    @cached_property
    def stop(self) -> Stop | None:
        return stop_of(self.shipment)

    @cached_property
    def expected(self) -> Expected | None:
        return expected_of(self.stop, self.now)

    @cached_property
    def parcels(self) -> list[str]:
        """The barcodes of what is handed over together."""
        barcodes = Parcel.objects.filter(shipment=self.shipment).order_by("id")
        return list(barcodes.values_list("barcode", flat=True))

    @property
    def still_comes(self) -> bool:
        """Whether it may yet be handed over, so that a code is of use."""
        return not self.shipment.is_closed and self.status != Status.RETURNING

    @property
    def held_until(self) -> datetime | None:
        """Until when no code is made, because a contact was changed; None where one may be."""
        held = self.shipment.code_held_until
        needs_one = self.shipment.code_required and self.still_comes and not self.digits
        return held if held and held > self.now and needs_one else None

    @property
    def state(self) -> str:
        """Another one whenever the page has something else to say, for the script that looks again; empty
        where nothing will change any more. No secret of the code is in it."""
        if self.shipment.status in (Status.RETURNED, Status.CANCELLED):
            return ""
        shown: list[object] = [self.status, self.expected, self.code and self.code.generation, self.old_link]
        if self.code:
            shown += [self.arrived_at, self.comes_next, self.said_here_at, self.is_locked, self.attempts_left]
            shown.append(self.code.held_back)
            shown += [(each.channel, each.became) for each in self.tries] if self.digits else []
            shown.append([each.number for each in self.passes.given] if self.passes else [])
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]

    # --- After the handoff -----------------------------------------------------------------------

    @property
    def may_dispute(self) -> bool:
        return self.is_receipt and not self.shipment.disputed_at and may_dispute(self.shipment, self.now)

    @property
    def dispute_until(self) -> datetime | None:
        return disputable_until(self.shipment)

    # --- The recipient's own ---------------------------------------------------------------------

    @property
    def arrived_at(self) -> datetime | None:
        """When the courier says that they came to this door."""
        return self.stop.arrived_at if self.stop and self.shipment.is_out else None

    @property
    def comes_next(self) -> bool:
        """Whether the courier is on the way to this door: the stop before is closed."""
        is_near: bool = self.stop is not None and getattr(self.stop, "is_near", False)
        return is_near and self.shipment.is_out and self.arrived_at is None

    @property
    def word(self) -> str:
        """What the courier can say, too, to prove that they are ours."""
        return word_of(self.stop) if self.stop else ""

    @property
    def said_here_at(self) -> datetime | None:
        """When the recipient said that they are there, where that still holds."""
        return self.stop.recipient_here_at if self.stop and says_here(self.stop, self.now) else None

    @property
    def is_locked(self) -> bool:
        return self.code is not None and self.code.is_locked

    @property
    def digits(self) -> str | None:
        """The code, where it would be taken at the door now."""
        if self.code is None or not self.shipment.is_out or not self.code.is_usable(self.now):
            return None
        if self.code.held_back:
            return None
        return self.code.code_of()

    @property
    def waits_for_courier(self) -> bool:
        """Whether the code works, and the shop wants it shown only once the courier comes."""
        return self.code is not None and self.code.held_back and self.shipment.is_out

    @property
    def attempts_left(self) -> int | None:
        return attempts_left(self.shipment, self.code)

    @property
    def wrong_ones(self) -> int:
        """Wrong codes typed against this generation so far."""
        return self.code.attempts if self.code else 0

    @property
    def may_renew(self) -> bool:
        """Whether a new code can be made in place of this one."""
        return self.code is not None and may_issue(self.shipment, self.code, self.now)

    @cached_property
    def passes(self) -> Passes | None:
        """Who else may receive it, while a courier may still come with it."""
        return Passes(self.shipment, self.code, self.now) if self.code and self.still_comes else None

    @property
    def spent(self) -> bool:
        """Whether the shipment has used up all its attempts, so that no code opens it any more."""
        return attempts_remaining(self.code) <= 0

    @property
    def ways(self) -> list[Way]:
        return [Way(channel, mask(to)) for channel, to in code_ways(self.shipment.order).items()]

    @cached_property
    def tries(self) -> list[Try]:
        """What was sent with a code of this shipment, the newest first."""
        about = Message.objects.filter(about=self.shipment.public_id, kind=DELIVERY_CODE)
        newest = about.order_by("-id")[:TRIES_SHOWN]
        return [
            Try(each.channel, mask(each.to), each.settled_or_created_at, became_of(each)) for each in newest
        ]

    @property
    def sent_to(self) -> str:
        """Where the newest of them went, masked."""
        return self.tries[0].to if self.tries else ""

    @property
    def qr(self) -> str:
        """The address of this page as a picture, in a `data:` URL: nothing more is fetched, and its pixels
        are the only place where the address stands on the page."""
        if self.code is None:
            return ""
        return as_picture(link_of(self.shipment, self.code))

    @property
    def code_picture(self) -> str:
        """The digits as a QR code: a scanner that types what it reads types them."""
        return as_picture(self.digits) if self.digits else ""

    @property
    def resend_wait_seconds(self) -> int:
        return seconds_until(self.resend_wait_until, self.now)

    @property
    def resend_wait_until(self) -> datetime | None:
        """Until when no further message goes out; None where one may go now."""
        allowed_at = next_send_at(self.code) if self.code else None
        return allowed_at if allowed_at and allowed_at > self.now else None

    @property
    def no_more_sends(self) -> bool:
        """Whether this code was sent as often as it may be, so that waiting does not help."""
        return self.code is not None and self.resend_wait_until == self.code.expires_at

    @cached_property
    def failed_because(self) -> str:
        """Why the last visit ended without a handoff."""
        visits = DeliveryAttempt.objects.filter(stop__shipment=self.shipment)
        return visits.order_by("-id").values_list("reason", flat=True).first() or ""
