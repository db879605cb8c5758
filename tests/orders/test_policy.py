"""Which shipments need a code: every rule, and which of two goes first."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from orders.models import CodeReason
from orders.policy import Choice, Decision, Question, Wish, decide

ROUTINE = Question(
    value=Decimal("99.99"),
    together=Fraction("0.9999"),
    line=Decimal(100),
    category="books",
    code_categories=frozenset({"electronics"}),
    choice=Choice.AUTO,
    wish=Wish.USUAL,
    code_for_routine=False,
)
NEEDED, FREE = True, False
CASES = [
    # what differs from a routine shipment, and what is decided
    ({}, FREE, "routine"),
    ({"code_for_routine": True}, NEEDED, "routine"),
    # value
    ({"value": Decimal("100.00")}, NEEDED, "high_value"),
    ({"value": Decimal("100.01")}, NEEDED, "high_value"),
    ({"together": Fraction(1)}, NEEDED, "high_value"),
    ({"line": None}, NEEDED, "high_value"),
    ({"line": None, "value": Decimal(0), "together": Fraction(0)}, NEEDED, "high_value"),
    ({"line": Decimal(0), "value": Decimal(0), "together": Fraction(0)}, NEEDED, "high_value"),
    # value before every wish
    ({"value": Decimal(100), "choice": Choice.NEVER}, NEEDED, "high_value"),
    ({"together": Fraction(1), "choice": Choice.NEVER}, NEEDED, "high_value"),
    ({"value": Decimal(100), "wish": Wish.OPTED_OUT}, NEEDED, "high_value"),
    ({"value": Decimal(100), "choice": Choice.REQUIRED, "category": "electronics"}, NEEDED, "high_value"),
    # category before choice and wish
    ({"category": "electronics"}, NEEDED, "category"),
    ({"category": "electronics", "choice": Choice.NEVER}, NEEDED, "category"),
    ({"category": "electronics", "wish": Wish.OPTED_OUT}, NEEDED, "category"),
    ({"category": "electronics", "choice": Choice.REQUIRED}, NEEDED, "category"),
    ({"category": ""}, FREE, "routine"),
    # the merchant's choice and the recipient's wish
    ({"choice": Choice.REQUIRED}, NEEDED, "merchant_required"),
    ({"choice": Choice.REQUIRED, "wish": Wish.OPTED_OUT}, NEEDED, "merchant_required"),
    ({"choice": Choice.REQUIRED, "wish": Wish.ALWAYS}, NEEDED, "merchant_required"),
    ({"wish": Wish.ALWAYS}, NEEDED, "recipient_choice"),
    ({"wish": Wish.ALWAYS, "choice": Choice.NEVER}, NEEDED, "recipient_choice"),
    ({"wish": Wish.ALWAYS, "code_for_routine": True}, NEEDED, "recipient_choice"),
    ({"choice": Choice.NEVER}, FREE, "merchant_waived"),
    ({"choice": Choice.NEVER, "wish": Wish.OPTED_OUT}, FREE, "merchant_waived"),
    ({"choice": Choice.NEVER, "code_for_routine": True}, FREE, "merchant_waived"),
    ({"wish": Wish.OPTED_OUT}, FREE, "opted_out"),
    ({"wish": Wish.OPTED_OUT, "code_for_routine": True}, FREE, "opted_out"),
]


@pytest.mark.parametrize(("differs", "required", "reason"), CASES)
def test_the_first_rule_that_fits_decides(differs: dict[str, object], required: bool, reason: str) -> None:
    assert decide(replace(ROUTINE, **differs)) == Decision(required, CodeReason(reason))  # type: ignore[arg-type]


def test_every_reason_has_a_case() -> None:
    assert {reason for _, _, reason in CASES} == set(CodeReason.values)
