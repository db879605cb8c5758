"""Strict JSON in: what two parsers could read in two ways is refused."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_BODY_BYTES = 1_048_576
_MAX_DEPTH = 32
_MAX_NUMBER_DIGITS = 300  # From 309 digits on, turning an integer into a float raises OverflowError.


class StrictJSONParser(BaseParser):
    """I-JSON (RFC 7493) in spirit: UTF-8, no repeated names, no NaN or Infinity, no lone surrogates, at
    most 32 deep.

    Raises ParseError (400 `malformed_json`). The size was checked before, by BodyMiddleware.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return parse_json(stream.read())


def parse_json(body: bytes) -> Any:
    """The value of a JSON text. Raises ParseError with the reason; the reason never quotes the body."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_unrepeated,
            parse_constant=_no_constant,
            parse_float=_finite,
            parse_int=_sized,
        )
    except UnicodeDecodeError as error:
        raise ParseError("The body is not UTF-8.") from error
    except RecursionError as error:
        raise ParseError(f"The body is nested deeper than {_MAX_DEPTH}.") from error
    except json.JSONDecodeError as error:
        raise ParseError(f"The body is not JSON: line {error.lineno}, column {error.colno}.") from error
    if body.count(b"{") + body.count(b"[") > _MAX_DEPTH or b"\\u" in body or not body.isascii():
        _check_depth_and_text(value)
    return value


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ParseError("A name is repeated within one object.")
    return members


def _no_constant(name: str) -> None:
    raise ParseError("NaN and Infinity are not JSON.")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ParseError("A number is too large.")
    return number


def _sized(digits: str) -> int:
    if len(digits) > _MAX_NUMBER_DIGITS:
        raise ParseError("A number is too large.")
    return int(digits)


def _check_depth_and_text(value: Any) -> None:
    """Walk level by level, so that a hostile depth costs no recursion of ours."""
    level, depth = [value], 0
    while level:
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, dict | list) and depth >= _MAX_DEPTH:
                raise ParseError(f"The body is nested deeper than {_MAX_DEPTH}.")
            if isinstance(item, dict):
                deeper.extend(item)
                deeper.extend(item.values())
            elif isinstance(item, list):
                deeper.extend(item)
            elif isinstance(item, str) and not _encodable(item):
                raise ParseError("A text holds half of a surrogate pair.")
        level, depth = deeper, depth + 1


def _encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
