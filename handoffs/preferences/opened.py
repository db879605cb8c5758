"""What has to hold before a preference is changed from an order's page."""

from datetime import datetime

from django.db.models import Q

from api.refusals import Refusal
from handoffs.limits import CONTACT_CHANGE_SETTLES
from handoffs.models import DeliveryCode
from orders.models import DeliveryPreference, Event, Order, Shipment
from orders.models.shipments import ShipmentQuerySet


def hold_opened(
    within: ShipmentQuerySet, shipment_id: str, generation: int, now: datetime
) -> Shipment | Refusal:
    """The shipment, locked, if the link of this generation still opens its page and its contact has settled.

    Refuses with not_found or contact_not_settled. Call inside a transaction, first of all.
    """
    shipment = within.hold(shipment_id)
    if shipment is None:
        return Refusal("not_found")
    code = DeliveryCode.objects.living().filter(shipment=shipment, generation=generation).first()
    if code is None or code.is_over(now):
        return Refusal("not_found")
    if settles_at(shipment.order, now):
        return Refusal("contact_not_settled")
    return shipment


def settles_at(order: Order, now: datetime) -> datetime | None:
    """Until when no opt-out is taken, because the contact of this recipient was changed; None where it was
    not, lately. Their other orders from this merchant to this address count too."""
    emails = Q(email__iexact=order.email) if order.email else Q(pk=order.pk)
    phones = Q(phone=order.phone) if order.phone else Q(pk=order.pk)
    door = Order.objects.filter(
        merchant=order.merchant, livemode=order.livemode, address_key=order.address_key
    )
    changed = Event.objects.filter(
        shipment__order__in=door.filter(Q(pk=order.pk) | phones | emails),
        type="order.contact_changed",
        at__gt=now - CONTACT_CHANGE_SETTLES,
    )
    latest = changed.order_by("-at").values_list("at", flat=True).first()
    return latest + CONTACT_CHANGE_SETTLES if latest else None


def opted_out_of(order: Order) -> list[DeliveryPreference]:
    """The contacts of this order that have opted out at its address."""
    chosen = DeliveryPreference.objects.filter(
        livemode=order.livemode,
        contact__in={contact.lower() for contact in order.contacts},
        address_key=order.address_key,
        wish=DeliveryPreference.Wish.OPTED_OUT,
    )
    return list(chosen.order_by("pk"))
