"""What the page of delivery preferences shows, gathered for the template. Nothing is decided here."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from customers.order_page import Way, seconds_until
from customers.words import became_of
from handoffs.limits import SEND_COOLDOWN
from handoffs.messages import channels_of
from handoffs.models import DeliveryCode, PreferenceChallenge
from handoffs.preferences.messages import PREFERENCE_CODE
from handoffs.preferences.opened import Unsettled, opted_out_of, unsettled
from notifications.models import Message
from orders import money
from orders.masking import mask
from orders.models import Shipment


@dataclass(frozen=True)
class PreferencesPage:
    """The page of one shipment's address: behind the link of `code`, or behind the notice of the opt-out that
    `confirmed` brought about, which shows the way back and nothing else."""

    shipment: Shipment
    now: datetime
    code: DeliveryCode | None = None
    confirmed: PreferenceChallenge | None = None

    @property
    def merchant(self) -> str:
        return self.shipment.order.merchant.name

    @cached_property
    def opted_out(self) -> list[str]:
        """The contacts, masked, whose routine parcels come without a code."""
        return [mask(contact) for contact in self._opted_out]

    @cached_property
    def _opted_out(self) -> list[str]:
        if self.confirmed:
            return [self.confirmed.preference.contact]
        return [preference.contact for preference in opted_out_of(self.shipment.order)]

    @cached_property
    def ways(self) -> list[Way]:
        """The contacts that could still opt out."""
        if self.code is None:
            return []
        known = channels_of(self.shipment.order).items()
        return [Way(channel, mask(to)) for channel, to in known if to.lower() not in self._opted_out]

    @cached_property
    def waits(self) -> Unsettled | None:
        return unsettled(self.shipment.order, self.now)

    @property
    def line(self) -> str:
        """From which value on this shop always asks for a code; empty where it always does."""
        currency = self.shipment.order.currency
        amount = self.shipment.order.merchant.line(currency)
        return "" if amount is None else f"{currency} {money.text(amount, currency)}"

    # --- The code that was asked for here -----------------------------------------------------------

    @cached_property
    def challenge(self) -> PreferenceChallenge | None:
        """The newest one that can still be met."""
        if self.code is None or self.waits:
            return None
        living = PreferenceChallenge.objects.living().filter(shipment=self.shipment)
        newest = living.select_related("preference").order_by("-pk").first()
        return newest if newest and newest.is_usable(self.now) else None

    @property
    def sent_to(self) -> str:
        return mask(self.challenge.preference.contact) if self.challenge else ""

    @cached_property
    def last_message(self) -> Message | None:
        """The newest message with a code for this page."""
        about = Message.objects.filter(about=self.shipment.public_id, kind=PREFERENCE_CODE)
        return about.order_by("-id").first()

    @property
    def became(self) -> str:
        return became_of(self.last_message) if self.last_message else ""

    @property
    def wait_until(self) -> datetime | None:
        """Until when no further message goes out; None where one may go now."""
        sent_at = self.challenge.last_sent_at if self.challenge else None
        allowed_at = sent_at + SEND_COOLDOWN if sent_at else None
        return allowed_at if allowed_at and allowed_at > self.now else None

    @property
    def wait_seconds(self) -> int:
        return seconds_until(self.wait_until, self.now)
