"""The shop and its couriers, and what they can do: the verbs of real life, with the demo's people."""

import uuid
from dataclasses import replace
from decimal import Decimal

from django.utils import timezone

from api.refusals import Refusal
from fleet.models import Courier, Device
from handoffs.cancel import cancel
from handoffs.confirm import Handoff, Submission, confirm
from handoffs.contact import change_recipient
from handoffs.dispatch import dispatch
from handoffs.models import DeliveryCode
from handoffs.plan import StopDraft, plan_route
from handoffs.reopen import reopen
from handoffs.returns import send_back, take_back
from handoffs.transit import put_in_transit
from handoffs.visit import arrive, fail
from orders.drafts import AddressDraft, OrderDraft, RecipientDraft, ShipmentDraft
from orders.models import Actor, Merchant, Shipment
from orders.models.shipments import ShipmentQuerySet
from orders.place import place_order

DOOR = AddressDraft(
    line1="1 High Street",
    city="London",
    postal_code="SW1A 1AA",
    country="GB",
    latitude=51.501,
    longitude=-0.1246,
    timezone="Europe/London",
    instructions="Side door",
)
PEOPLE = (
    RecipientDraft(name="Ada Lovelace", phone="+447400123456", email="ada@example.com", locale="en-GB"),
    RecipientDraft(name="Charles Babbage", phone="+447400123457", email="charles@example.com"),
    RecipientDraft(name="Mary Somerville", phone="+447400123458"),
    RecipientDraft(name="George Boole", email="george@example.com"),
)


class Stage:
    """The shop, its couriers, and what they do in the stories."""

    def __init__(self, merchant: Merchant, courier: Courier, device: Device, other: Courier) -> None:
        self.merchant, self.courier, self.device, self.other = merchant, courier, device, other
        self.actor = Actor("merchant", merchant.public_id)
        self.placed = 0

    @property
    def within(self) -> ShipmentQuerySet:
        return Shipment.objects.of(self.merchant, livemode=False)

    def place(self, value: str = "1299.00") -> Shipment:
        """Each order goes to another door, so that none lifts another over the line."""
        self.placed += 1
        number = f"A-{1000 + self.placed}"
        draft = OrderDraft(
            reference=number,
            currency="GBP",
            placed_at=timezone.now(),
            recipient=PEOPLE[self.placed % len(PEOPLE)],
            address=replace(DOOR, line1=f"{self.placed} High Street"),
            shipments=(
                ShipmentDraft(
                    reference=f"{number}-1",
                    declared_value=Decimal(value),
                    category="electronics",
                    barcodes=(f"JD{self.placed:04}",),
                ),
            ),
        )
        order = place_order(merchant=self.merchant, livemode=False, draft=draft)
        assert not isinstance(order, Refusal), order
        return order.shipments.get()

    def send_out(self, shipment: Shipment) -> Shipment:
        done = dispatch(
            within=self.within,
            shipment_id=shipment.public_id,
            courier=self.device.courier,
            actor=self.actor,
        )
        assert not isinstance(done, Refusal), done
        return done

    def arrive(self, shipment: Shipment) -> None:
        arrive(device=self.device, shipment_id=shipment.public_id, location=None, occurred_at=None)

    def type_code(self, shipment: Shipment, *, right: bool) -> None:
        code = DeliveryCode.objects.living().filter(shipment=shipment).select_related("shipment").first()
        typed = code.code_of() if code else None
        if typed and not right:
            typed = "".join(str((int(digit) + 5) % 10) for digit in typed)
        handoff = Handoff(shipment.public_id, typed, None, "recipient", location=None, occurred_at=None)
        confirm(Submission(self.device.token_digest, uuid.uuid4().hex, handoff, request_id="demo"))

    def carry(self, shipment: Shipment) -> None:
        put_in_transit(within=self.within, shipment_id=shipment.public_id, actor=self.actor)

    def plan(self, shipment: Shipment) -> None:
        """Onto the other courier's run of today, which has not started."""
        stops = [StopDraft(shipment=shipment.public_id)]
        today = self.other.depot.today()
        plan_route(within=self.within, courier=self.other, date=today, stops=stops, actor=self.actor)

    def correct(self, shipment: Shipment, **changes: str) -> None:
        change_recipient(
            within=self.within, shipment_id=shipment.public_id, changes=changes, actor=self.actor
        )

    def reopen(self, shipment: Shipment) -> None:
        reopen(device=self.device, shipment_id=shipment.public_id)

    def send_back(self, shipment: Shipment) -> None:
        send_back(within=self.within, shipment_id=shipment.public_id, actor=self.actor)

    def take_back(self, shipment: Shipment) -> None:
        take_back(within=self.within, shipment_id=shipment.public_id, actor=self.actor)

    def leave(self, shipment: Shipment) -> None:
        fail(
            device=self.device,
            shipment_id=shipment.public_id,
            reason="absent",
            note="",
            location=None,
            occurred_at=None,
        )

    def call_off(self, shipment: Shipment) -> None:
        cancel(within=self.within, shipment_id=shipment.public_id, actor=self.actor)
