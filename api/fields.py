"""Fields that take exactly one form of a value: a string is a string, a number a number, a time has its
offset."""

import math
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from api.times import parse_rfc3339, rfc3339

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class StrictField(serializers.Field[Any, Any, Any, Any]):
    """A field that says itself how OpenAPI is to describe it."""

    openapi: dict[str, Any] = {}


class TextField(serializers.CharField):
    """Text that people read: a JSON string without control characters, trimmed, at most `max_length`
    characters.

    `multiline=True` lets line breaks and tabs through. NUL never: PostgreSQL cannot store it.
    """

    default_error_messages = {
        "not_text": "Must be a string.",
        "control_characters": "Must not contain control characters.",
    }

    def __init__(self, *, max_length: int = 200, multiline: bool = False, **kwargs: Any) -> None:
        self.allowed_controls = "\n\r\t" if multiline else ""
        super().__init__(max_length=max_length, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data is not serializers.empty and data is not None:
            if not isinstance(data, str):
                self.fail("not_text")
            if any(self._refused(character) for character in data):
                self.fail("control_characters")
        return super().run_validation(data)

    def _refused(self, character: str) -> bool:
        return (
            unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}
            and character not in self.allowed_controls
        )


class OpaqueTextField(StrictField):
    """A JSON string as it came, whatever is in it. For what a verb judges itself, such as a typed delivery
    code."""

    openapi = {"type": "string"}
    default_error_messages = {"not_text": "Must be a string."}

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_text")
        return data

    def to_representation(self, value: str) -> str:
        return value


class FlagField(StrictField):
    """`true` or `false`, nothing that looks like it."""

    openapi = {"type": "boolean"}
    default_error_messages = {"not_a_flag": "Must be true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("not_a_flag")
        return data

    def to_representation(self, value: bool) -> bool:
        return value


class WholeNumberField(StrictField):
    """A JSON number without a fraction, from `min_value` to `max_value`, both included."""

    default_error_messages = {
        "not_a_whole_number": "Must be a whole number.",
        "out_of_range": "Must be from {min_value} to {max_value}.",
    }

    def __init__(self, *, min_value: int, max_value: int, **kwargs: Any) -> None:
        self.min_value, self.max_value = min_value, max_value
        self.openapi = {"type": "integer", "minimum": min_value, "maximum": max_value}
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("not_a_whole_number")
        if not self.min_value <= data <= self.max_value:
            self.fail("out_of_range", min_value=self.min_value, max_value=self.max_value)
        return data

    def to_representation(self, value: int) -> int:
        return value


class QueryNumberField(WholeNumberField):
    """A whole number in a query string: ASCII digits."""

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, str) or not re.fullmatch(r"[0-9]{1,9}", data):
            self.fail("not_a_whole_number")
        return super().to_internal_value(int(data))


class NumberField(StrictField):
    """A JSON number from `min_value` to `max_value`, both included."""

    default_error_messages = {
        "not_a_number": "Must be a number.",
        "out_of_range": "Must be from {min_value} to {max_value}.",
    }

    def __init__(self, *, min_value: float, max_value: float, **kwargs: Any) -> None:
        self.min_value, self.max_value = min_value, max_value
        self.openapi = {"type": "number", "minimum": min_value, "maximum": max_value}
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> float:
        if not isinstance(data, int | float) or isinstance(data, bool) or not math.isfinite(data):
            self.fail("not_a_number")
        if not self.min_value <= data <= self.max_value:
            self.fail("out_of_range", min_value=self.min_value, max_value=self.max_value)
        return float(data)

    def to_representation(self, value: float) -> float:
        return float(value)


class MoneyField(StrictField):
    """An amount of money, never negative, as a decimal string: `"1299.00"`. Never a JSON number, which
    rounds."""

    openapi = {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,3})?$", "example": "1299.00"}
    default_error_messages = {
        "not_money": 'Must be a decimal string such as "1299.00".',
        "too_large": "Must have at most {digits} digits before the point.",
        "too_fine": "Must have at most {places} digits after the point.",
    }

    def __init__(self, *, max_digits: int = 15, decimal_places: int = 3, **kwargs: Any) -> None:
        self.whole_digits, self.decimal_places = max_digits - decimal_places, decimal_places
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str) or not re.fullmatch(r"[0-9]+(\.[0-9]+)?", data):
            self.fail("not_money")
        whole, _, fraction = data.partition(".")
        if len(whole) > self.whole_digits:
            self.fail("too_large", digits=self.whole_digits)
        if len(fraction) > self.decimal_places:
            self.fail("too_fine", places=self.decimal_places)
        return Decimal(data)

    def to_representation(self, value: Decimal) -> str:
        """Two digits after the point; more only where a currency of more (KWD has three) uses them."""
        whole, _, fraction = f"{value:.{self.decimal_places}f}".partition(".")
        return f"{whole}.{fraction[:2]:0<2}{fraction[2:].rstrip('0')}"


class TimeField(StrictField):
    """A moment: RFC 3339 with an offset in, UTC with `Z` out."""

    openapi = {"type": "string", "format": "date-time"}
    default_error_messages = {
        "not_a_time": "Must be an RFC 3339 time with an offset, such as 2026-11-20T09:00:00Z."
    }

    def to_internal_value(self, data: Any) -> datetime:
        if not isinstance(data, str):
            self.fail("not_a_time")
        try:
            return parse_rfc3339(data)
        except ValueError:
            self.fail("not_a_time")

    def to_representation(self, value: datetime) -> str:
        return rfc3339(value)


class DayField(StrictField):
    """A day of the calendar: `2026-11-20`."""

    openapi = {"type": "string", "format": "date"}
    default_error_messages = {"not_a_day": "Must be a day such as 2026-11-20."}

    def to_internal_value(self, data: Any) -> date:
        if not isinstance(data, str) or not _DAY.fullmatch(data):
            self.fail("not_a_day")
        try:
            return date.fromisoformat(data)
        except ValueError:
            self.fail("not_a_day")

    def to_representation(self, value: date) -> str:
        return value.isoformat()


class MetadataField(StrictField):
    """A client's own notes on a thing: an object of at most 50 strings, names up to 40 characters, values
    up to 500."""

    openapi = {
        "type": "object",
        "maxProperties": 50,
        "propertyNames": {"minLength": 1, "maxLength": 40},
        "additionalProperties": {"type": "string", "maxLength": 500},
    }
    default_error_messages = {
        "not_metadata": "Must be an object of strings.",
        "too_many": "Must have at most 50 members.",
        "too_long": "Names have 1 to 40 characters, values at most 500.",
        "control_characters": "Must not contain NUL.",
    }

    def to_internal_value(self, data: Any) -> dict[str, str]:
        if not isinstance(data, dict) or not all(isinstance(value, str) for value in data.values()):
            self.fail("not_metadata")
        if len(data) > 50:
            self.fail("too_many")
        if any(not 1 <= len(name) <= 40 or len(value) > 500 for name, value in data.items()):
            self.fail("too_long")
        if any("\0" in name + value for name, value in data.items()):
            self.fail("control_characters")
        return data

    def to_representation(self, value: dict[str, str]) -> dict[str, str]:
        return value
