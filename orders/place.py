"""Placing orders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from api.refusals import Refusal
from orders.checking import Fault, checked, validation_failed
from orders.drafts import OrderDraft, ShipmentDraft
from orders.models import Actor, Event, Fact, Merchant, Order, Parcel, Shipment
from orders.models.orders import address_key, name_key
from orders.need import OpenValues, Wishes, question
from orders.policy import Choice, decide

AT_ONCE = 250  # orders in one statement: SQLite takes 32 766 parameters, and four lists name each order


def place_order(*, merchant: Merchant, livemode: bool, draft: OrderDraft) -> Order | Refusal:
    """Create the order with its shipments and parcels, and decide which of them need a code.

    Refuses with validation_failed, naming every fault, or reference_taken.
    """
    return place_orders(merchant=merchant, livemode=livemode, drafts=[draft])[0]


def place_orders(
    *, merchant: Merchant, livemode: bool, drafts: Sequence[OrderDraft]
) -> list[Order | Refusal]:
    """Place each as `place_order` does, one after the other, with the statements of one for every 250.

    One that is refused does not stop the others. The outcomes come in order.
    """
    outcomes: list[Order | Refusal] = []
    for start in range(0, len(drafts), AT_ONCE):
        outcomes += _place_some(merchant, livemode, drafts[start : start + AT_ONCE])
    return outcomes


@dataclass(frozen=True)
class _Placement:
    """An order and its shipments on their way into the database."""

    order: Order
    shipments: list[Shipment]
    drafts: tuple[ShipmentDraft, ...]

    @property
    def value(self) -> Decimal:
        return sum((shipment.declared_value for shipment in self.shipments), Decimal(0))


def _place_some(merchant: Merchant, livemode: bool, drafts: Sequence[OrderDraft]) -> list[Order | Refusal]:
    asked = [_placement(merchant, livemode, draft) for draft in drafts]
    fit = [each.order for each in asked if isinstance(each, _Placement)]
    if not fit:
        return [each for each in asked if isinstance(each, Refusal)]
    with transaction.atomic():
        known = _Known(merchant, livemode, fit)
        judged = [each if isinstance(each, Refusal) else _judge(each, known) for each in asked]
        accepted = [each for each in judged if isinstance(each, _Placement)]
        if _insert_orders(accepted):
            _insert_shipments(accepted)
            return [each if isinstance(each, Refusal) else each.order for each in judged]
    # Another request took a reference between our look and our insert: which one, each finds out by itself.
    if len(drafts) == 1:
        return [_reference_taken(drafts[0].reference)]
    return [place_order(merchant=merchant, livemode=livemode, draft=draft) for draft in drafts]


def _placement(merchant: Merchant, livemode: bool, draft: OrderDraft) -> _Placement | Refusal:
    fit = checked(draft)
    if isinstance(fit, Refusal):
        return fit
    order = unplaced(merchant, livemode, fit)
    return _Placement(order, [_undecided(order, shipment) for shipment in fit.shipments], fit.shipments)


def unplaced(merchant: Merchant, livemode: bool, draft: OrderDraft) -> Order:
    """The order of a checked draft, not yet stored."""
    recipient, address = draft.recipient, draft.address
    return Order(
        merchant=merchant,
        livemode=livemode,
        reference=draft.reference,
        currency=draft.currency,
        placed_at=draft.placed_at,
        metadata=draft.metadata,
        name=recipient.name,
        company=recipient.company,
        phone=recipient.phone,
        email=recipient.email,
        locale=recipient.locale,
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        region=address.region,
        postal_code=address.postal_code,
        country=address.country,
        latitude=_degrees(address.latitude),
        longitude=_degrees(address.longitude),
        timezone=address.timezone,
        instructions=address.instructions,
        address_key=address_key(
            line1=address.line1,
            line2=address.line2,
            postal_code=address.postal_code,
            country=address.country,
        ),
        name_key=name_key(recipient.name),
    )


def _degrees(angle: float | None) -> Decimal | None:
    """Six decimals are a tenth of a metre."""
    return None if angle is None else Decimal(f"{angle:.6f}")


def _undecided(order: Order, draft: ShipmentDraft) -> Shipment:
    return Shipment(
        order=order,
        reference=draft.reference,
        declared_value=draft.declared_value,
        category=draft.category,
        code_choice=draft.code,
    )


# --- What is decided, in the order in which they were sent ---------------------------------------


class _Known:
    """What is stored that decides about these orders: four statements, however many they are."""

    def __init__(self, merchant: Merchant, livemode: bool, orders: Sequence[Order]) -> None:
        self.references = _taken(merchant, livemode, [order.reference for order in orders])
        self.lines = merchant.lines()
        self.open_values = OpenValues(orders, {merchant.pk: self.lines})
        self.wishes = Wishes(orders)


def _judge(placement: _Placement, known: _Known) -> _Placement | Refusal:
    """The placement, its shipments decided upon and counted for those after it; or why it cannot be."""
    order = placement.order
    if order.reference in known.references:
        return _reference_taken(order.reference)
    faults = _decide(placement, known)
    if faults:
        return validation_failed(*faults)
    known.references.add(order.reference)
    known.open_values.add(order, placement.value)
    return placement


def _decide(placement: _Placement, known: _Known) -> list[Fault]:
    """Write the policy's decision on each shipment; what cannot be accepted comes back."""
    order, shipments = placement.order, placement.shipments
    line, wish = known.lines.get(order.currency), known.wishes.of(order)
    open_values = known.open_values
    together = open_values.of(order) + open_values.share(placement.value, order)
    faults = []
    for at, shipment in enumerate(shipments):
        asked = question(shipment, together=together, line=line, wish=wish)
        decision = decide(asked)
        shipment.code_required, shipment.code_reason = decision.required, decision.reason
        if asked.choice == Choice.NEVER and asked.is_high_value:
            faults.append(Fault(f"/shipments/{at}/code", "high_value", _NEVER_REFUSED))
    if not order.contacts and any(shipment.code_required for shipment in shipments):
        faults.append(Fault("/recipient/phone", "required", _CONTACT_NEEDED))
    return faults


_NEVER_REFUSED = (
    "A code cannot be waived from the merchant's high-value line on; the recipient's open shipments to this "
    "address count together, and in a currency without a line every shipment is above it."
)
_CONTACT_NEEDED = (
    "A shipment of this order needs a code: a phone number or an e-mail address is needed to send it."
)


def _taken(merchant: Merchant, livemode: bool, references: Iterable[str]) -> set[str]:
    theirs = Order.objects.filter(merchant=merchant, livemode=livemode, reference__in=list(references))
    return set(theirs.values_list("reference", flat=True))


def _reference_taken(reference: str) -> Refusal:
    return Refusal("reference_taken", members={"reference": reference})


# --- What is stored, each kind of row with one statement -----------------------------------------


def _insert_orders(placements: list[_Placement]) -> bool:
    """False where another request took a reference between our look and our insert.

    Sorted, because each insert waits for whoever is inserting the same reference: two batches with the same
    references in another order would wait for one another.
    """
    orders = sorted((placement.order for placement in placements), key=lambda order: order.reference)
    try:
        with transaction.atomic():
            Order.objects.bulk_create(orders)
    except IntegrityError:
        first = orders[0]
        if _taken(first.merchant, first.livemode, [order.reference for order in orders]):
            return False
        raise
    return True


def _insert_shipments(placements: list[_Placement]) -> None:
    now = timezone.now()
    shipments: list[Shipment] = []
    events: list[Event] = []
    for placement in placements:
        order = placement.order
        created = Fact(
            "order.created", Actor("merchant", order.merchant.public_id), {"order": order.public_id}
        )
        for shipment in placement.shipments:
            event = Event.following(shipment, created, at=now, sequence=1, previous="")
            shipment.order = order  # again, now that it has its key
            shipment.events_count, shipment.events_head = 1, event.hash
            shipments.append(shipment)
            events.append(event)
    Shipment.objects.bulk_create(shipments)
    Event.objects.bulk_create(events)
    Parcel.objects.bulk_create(
        Parcel(shipment=shipment, barcode=barcode)
        for placement in placements
        for shipment, draft in zip(placement.shipments, placement.drafts, strict=True)
        for barcode in draft.barcodes
    )
