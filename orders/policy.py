"""Does this shipment need a code? Pure: no database, no clock."""

from dataclasses import dataclass
from decimal import Decimal

from orders.models.preferences import DeliveryPreference
from orders.models.shipments import CodeReason, Shipment

Choice = Shipment.Choice
Wish = DeliveryPreference.Wish


@dataclass(frozen=True)
class Question:
    """What the answer depends on. Values are in the order's currency.

    `value_together` is that of all the recipient's open shipments to this address, this one included, so that
    splitting an order does not slip under the line. `line` is the merchant's, None where there is none.
    """

    value: Decimal
    value_together: Decimal
    line: Decimal | None
    category: str
    code_categories: frozenset[str]
    choice: Choice
    wish: Wish
    code_for_routine: bool

    @property
    def is_high_value(self) -> bool:
        """At or above the line, alone or together; always, where the currency has no line."""
        return self.line is None or max(self.value, self.value_together) >= self.line


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
