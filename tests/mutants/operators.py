"""Changed operators: every comparison, boundary, sign, number and negation of the heart's limits, one by one.

Made here and not by a library, because the heart's limits are for a good part in Django's look-ups
(`attempts__lt`, `expires_at__lte`), which no mutation library knows, while those change each `|` of an
annotation. What the database itself enforces (fields and constraints of models) comes from the migrations
and is not changed here: its defects are planted.
"""

import ast
import re
import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.mutants.copies import Copy

# What is tried for each file, the quickest to find something first. A change that all of it passes survives.
_HEART = (
    "tests/handoffs/test_charge.py",
    "tests/handoffs/test_refusals.py",
    "tests/handoffs/test_attempts.py",
    "tests/handoffs/test_right_code.py",
    "tests/handoffs/test_rotate.py",
    "tests/handoffs/test_resend.py",
    "tests/invariants/test_23_closed_codes_cannot_be_computed.py",
    "tests/handoffs/test_links.py",
    "tests/handoffs/test_dispatch.py",
    "tests/merchants/test_contact_change.py",
)
FILES: dict[str, tuple[str, ...]] = {
    "codes/comparison.py": ("tests/codes/test_comparison.py",),
    "codes/derivation.py": ("tests/codes/test_derivation.py",),
    "handoffs/limits.py": (
        "tests/handoffs/test_limits.py",
        "tests/handoffs/test_limits_around_the_code.py",
        "tests/handoffs/test_preference_code.py",
    ),
    "handoffs/holders.py": (
        "tests/handoffs/test_holders.py",
        "tests/handoffs/test_delegate.py",
        "tests/handoffs/test_courier_budget.py",
    ),
    "handoffs/lifetime.py": ("tests/invariants/test_20_the_day_ends_at_the_address.py",),
    "handoffs/issue.py": ("tests/handoffs/test_issue.py", "tests/handoffs/test_show.py", *_HEART),
    "handoffs/models/codes.py": (
        *_HEART,
        "tests/handoffs/test_courier_budget.py",
        "tests/handoffs/test_delegate.py",
        "tests/couriers/test_handoff.py",
    ),
    "handoffs/models/budget.py": (
        "tests/handoffs/test_courier_budget.py",
        "tests/handoffs/test_charge.py",
    ),
    "handoffs/refuse.py": (
        "tests/handoffs/test_courier_budget.py",
        "tests/handoffs/test_delegate.py",
        *_HEART,
    ),
}
# Where SQLite has a way of its own (decision 0030), what PostgreSQL's tests pass is tried there.
TWINS = frozenset({"handoffs/models/budget.py"})
EQUIVALENTS = Path(__file__).with_name("equivalents.toml")
OPERATORS: dict[type[ast.AST], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">=")),
    ast.LtE: ("<=", ("<", ">")),
    ast.Gt: (">", (">=", "<=")),
    ast.GtE: (">=", (">", "<")),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.Is: ("is", ("is not",)),
    ast.IsNot: ("is not", ("is",)),
    ast.In: ("in", ("not in",)),
    ast.NotIn: ("not in", ("in",)),
    ast.Add: ("+", ("-",)),
    ast.Sub: ("-", ("+",)),
    ast.Mult: ("*", ("+",)),
    ast.Mod: ("%", ("//",)),
    ast.Pow: ("**", ("*",)),
    ast.BitAnd: ("&", ("|",)),
    ast.BitOr: ("|", ("&",)),
    ast.And: ("and", ("or",)),
    ast.Or: ("or", ("and",)),
}
LOOKUPS = {"lt": "lte", "lte": "lt", "gt": "gte", "gte": "gt"}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True)
class Change:
    """One operator of one file, and what it becomes."""

    file: str
    line: int
    column: int
    start: int
    end: int
    old: str
    new: str
    source: str

    def __str__(self) -> str:
        change = f"{self.old or 'nothing'} → {self.new or 'nothing'}"
        return f"{self.file}:{self.line}:{self.column}: {change} in: {self.source}"

    def applied_to(self, text: str) -> str:
        return text[: self.start] + self.new + text[self.end :]


class Finder(ast.NodeVisitor):
    """Collects the changes of one file."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text
        self.changes: list[Change] = []
        self._lines = text.splitlines(keepends=True)

    def visit_Compare(self, node: ast.Compare) -> None:
        operands = [node.left, *node.comparators]
        for operator, left, right in zip(node.ops, operands, node.comparators, strict=False):
            self._change_between(left, operator, right)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._change_between(node.left, node.op, node.right)
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._change_between(node.target, node.op, node.value)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        for left, right in pairwise(node.values):
            self._change_between(left, node.op, right)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            start = self._start(node)
            self._change(node, start, start + len("not "), "")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        start, end = self._start(node), self._end(node)
        if isinstance(node.value, bool):
            self._change(node, start, end, str(not node.value))
        elif isinstance(node.value, int):
            for other in (node.value + 1, node.value - 1):
                self._change(node, start, end, str(other))
        elif isinstance(node.value, str) and re.fullmatch(r"-[a-z_]+", node.value):  # order_by("-…")
            self._change(node, start + 1, start + 2, "")

    def visit_keyword(self, node: ast.keyword) -> None:
        path, _, lookup = (node.arg or "").rpartition("__")
        if path and lookup in LOOKUPS:
            start = self._start(node) + len(path) + len("__")
            self._change(node, start, start + len(lookup), LOOKUPS[lookup])
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in CALLS:
            self._change(node, self._start(node.func), self._end(node.func), CALLS[node.func.id])
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._negate(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self._negate(test)
        self.generic_visit(node)

    # --- What is no operator of the heart ---------------------------------------------------------

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for statement in node.body:
            self.visit(statement)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Its methods: fields and constraints are the migrations'."""
        for statement in node.body:
            if isinstance(statement, ast.FunctionDef):
                self.visit(statement)

    # --- Places ------------------------------------------------------------------------------------

    def _negate(self, test: ast.expr) -> None:
        if isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr):
            start = self._start(test)
            self._change(test, start, start, "not ")

    def _change_between(self, left: ast.expr, operator: ast.AST, right: ast.expr) -> None:
        old, others = OPERATORS[type(operator)]
        start = self.text.index(old, self._end(left), self._start(right))
        for new in others:
            self._change(left, start, start + len(old), new)

    def _change(self, node: ast.expr | ast.keyword, start: int, end: int, new: str) -> None:
        line = self.text.count("\n", 0, start)
        column = start - self._offset(line + 1, 0) + 1
        source, old = self._lines[line].strip(), self.text[start:end]
        self.changes.append(Change(self.file, line + 1, column, start, end, old, new, source))

    def _start(self, node: ast.expr | ast.keyword) -> int:
        return self._offset(node.lineno, node.col_offset)

    def _end(self, node: ast.expr) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        """`ast` counts columns in bytes of UTF-8."""
        before = sum(map(len, self._lines[: line - 1]))
        return before + len(self._lines[line - 1].encode()[:column].decode())


def changes_of(file: str, text: str) -> list[Change]:
    """Every change of the operators in a file, in their order."""
    finder = Finder(file, text)
    finder.visit(ast.parse(text))
    return sorted(finder.changes, key=lambda change: (change.start, change.new))


class Equivalents:
    """Changes that change nothing anyone could see, each with its reason."""

    def __init__(self) -> None:
        listed = tomllib.loads(EQUIVALENTS.read_text())["equivalent"]
        self._reasons = {(e["file"], e["line"], e["column"], e["old"], e["new"]): e["reason"] for e in listed}
        self.unused = set(self._reasons)

    def has(self, change: Change) -> bool:
        key = (change.file, change.source, change.column, change.old, change.new)
        self.unused.discard(key)
        return key in self._reasons


def survives(copy: Copy, change: Change) -> tuple[bool, float]:
    """Whether all tests stay green with this change, and how many seconds it took. Too long is as red."""
    path = copy.folder / change.file
    text = path.read_text()
    path.write_text(change.applied_to(text))
    seconds = 0.0
    try:
        for sqlite in (False, True) if change.file in TWINS else (False,):
            run = copy.run(FILES[change.file], sqlite=sqlite, to_first_failure=True)
            seconds += run.seconds
            if not run.is_green:
                return False, seconds
    finally:
        path.write_text(text)
    return True, seconds
