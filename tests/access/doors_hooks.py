"""What schemathesis is told of this API besides its OpenAPI document: tokens, and values that there are."""

import json
import os
from itertools import count
from typing import Any

import schemathesis
from requests.structures import CaseInsensitiveDict
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET
from schemathesis.core.parameters import ParameterLocation

PROXIED_FROM = count(1)
# By the name of a path parameter or a member: ids that there are, and values that only our data decides.
KNOWN: dict[str, list[str]] = json.loads(os.environ["DOORS_KNOWN"])


class _Token(schemathesis.AuthProvider):
    """The Authorization header of one kind of caller."""

    variable: str

    def get(self, case: schemathesis.Case, context: schemathesis.AuthContext) -> str:
        return f"Bearer {os.environ[self.variable]}"

    def set(self, case: schemathesis.Case, data: str, context: schemathesis.AuthContext) -> None:
        _add_header(case, "Authorization", data)


@schemathesis.auth().apply_to(path_regex="^/api/v1/(?!courier/)")
class Merchant(_Token):
    variable = "DOORS_MERCHANT"


@schemathesis.auth().apply_to(path_regex="^/api/v1/courier/(?!devices/)")
class Courier(_Token):
    variable = "DOORS_COURIER"


@schemathesis.auth().apply_to(path_regex="^/api/v1/courier/devices/")
class Leaver(_Token):
    """Signing out ends the token that it is sent with."""

    variable = "DOORS_LEAVER"


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """The orders of a batch are judged one by one, and a wrong one is refused within the 200.

    A made-up picture is bytes, which schemathesis takes for a breach of `type: string`, in spite of
    `format: binary`, and then expects its refusal. That a photo has to be one, tests/couriers shows."""
    schemas = raw_schema["components"]["schemas"]
    schemas["BatchRequest"]["properties"]["orders"]["items"] = {}
    for schema in schemas.values():
        for member in schema.get("properties", {}).values():
            if member.get("format") == "binary":
                del member["type"], member["format"]


@schemathesis.hook
def map_path_parameters(context: schemathesis.HookContext, path_parameters: dict[str, Any] | None) -> Any:
    """Half of the made-up ids are ones that there are, so that what is behind them is reached too."""
    filled = {name: _known(name, value) for name, value in (path_parameters or {}).items()}
    return filled or path_parameters


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    """Not what is taken for wrong only because it has no body, where the document leaves that free."""
    if case.meta is None or case.body is not NOT_SET:
        return True
    wrong = {place for place, part in case.meta.components.items() if part.mode == GenerationMode.NEGATIVE}
    return wrong != {ParameterLocation.BODY}


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """A valid body gets values that hold. Each call comes from a network of its own, else their limits would
    keep us from what is behind them."""
    if case.meta is not None and case.meta.generation.mode == GenerationMode.POSITIVE:
        case.body = _filled(case.body)
    number = next(PROXIED_FROM)
    _add_header(case, "X-Forwarded-For", f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}")


def _add_header(case: schemathesis.Case, name: str, value: str) -> None:
    headers = dict(case.headers.items()) if case.headers else {}
    case.headers = CaseInsensitiveDict({**headers, name: value})


def _filled(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _known(name, _filled(inner)) for name, inner in value.items()}
    return [_filled(inner) for inner in value] if isinstance(value, list) else value


def _known(name: str, value: Any) -> Any:
    """One of those known by this name, for half of the strings."""
    known, number = KNOWN.get(name), sum(map(ord, str(value)))
    if known and isinstance(value, str) and number % 2 == 0:
        return known[number // 2 % len(known)]
    return value
