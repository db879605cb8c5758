"""Placing an order."""

from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from api.refusals import Refusal
from orders.checking import Fault, checked, validation_failed
from orders.drafts import OrderDraft, ShipmentDraft
from orders.models import Actor, Event, Fact, Merchant, Order, Parcel, Shipment
from orders.models.orders import address_key
from orders.need import open_value, question, wish_of
from orders.policy import Choice, decide


def place_order(*, merchant: Merchant, livemode: bool, draft: OrderDraft) -> Order | Refusal:
    """Create the order with its shipments and parcels, and decide which of them need a code.

    Refuses with validation_failed, naming every fault, or reference_taken.
    """
    fit = checked(draft)
    if isinstance(fit, Refusal):
        return fit
    order = _order(merchant, livemode, fit)
    with transaction.atomic():
        if _is_taken(order):
            return _reference_taken(order)
        shipments = [_undecided(order, shipment) for shipment in fit.shipments]
        faults = _decide(order, shipments)
        if faults:
            return validation_failed(*faults)
        if not _insert(order):
            return _reference_taken(order)
        _insert_shipments(order, shipments, fit.shipments)
        return order


def _order(merchant: Merchant, livemode: bool, draft: OrderDraft) -> Order:
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
            line1=address.line1, postal_code=address.postal_code, country=address.country
        ),
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


def _decide(order: Order, shipments: list[Shipment]) -> list[Fault]:
    """Write the policy's decision on each shipment; what cannot be accepted comes back."""
    line, wish = order.merchant.line(order.currency), wish_of(order)
    together = open_value(order) + sum((shipment.declared_value for shipment in shipments), Decimal(0))
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


def _is_taken(order: Order) -> bool:
    taken = Order.objects.filter(merchant=order.merchant, livemode=order.livemode, reference=order.reference)
    return taken.exists()


def _reference_taken(order: Order) -> Refusal:
    return Refusal("reference_taken", members={"reference": order.reference})


def _insert(order: Order) -> bool:
    """False where another request took the reference between our look and our insert."""
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError:
        if _is_taken(order):
            return False
        raise
    return True


def _insert_shipments(order: Order, shipments: list[Shipment], drafts: tuple[ShipmentDraft, ...]) -> None:
    """Shipments, parcels and first events, each with one statement however many they are."""
    now = timezone.now()
    created = Fact("order.created", Actor("merchant", order.merchant.public_id), {"order": order.public_id})
    events = [Event.following(shipment, created, at=now, sequence=1, previous="") for shipment in shipments]
    for shipment, event in zip(shipments, events, strict=True):
        shipment.order = order
        shipment.events_count, shipment.events_head = 1, event.hash
    Shipment.objects.bulk_create(shipments)
    Event.objects.bulk_create(events)
    Parcel.objects.bulk_create(
        Parcel(shipment=shipment, barcode=barcode)
        for shipment, draft in zip(shipments, drafts, strict=True)
        for barcode in draft.barcodes
    )
