"""What staff see of a shipment, gathered for the template."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import BinaryField, QuerySet

from customers.progress import LABELS
from fleet.models import Stop
from handoffs.issue import attempts_remaining
from handoffs.messages import DELIVERY_CODE
from handoffs.models import Delegate, DeliveryCode, Photo, ProofOfDelivery, ReleaseRequest
from handoffs.models.delegates import delegates_of
from handoffs.state import CodeState, attempts_left, code_state
from notifications.models import Message
from orders import money
from orders.masking import mask
from orders.models import CodeReason, Parcel, Shipment, Status
from support.timeline import Day, timeline
from support.words import (
    CHANNELS,
    CODE_REASONS,
    KINDS,
    MESSAGE_STATES,
    code_words,
    provider_words,
    tries,
    why_no_new_code,
)

NEWEST_MESSAGES = 60


def without_secrets(codes: QuerySet[DeliveryCode]) -> QuerySet[DeliveryCode]:
    """These generations without what their digits are derived from or recognised by, which is not even
    loaded."""
    return codes.defer(*(f.name for f in DeliveryCode._meta.fields if isinstance(f, BinaryField)))


@dataclass(frozen=True)
class Told:
    """A message and what became of it, without its text."""

    at: datetime
    what: str
    way: str
    to: str
    state: str
    outcome: str
    trouble: str
    uncertain: bool


@dataclass(frozen=True)
class ShipmentPage:
    """One shipment. Load it with order and merchant. Tells no code, and of contacts what `mask` leaves."""

    shipment: Shipment
    now: datetime

    @property
    def zone(self) -> str:
        return self.shipment.order.timezone

    @property
    def status(self) -> str:
        return str(LABELS[Status(self.shipment.status)])

    @property
    def value(self) -> str:
        currency = self.shipment.order.currency
        return f"{money.text(self.shipment.declared_value, currency)} {currency}"

    @property
    def phone(self) -> str:
        return mask(self.shipment.order.phone) if self.shipment.order.phone else ""

    @property
    def email(self) -> str:
        return mask(self.shipment.order.email) if self.shipment.order.email else ""

    # --- The code, of which nobody here knows more than this --------------------------------------

    @cached_property
    def latest(self) -> DeliveryCode | None:
        """The newest generation, without what its digits are derived from."""
        codes = without_secrets(DeliveryCode.objects.filter(shipment=self.shipment))
        return codes.order_by("-generation").first()

    @cached_property
    def state(self) -> CodeState:
        return code_state(self.shipment, self.latest, self.now)

    @property
    def state_words(self) -> str:
        return code_words(self.state, self.latest)

    @property
    def why(self) -> str:
        return CODE_REASONS[CodeReason(self.shipment.code_reason)]

    @property
    def tries_left(self) -> str:
        left = attempts_left(self.shipment, self.latest)
        if left is None:
            return ""
        return f"{tries(left)} with this code, {tries(attempts_remaining(self.latest))} for the shipment"

    @property
    def blocked(self) -> str:
        """Why no further code can be made; empty where one can."""
        open_for_codes = self.shipment.code_required and not self.shipment.is_closed
        return why_no_new_code(self.shipment, self.latest, self.now) if open_for_codes else ""

    # --- What happened ----------------------------------------------------------------------------

    @cached_property
    def parcels(self) -> list[str]:
        barcodes = Parcel.objects.filter(shipment=self.shipment).order_by("id")
        return list(barcodes.values_list("barcode", flat=True))

    @cached_property
    def stop(self) -> Stop | None:
        stops = Stop.objects.current().filter(shipment=self.shipment)
        return stops.select_related("route__courier__depot").first()

    @cached_property
    def proof(self) -> ProofOfDelivery | None:
        return ProofOfDelivery.objects.filter(shipment=self.shipment).first()

    @cached_property
    def delegates(self) -> list[tuple[Delegate, str]]:
        """Whom the recipient has named, and how their pass stands. None of their codes or links."""
        return [(each, self._standing(each)) for each in delegates_of(self.shipment)]

    def _standing(self, delegate: Delegate) -> str:
        if delegate.revoked_at:
            return "taken back"
        if self.proof and self.proof.delegate_number == delegate.number:
            return "received it"
        return "holds" if delegate.lives(self.now) and not self.shipment.is_closed else "over"

    @cached_property
    def photos(self) -> list[Photo]:
        """What couriers took at its door, without the pictures."""
        photos = Photo.objects.filter(shipment=self.shipment).defer("picture")
        return list(photos.order_by("-used_at"))

    @cached_property
    def release(self) -> ReleaseRequest | None:
        """The open request to hand it over without the code."""
        if not self.shipment.release_open:
            return None
        return ReleaseRequest.objects.open().asked().filter(shipment=self.shipment).first()

    @cached_property
    def _messages(self) -> list[Message]:
        about = Message.objects.filter(about=self.shipment.public_id)
        return list(about.order_by("-id")[:NEWEST_MESSAGES])

    @property
    def messages(self) -> list[Told]:
        return [told(message) for message in self._messages]

    @property
    def days(self) -> list[Day]:
        return timeline(self.shipment, self._messages)


def told(message: Message) -> Told:
    """The message as a row for staff."""
    what = KINDS.get(message.kind, message.kind)
    if message.kind == DELIVERY_CODE and "generation" in message.context:
        what += f" no. {message.context['generation']}"
    state = Message.State(message.state)
    return Told(
        at=message.settled_or_created_at,
        what=what,
        way=CHANNELS.get(message.channel, message.channel),
        to=mask(message.to),
        state=message.state,
        outcome=MESSAGE_STATES[state],
        trouble=provider_words(message.error),
        uncertain=message.uncertain,
    )
