"""The policy's question, asked of what is stored."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q, Sum

from orders.models import OPEN, CodeReason, DeliveryPreference, Order, Shipment
from orders.policy import Decision, Question, Wish


def raised_need(shipment: Shipment) -> Decision | None:
    """Whether the recipient's other open shipments have by now lifted this one over the merchant's line.

    Only ever up: None where nothing changes. Not even a merchant's `never` holds above the line.
    """
    if shipment.code_reason == CodeReason.HIGH_VALUE:
        return None
    order = shipment.order
    line = order.merchant.line(order.currency)
    together = max(open_value(order), shipment.declared_value)
    return Decision(True, CodeReason.HIGH_VALUE) if line is None or together >= line else None


def question(shipment: Shipment, *, together: Decimal, line: Decimal | None, wish: Wish) -> Question:
    """What the policy asks about a shipment whose order is loaded, stored or not."""
    merchant = shipment.order.merchant
    return Question(
        value=shipment.declared_value,
        value_together=together,
        line=line,
        category=shipment.category.casefold(),
        code_categories=frozenset(str(name).casefold() for name in merchant.code_categories),
        choice=Shipment.Choice(shipment.code_choice),
        wish=wish,
        code_for_routine=merchant.code_for_routine,
    )


def open_value(order: Order) -> Decimal:
    """What the recipient's open shipments to this address are worth together, in this order's currency.

    Somebody is the same recipient who has the same phone or the same e-mail; without either, the same name.
    """
    same = Q()
    if order.phone:
        same |= Q(order__phone=order.phone)
    if order.email:
        same |= Q(order__email__iexact=order.email)
    open_ones = Shipment.objects.of(order.merchant, livemode=order.livemode).filter(
        same or Q(order__name__iexact=order.name),
        order__address_key=order.address_key,
        order__currency=order.currency,
        status__in=OPEN,
    )
    return open_ones.aggregate(together=Sum("declared_value"))["together"] or Decimal(0)


def wish_of(order: Order) -> Wish:
    """What the recipient prefers at this address. Where two contacts differ, the more careful wish counts."""
    wishes = set(
        DeliveryPreference.objects.filter(
            address_key=order.address_key, contact__in=_as_verified(order.contacts)
        ).values_list("wish", flat=True)
    )
    return next((wish for wish in (Wish.ALWAYS, Wish.OPTED_OUT) if wish in wishes), Wish.USUAL)


def _as_verified(contacts: Iterable[str]) -> set[str]:
    """Capitals in an e-mail address do not make it another contact."""
    return {form for contact in contacts for form in (contact, contact.lower())}
