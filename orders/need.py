"""The policy's question, asked of what is stored."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from django.db.models import Q, Sum, Value
from django.db.models.functions import Lower

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
    together = max(OpenValues([order]).of(order), shipment.declared_value)
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


class OpenValues:
    """What the open shipments of these orders' recipients are worth together: each recipient's at one
    address, in one currency. One statement however many orders there are; all of one merchant and mode.

    Somebody is the same recipient who has the same phone or the same e-mail; without either, the same name.
    """

    def __init__(self, orders: Sequence[Order]) -> None:
        self._sums: dict[tuple[str, ...], Decimal] = defaultdict(Decimal)
        for row in _open_at_the_door_of(orders):
            self._add(row[:2], phone=row[2], email=row[3], name=row[4], value=row[5])

    def of(self, order: Order) -> Decimal:
        """The value of what is open for this order's recipient."""
        door = (order.address_key, order.currency)
        phone, email = ("phone", order.phone), ("email", order.email.lower())
        if not order.contacts:
            return self._sums[*door, "name", order.name.lower()]
        both = self._sums[*door, *phone, *email] if order.phone and order.email else 0
        return (
            (self._sums[*door, *phone] if order.phone else Decimal(0))
            + (self._sums[*door, *email] if order.email else Decimal(0))
            - both  # it is in both sums
        )

    def add(self, order: Order, value: Decimal) -> None:
        """Count an order that is placed now, for those after it."""
        door = (order.address_key, order.currency)
        self._add(door, phone=order.phone, email=order.email, name=order.name, value=value)

    def _add(self, door: tuple[str, ...], *, phone: str, email: str, name: str, value: Decimal) -> None:
        by_phone, by_email = ("phone", phone), ("email", email.lower())
        for who in (by_phone, by_email, by_phone + by_email, ("name", name.lower())):
            self._sums[*door, *who] += value


def _open_at_the_door_of(orders: Sequence[Order]) -> Iterator[tuple[str, str, str, str, str, Decimal]]:
    first = orders[0]
    phones = {order.phone for order in orders if order.phone}
    emails = [Lower(Value(email)) for email in {order.email for order in orders if order.email}]
    names = [Lower(Value(name)) for name in {order.name for order in orders if not order.contacts}]
    rows = (
        Shipment.objects.of(first.merchant, livemode=first.livemode)
        .annotate(email_lower=Lower("order__email"), name_lower=Lower("order__name"))
        .filter(
            Q(order__phone__in=phones) | Q(email_lower__in=emails) | Q(name_lower__in=names),
            order__address_key__in={order.address_key for order in orders},
            order__currency__in={order.currency for order in orders},
            status__in=OPEN,
        )
        .values_list("order__address_key", "order__currency", "order__phone", "order__email", "order__name")
    )
    return rows.annotate(together=Sum("declared_value")).order_by().iterator()


class Wishes:
    """What the recipients of these orders prefer at their addresses, read with one statement; all of one
    mode."""

    def __init__(self, orders: Sequence[Order]) -> None:
        self._wishes: dict[tuple[str, str], set[str]] = defaultdict(set)
        stored = DeliveryPreference.objects.filter(
            livemode=orders[0].livemode,
            address_key__in={order.address_key for order in orders},
            contact__in=_as_verified(contact for order in orders for contact in order.contacts),
        )
        for address_key, contact, wish in stored.values_list("address_key", "contact", "wish"):
            self._wishes[address_key, contact].add(wish)

    def of(self, order: Order) -> Wish:
        """The wish that counts; where two contacts differ, the more careful one."""
        wishes: set[str] = set()
        for contact in _as_verified(order.contacts):
            wishes |= self._wishes.get((order.address_key, contact), set())
        return next((wish for wish in (Wish.ALWAYS, Wish.OPTED_OUT) if wish in wishes), Wish.USUAL)


def _as_verified(contacts: Iterable[str]) -> set[str]:
    """Capitals in an e-mail address do not make it another contact."""
    return {form for contact in contacts for form in (contact, contact.lower())}
