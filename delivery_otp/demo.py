"""A small installation to look at: one shop, two couriers, and a shipment in every state.

Everything is made with the same verbs as real life, in test mode, so that nothing of it ever reaches a phone
or a mailbox. The people are invented; the phone numbers are examples.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from api.refusals import Refusal
from fleet.enrol import enrol
from fleet.models import Courier, Depot, Device, Enrolment
from handoffs.cancel import cancel
from handoffs.confirm import Handoff, confirm
from handoffs.dispatch import dispatch
from handoffs.models import DeliveryCode
from handoffs.visit import arrive, fail
from merchants.models import ApiKey
from orders.drafts import AddressDraft, OrderDraft, RecipientDraft, ShipmentDraft
from orders.models import Actor, Merchant, Shipment
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


@dataclass(frozen=True)
class Demo:
    """What was made, with the secrets that are shown only now."""

    merchant: Merchant
    api_key: str
    courier: Courier
    enrolment_code: str
    shipments: dict[str, Shipment]


def is_empty() -> bool:
    return not Merchant.objects.exists()


def make_demo() -> Demo:
    """Fill the database. Adds a second shop with the same stories when it is called again."""
    with transaction.atomic():
        merchant = Merchant.open("Acme Cameras")
        _, api_key = ApiKey.issue(merchant, livemode=False, name="demo")
        depot = Depot.objects.create(name="London Docks", timezone="Europe/London")
        courier, other = (Courier.objects.create(depot=depot, name=n) for n in ("Carl Rider", "Dana Walker"))
        _, enrolment_code = Enrolment.issue(courier)
    stage = Stage(merchant, courier, _device_of(courier), other)
    shipments = {name: story(stage) for name, story in STORIES.items()}
    return Demo(merchant, api_key, courier, enrolment_code, shipments)


def _device_of(courier: Courier) -> Device:
    _, code = Enrolment.issue(courier)
    enrolled = enrol(enrolment_code=code, name="Demo handheld")
    assert not isinstance(enrolled, Refusal), enrolled
    return enrolled[0]


class Stage:
    """The shop, its couriers, and what they do in the stories."""

    def __init__(self, merchant: Merchant, courier: Courier, device: Device, other: Courier) -> None:
        self.merchant, self.courier, self.device, self.other = merchant, courier, device, other
        self.placed = 0

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
        within = Shipment.objects.of(self.merchant, livemode=False)
        actor = Actor("merchant", self.merchant.public_id)
        done = dispatch(
            within=within, shipment_id=shipment.public_id, courier=self.device.courier, actor=actor
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
        confirm(device=self.device, key=uuid.uuid4().hex, handoff=handoff, request_id="demo")

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
        within = Shipment.objects.of(self.merchant, livemode=False)
        cancel(
            within=within, shipment_id=shipment.public_id, actor=Actor("merchant", self.merchant.public_id)
        )


def ordered(stage: Stage) -> Shipment:
    return stage.place()


def out_with_a_code(stage: Stage) -> Shipment:
    return stage.send_out(stage.place())


def courier_at_the_door(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    stage.arrive(shipment)
    return shipment


def one_wrong_code(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    stage.type_code(shipment, right=False)
    return shipment


def locked(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    for _ in range(5):
        stage.type_code(shipment, right=False)
    return shipment


def expired(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    DeliveryCode.objects.filter(shipment=shipment).update(expires_at=timezone.now())
    return shipment


def routine_without_a_code(stage: Stage) -> Shipment:
    return stage.send_out(stage.place("19.90"))


def nobody_home(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    stage.arrive(shipment)
    stage.leave(shipment)
    return shipment


def delivered(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    stage.arrive(shipment)
    stage.type_code(shipment, right=True)
    return shipment


def called_off(stage: Stage) -> Shipment:
    shipment = out_with_a_code(stage)
    stage.call_off(shipment)
    return shipment


STORIES: dict[str, Callable[[Stage], Shipment]] = {
    "ordered": ordered,
    "out for delivery, with a code": out_with_a_code,
    "courier at the door": courier_at_the_door,
    "one wrong code": one_wrong_code,
    "code locked": locked,
    "code expired": expired,
    "routine, no code needed": routine_without_a_code,
    "nobody home": nobody_home,
    "delivered": delivered,
    "cancelled": called_off,
}
