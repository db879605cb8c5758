"""One way to write JSON, so that one value always gives the same bytes."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

from api.times import rfc3339


def to_json(value: Any) -> bytes:
    """UTF-8 JSON (RFC 8259) without spaces, names in the order given. NaN and Infinity raise ValueError."""
    return _IN_ORDER.encode(value).encode()


def canonical_json(value: Any) -> bytes:
    """As `to_json`, with names sorted: two bodies that mean the same give the same bytes."""
    return _SORTED.encode(value).encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Promise):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


_IN_ORDER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain)
_SORTED = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_plain, sort_keys=True
)
