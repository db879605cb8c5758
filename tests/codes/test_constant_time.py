"""Secrets are compared by `hmac.compare_digest`, which takes as long wherever they differ.

Time itself is too noisy to be a test. This reads the source of each place that compares a secret.
"""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

from api.idempotency import IdempotencyKeys
from codes import comparison
from handoffs.models import DeliveryCode

COMPARING: tuple[Callable[..., Any], ...] = (
    comparison.matches,
    DeliveryCode.opens_for,
    DeliveryCode.was_of_the_one_before,
    IdempotencyKeys.recognises,
)


@pytest.mark.parametrize("function", COMPARING, ids=lambda function: function.__qualname__)
def test_nothing_but_compare_digest_compares(function: Callable[..., Any]) -> None:
    parts = list(ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))))
    called = {ast.unparse(part.func) for part in parts if isinstance(part, ast.Call)}
    assert "hmac.compare_digest" in called
    assert not [ast.unparse(part) for part in parts if isinstance(part, ast.Compare)]
    assert not [name for name in called if name.endswith((".startswith", ".endswith", ".find", ".index"))]


def test_a_likeness_is_worked_out_without_a_branch() -> None:
    """Every digit is looked at whatever is found, so that the time tells nothing of the right code."""
    parts = list(ast.walk(ast.parse(inspect.getsource(comparison.likeness))))
    branches = (ast.If, ast.IfExp, ast.BoolOp, ast.Break, ast.While, ast.Try)
    assert not [ast.unparse(part) for part in parts if isinstance(part, branches)]
