"""The policy's question, asked of what is stored."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from django.db.models import Case, CharField, Q, Sum, Value, When
from django.db.models.functions import Concat, Left, Lower, StrIndex, Substr

from orders.models import OPEN, CodeReason, DeliveryPreference, Order, Shipment
from orders.policy import Decision, Question, Wish

Sign = tuple[str, str]


def raised_need(shipment: Shipment) -> Decision | None:
    """Whether the recipient's other open shipments have by now lifted this one over the merchant's line.

    Only ever up: None where nothing changes. Not even a merchant's `never` holds above the line.
    """
    if shipment.code_reason == CodeReason.HIGH_VALUE:
        return None
    order = shipment.order
    lines = order.merchant.lines()
    line = lines.get(order.currency)
    if line is None or shipment.declared_value >= line or OpenValues([order], lines).of(order) >= 1:
        return Decision(True, CodeReason.HIGH_VALUE)
    return None


def question(shipment: Shipment, *, together: Fraction, line: Decimal | None, wish: Wish) -> Question:
    """What the policy asks about a shipment whose order is loaded, stored or not."""
    merchant = shipment.order.merchant
    return Question(
        value=shipment.declared_value,
        together=together,
        line=line,
        category=shipment.category.casefold(),
        code_categories=frozenset(str(name).casefold() for name in merchant.code_categories),
        choice=Shipment.Choice(shipment.code_choice),
        wish=wish,
        code_for_routine=merchant.code_for_routine,
    )


class OpenValues:
    """How much of the merchant's lines the open shipments of these orders' recipients are together: each
    recipient's at one address. One statement however many orders there are; all of one merchant and mode.

    Somebody is the same recipient who has the same phone, the same e-mail or the same name. Values are
    counted as fractions of their own currency's line, so that another currency does not slip under it; one
    in a currency without a line needs a code by itself and is left out.
    """

    def __init__(self, orders: Sequence[Order], lines: Mapping[str, Decimal]) -> None:
        self._lines = lines
        self._sums: dict[tuple[str, ...], Fraction] = defaultdict(Fraction)
        for door, currency, phone, email, name, value in _open_at_the_door_of(orders):
            self._add(door, _signs(phone, email, name), self.share(value, currency))

    def share(self, value: Decimal, currency: str) -> Fraction:
        """How much of the currency's line this value is."""
        line = self._lines.get(currency)
        return Fraction(value) / Fraction(line) if line else Fraction(0)

    def of(self, order: Order) -> Fraction:
        """What is open for this order's recipient: 1 is at the line."""
        signs = _signs(order.phone, order.email, order.name_key)
        # What bears two of the signs is in both their sums, and so on (inclusion and exclusion).
        return sum(
            (
                (-1) ** (len(some) + 1) * self._sums[order.address_key, *itertools.chain(*some)]
                for some in _combinations(signs)
            ),
            Fraction(0),
        )

    def add(self, order: Order, value: Decimal) -> None:
        """Count an order that is placed now, for those after it."""
        signs = _signs(order.phone, order.email, order.name_key)
        self._add(order.address_key, signs, self.share(value, order.currency))

    def _add(self, door: str, signs: list[Sign], share: Fraction) -> None:
        for some in _combinations(signs):
            self._sums[door, *itertools.chain(*some)] += share


def _signs(phone: str, email: str, name_key: str) -> list[Sign]:
    """What a recipient is known by."""
    signs = (("phone", phone), ("email", plain_email(email)), ("name", name_key))
    return [sign for sign in signs if sign[1]]


def _combinations(signs: list[Sign]) -> Iterator[tuple[Sign, ...]]:
    for size in range(1, len(signs) + 1):
        yield from itertools.combinations(signs, size)


def plain_email(email: str) -> str:
    """For comparison: capitals and a tag after a plus make no other mailbox nearly anywhere."""
    lower = email.lower()
    return lower[: lower.index("+")] + lower[lower.index("@") :] if "+" in lower else lower


def _open_at_the_door_of(orders: Sequence[Order]) -> Iterator[tuple[str, str, str, str, str, Decimal]]:
    first = orders[0]
    rows = (
        Shipment.objects.of(first.merchant, livemode=first.livemode)
        .annotate(plain_email=_PLAIN_EMAIL)
        .filter(
            Q(order__phone__in={order.phone for order in orders if order.phone})
            | Q(plain_email__in={plain_email(order.email) for order in orders if order.email})
            | Q(order__name_key__in={order.name_key for order in orders}),
            order__address_key__in={order.address_key for order in orders},
            status__in=OPEN,
        )
        .values_list(
            *("order__address_key", "order__currency", "order__phone", "plain_email", "order__name_key")
        )
    )
    return rows.annotate(together=Sum("declared_value")).order_by().iterator()


_LOWER = Lower("order__email", output_field=CharField())
# As `plain_email` has it.
_PLAIN_EMAIL = Case(
    When(
        order__email__contains="+",
        then=Concat(
            Left(_LOWER, StrIndex(_LOWER, Value("+")) - 1), Substr(_LOWER, StrIndex(_LOWER, Value("@")))
        ),
    ),
    default=_LOWER,
)


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
