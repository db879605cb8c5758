"""The policy's question, asked of what is stored."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from django.db.models import Case, CharField, Q, Sum, Value, When
from django.db.models.functions import Concat, Left, Lower, StrIndex, Substr

from orders.models import OPEN, CodeReason, DeliveryPreference, Order, Shipment
from orders.models.merchants import lines_of
from orders.policy import Decision, Question, Wish

Sign = tuple[str, str]
Door = tuple[int, bool, str]  # an address, as one merchant's orders of one mode have it


RAISED = Decision(True, CodeReason.HIGH_VALUE)


def raised_need(shipment: Shipment) -> Decision | None:
    """Whether the recipient's other open shipments have by now lifted this one over the merchant's line.

    Only ever up: None where nothing changes. Not even a merchant's `never` holds above the line.
    """
    return RAISED if raised_among([shipment]) else None


def raised_among(shipments: Iterable[Shipment]) -> list[Shipment]:
    """Those of which `raised_need` is true, with two statements however many there are."""
    below = [each for each in shipments if each.code_reason != CodeReason.HIGH_VALUE]
    if not below:
        return []
    lines = lines_of({each.order.merchant_id for each in below})
    apart = {each for each in below if _is_above_by_itself(each, lines[each.order.merchant_id])}
    others = [each.order for each in below if each not in apart]
    together = OpenValues(others, lines) if others else None
    return [each for each in below if each in apart or (together and together.of(each.order) >= 1)]


def _is_above_by_itself(shipment: Shipment, lines: Mapping[str, Decimal]) -> bool:
    line = lines.get(shipment.order.currency)
    return line is None or shipment.declared_value >= line


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
    recipient's at one address. One statement however many orders there are. `lines`: those of each of their
    merchants, by its key. Each merchant counts apart, and so do test orders.

    Somebody is the same recipient who has the same phone, the same e-mail or the same name. Values are
    counted as fractions of their own currency's line, so that another currency does not slip under it; one
    in a currency without a line needs a code by itself and is left out.
    """

    def __init__(self, orders: Sequence[Order], lines: Mapping[int, Mapping[str, Decimal]]) -> None:
        self._lines = lines
        self._sums: dict[tuple[object, ...], Fraction] = defaultdict(Fraction)
        for merchant, livemode, address, currency, phone, email, name, value in _open_at_the_doors_of(orders):
            share = self._share(value, currency, merchant)
            self._add((merchant, livemode, address), _signs(phone, email, name), share)

    def share(self, value: Decimal, order: Order) -> Fraction:
        """How much of the line in the order's currency this value is."""
        return self._share(value, order.currency, order.merchant_id)

    def _share(self, value: Decimal, currency: str, merchant: int) -> Fraction:
        line = self._lines[merchant].get(currency)
        return Fraction(value) / Fraction(line) if line else Fraction(0)

    def of(self, order: Order) -> Fraction:
        """What is open for this order's recipient: 1 is at the line."""
        signs = _signs(order.phone, order.email, order.name_key)
        # What bears two of the signs is in both their sums, and so on (inclusion and exclusion).
        return sum(
            (
                (-1) ** (len(some) + 1) * self._sums[*_door(order), *itertools.chain(*some)]
                for some in _combinations(signs)
            ),
            Fraction(0),
        )

    def add(self, order: Order, value: Decimal) -> None:
        """Count an order that is placed now, for those after it."""
        signs = _signs(order.phone, order.email, order.name_key)
        self._add(_door(order), signs, self.share(value, order))

    def _add(self, door: Door, signs: list[Sign], share: Fraction) -> None:
        for some in _combinations(signs):
            self._sums[*door, *itertools.chain(*some)] += share


def _door(order: Order) -> Door:
    return order.merchant_id, order.livemode, order.address_key


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


def _open_at_the_doors_of(
    orders: Sequence[Order],
) -> Iterator[tuple[int, bool, str, str, str, str, str, Decimal]]:
    rows = (
        Shipment.objects.annotate(plain_email=_PLAIN_EMAIL)
        .filter(
            Q(order__phone__in={order.phone for order in orders if order.phone})
            | Q(plain_email__in={plain_email(order.email) for order in orders if order.email})
            | Q(order__name_key__in={order.name_key for order in orders}),
            order__merchant__in={order.merchant_id for order in orders},
            order__livemode__in={order.livemode for order in orders},
            order__address_key__in={order.address_key for order in orders},
            status__in=OPEN,
        )
        .values_list(
            *("order__merchant", "order__livemode", "order__address_key", "order__currency"),
            *("order__phone", "plain_email", "order__name_key"),
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
