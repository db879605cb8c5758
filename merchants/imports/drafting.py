"""From the rows of one reference to a draft, or to everything that is wrong with them.

The file is another way of writing what `POST /orders` takes: the same form and the same rules judge it.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rest_framework.exceptions import ValidationError

from api.errors import flatten
from api.refusals import Refusal
from merchants.forms import NewOrderSerializer, order_draft
from merchants.imports.reading import COLUMNS, Refused, Row
from orders.checking import checked
from orders.drafts import OrderDraft

Errors = list[dict[str, str]]

_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]+)?")
_RECIPIENT = ("name", "phone", "email", "locale")
_ADDRESS = (
    *("line1", "line2", "city", "region", "postal_code", "country"),
    *("latitude", "longitude", "timezone"),
)
# What stands in for a cell that is wrong, so that the rest can be judged; and what cannot be without it.
_FIT = {
    **{"reference": "-", "placed_at": "2000-01-01T00:00:00Z", "currency": "EUR", "declared_value": "1"},
    **{"name": "-", "line1": "-", "city": "-", "country": "GB"},
}
_NEEDED_BY = {"country": {"phone"}, "currency": {"declared_value"}}


def draft_of(rows: Sequence[Row]) -> OrderDraft | list[Refused]:
    """The order whose one shipment has these rows as its parcels; or all that is wrong with it.

    Its rows say the same of everything but the barcode: `declared_value` is that of the whole shipment. One
    row that is wrong keeps the others out too, since a parcel would be missing from the shipment.
    """
    unread = [fault for row in rows for fault in row.faults]
    if unread:
        return refused_rows(rows, [], unread)
    different = _differing(rows)
    try:
        draft = order_draft(_FORM.run_validation(_body(rows)))
    except ValidationError as refused:
        errors = flatten(refused.detail)
        return refused_rows(rows, errors + _rules_broken_besides(rows, errors), different)
    return refused_rows(rows, [], different) if different else draft


def refused_rows(rows: Sequence[Row], errors: Errors, faults: Sequence[Refused] = ()) -> list[Refused]:
    """The errors at their lines and columns; a row without one says which other keeps it out."""
    found = [*faults, *(Refused(*_place(rows, error["pointer"]), error["detail"]) for error in errors)]
    wrong = {fault.line for fault in found}
    reason = f"Not imported, because line {min(wrong)} of the same reference is refused."
    found += [Refused(row.line, "reference", reason) for row in rows if row.line not in wrong]
    return list(dict.fromkeys(found))


_FORM = NewOrderSerializer()


def _differing(rows: Sequence[Row]) -> list[Refused]:
    first = rows[0]
    reason = f"Differs from line {first.line}, the first of this reference; only barcode may."
    return [
        Refused(row.line, name, reason)
        for row in rows[1:]
        for name in COLUMNS
        if name != "barcode" and row.cells[name] != first.cells[name]
    ]


def _body(rows: Sequence[Row]) -> dict[str, Any]:
    """As it would be sent to `POST /orders`. An empty cell is left out."""
    cells = rows[0].cells
    return {
        **_filled(cells, "reference", "placed_at", "currency"),
        "recipient": _filled(cells, *_RECIPIENT),
        "address": _filled(cells, *_ADDRESS),
        "shipments": [
            {
                **_filled(cells, "reference", "declared_value", "category"),
                "parcels": [_filled(row.cells, "barcode") for row in rows],
            }
        ],
    }


def _filled(cells: dict[str, str], *names: str) -> dict[str, Any]:
    return {name: _value(name, cells[name]) for name in names if cells[name]}


def _value(name: str, cell: str) -> str | float:
    return float(cell) if name in {"latitude", "longitude"} and _NUMBER.fullmatch(cell) else cell


def _rules_broken_besides(rows: Sequence[Row], errors: Errors) -> Errors:
    """What the rules say of the cells that the form finds no fault with."""
    wrong = {_place(rows, error["pointer"]) for error in errors}
    columns = {name for _, name in wrong}
    mended = [
        replace(
            row, cells={name: _mended(row, name, cell, wrong, columns) for name, cell in row.cells.items()}
        )
        for row in rows
    ]
    try:
        judged = checked(order_draft(_FORM.run_validation(_body(mended))))
    except ValidationError:
        return []
    untold = columns.union(*(_NEEDED_BY.get(name, set()) for name in columns)) - {"barcode"}
    found: Errors = judged.members["errors"] if isinstance(judged, Refusal) else []
    return [error for error in found if _place(rows, error["pointer"])[1] not in untold]


def _mended(row: Row, name: str, cell: str, wrong: set[tuple[int, str]], columns: set[str]) -> str:
    if name == "barcode":
        return f"line {row.line}" if (row.line, name) in wrong else cell
    return _FIT.get(name, "") if name in columns else cell


def _place(rows: Sequence[Row], pointer: str) -> tuple[int, str]:
    """The line and the column that a pointer into the body means."""
    parts = pointer.split("/")
    if "parcels" not in parts:
        return rows[0].line, parts[-1]
    after = parts[parts.index("parcels") + 1 :]
    return rows[int(after[0]) if after else 0].line, "barcode"
