"""Does this shipment need a code? Pure: no database, no clock."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from orders.models.preferences import DeliveryPreference
from orders.models.shipments import CodeReason, Shipment

Choice = Shipment.Choice
Wish = DeliveryPreference.Wish


@dataclass(frozen=True)
class Question:
    """What the answer depends on. `value` and `line` are in the order's currency.

    `line` is the merchant's, None where there is none. `together` is how much of the merchant's lines all the
    recipient's open shipments to this address are, this one included, each in its own currency: 1 is at the
    line. So splitting an order does not slip under it.
    """

    value: Decimal
    together: Fraction
    line: Decimal | None
    category: str
    code_categories: frozenset[str]
    choice: Choice
    wish: Wish
    code_for_routine: bool

    @property
    def is_high_value(self) -> bool:
        """At or above the line, alone or together; always, where the currency has no line."""
        return self.line is None or self.value >= self.line or self.together >= 1


@dataclass(frozen=True)
class Decision:
    """Whether a code is required, and the one reason that decided it."""

    required: bool
    reason: CodeReason


def decide(question: Question) -> Decision:
    """The first rule that fits decides: what protects comes before what anyone wishes."""
    rules = (
        (question.is_high_value, True, CodeReason.HIGH_VALUE),
        (question.category in question.code_categories, True, CodeReason.CATEGORY),
        (question.choice == Choice.REQUIRED, True, CodeReason.MERCHANT_REQUIRED),
        (question.wish == Wish.ALWAYS, True, CodeReason.RECIPIENT_CHOICE),
        (question.choice == Choice.NEVER, False, CodeReason.MERCHANT_WAIVED),
        (question.wish == Wish.OPTED_OUT, False, CodeReason.OPTED_OUT),
        (True, question.code_for_routine, CodeReason.ROUTINE),
    )
    return next(Decision(required, reason) for fits, required, reason in rules if fits)
