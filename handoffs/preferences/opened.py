"""What has to hold before a preference is changed from an order's page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Max, Q, QuerySet

from api.refusals import Refusal
from handoffs.limits import SETTLES
from handoffs.models import DeliveryCode
from orders.models import DeliveryPreference, Event, Order, Shipment
from orders.models.shipments import ShipmentQuerySet

Because = Literal["contact", "dispute"]


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
    waits = unsettled(shipment.order, now)
    return waits.refusal() if waits else shipment


@dataclass(frozen=True)
class Unsettled:
    """Why no opt-out is taken yet, and until when."""

    until: datetime
    because: Because

    def refusal(self) -> Refusal:
        return Refusal("contact_not_settled", members={"until": self.until, "because": self.because})


def unsettled(order: Order, now: datetime) -> Unsettled | None:
    """What of this recipient has to settle first; None where nothing was changed or disputed lately. Their
    other orders from this merchant to this address count too."""
    emails = Q(email__iexact=order.email) if order.email else Q(pk=order.pk)
    phones = Q(phone=order.phone) if order.phone else Q(pk=order.pk)
    door = Order.objects.filter(
        merchant=order.merchant, livemode=order.livemode, address_key=order.address_key
    )
    return newest_of(happened_to(door.filter(Q(pk=order.pk) | phones | emails), now))


def happened_to(orders: QuerySet[Order], now: datetime) -> list[tuple[datetime, Because]]:
    """The newest change of a contact, and the newest dispute, of these orders within the time to settle."""
    since = now - SETTLES
    shipments = Shipment.objects.filter(order__in=orders)
    changed = Event.objects.filter(shipment__in=shipments, type="order.contact_changed", at__gt=since)
    newest: list[tuple[datetime | None, Because]] = [
        (changed.aggregate(at=Max("at"))["at"], "contact"),
        (shipments.filter(disputed_at__gt=since).aggregate(at=Max("disputed_at"))["at"], "dispute"),
    ]
    return [(at, because) for at, because in newest if at]


def newest_of(happened: Iterable[tuple[datetime, Because]]) -> Unsettled | None:
    """Which of these takes longest to settle."""
    last = max(happened, default=None)
    return Unsettled(last[0] + SETTLES, last[1]) if last else None


def opted_out_of(order: Order) -> list[DeliveryPreference]:
    """The contacts of this order that have opted out at its address."""
    chosen = DeliveryPreference.objects.filter(
        livemode=order.livemode,
        contact__in={contact.lower() for contact in order.contacts},
        address_key=order.address_key,
        wish=DeliveryPreference.Wish.OPTED_OUT,
    )
    return list(chosen.order_by("pk"))
