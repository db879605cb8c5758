"""The OpenAPI document as plain values that a page can show: endpoints, fields and examples."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.catalogue import PROBLEMS, ProblemKind
from api.reference_types import constraints_of, is_nullable, named, type_of
from api.schema import CALLER, CODES

METHODS = ("get", "post", "put", "patch", "delete")
CALLERS = {"merchant": "a merchant's key", "courier": "a courier's device token", "anyone": "no token"}
_EXAMPLES: dict[str, Any] = {
    "accuracy_m": 12,
    "barcode": "JD0001",
    "city": "London",
    "code": "CODE",
    "country": "GB",
    "courier": "COURIER_ID",
    "currency": "GBP",
    "declared_value": "1299.00",
    "email": "ada@example.com",
    "enrolment_code": "ENROLMENT_CODE",
    "latitude": 51.501,
    "line1": "1 High Street",
    "longitude": -0.1246,
    "name": "Ada Lovelace",
    "phone": "+447400123456",
    "postal_code": "SW1A 1AA",
    "reference": "A-1001",
    "shipment": "SHIPMENT_ID",
}
_ALSO_SHOWN = {"phone", "email", "postal_code", "code", "location"}  # not required, but usual


@dataclass(frozen=True)
class Field:
    """One member of a request, an answer or a query. `name` holds its path: `shipments[].parcels[].barcode`.

    `shape` is the name of the shape it holds, where that has an entry of its own.
    """

    name: str
    type: str
    constraints: str
    required: bool
    nullable: bool
    text: str
    shape: str = ""


@dataclass(frozen=True)
class Answer:
    """What an operation answers with where all is well."""

    status: str
    text: str
    shape: str


@dataclass(frozen=True)
class Shape:
    """A named object of the answers."""

    name: str
    text: str
    fields: list[Field]


class Operation:
    """One method of one path."""

    def __init__(self, document: dict[str, Any], method: str, path: str, told: dict[str, Any]) -> None:
        self.document, self.method, self.path, self.told = document, method.upper(), path, told
        self.id: str = told["operationId"]

    @property
    def summary(self) -> str:
        return self.id.replace("_", " ").capitalize()

    @property
    def text(self) -> str:
        return str(self.told.get("description", ""))

    @property
    def caller(self) -> str:
        return CALLERS.get(self.told.get(CALLER, ""), "any token")

    @property
    def parameters(self) -> list[Field]:
        """Of the query and the headers; those of the path are plain."""
        return [
            _field(self.document, given["name"], given["schema"], given.get("required", False), given)
            for given in self.told.get("parameters", ())
            if given["in"] != "path"
        ]

    @property
    def request(self) -> list[Field]:
        return list(_flat(self.document, self._request_schema)) if self._request_schema else []

    @property
    def answers(self) -> list[Answer]:
        return [
            Answer(status, answer.get("description", ""), _shape_of(answer))
            for status, answer in self.told["responses"].items()
            if status < "400"
        ]

    @property
    def problems(self) -> list[tuple[str, ProblemKind]]:
        return [(code, PROBLEMS[code]) for code in self.told.get(CODES, ())]

    def example(self) -> Any:
        """A body with what is required and usual; None where the operation takes none."""
        return _example(self.document, self._request_schema) if self._request_schema else None

    def curl(self, base: str) -> str:
        """A command to copy; what is written in capitals is to be put in."""
        path = self.path.replace("{", "").replace("}", "")
        for part in self.path.split("/"):
            if part.startswith("{"):
                path = path.replace(part[1:-1], part[1:-1].upper())
        lines = [f"curl{'' if self.method == 'GET' else f' -X {self.method}'} {base}{path}"]
        if self.told.get(CALLER) != "anyone":
            token = "TOKEN" if self.told.get(CALLER) == "courier" else "API_KEY"
            lines.append(f"-H 'Authorization: Bearer {token}'")
        if self.method != "GET":
            lines.append("-H 'Idempotency-Key: ANY_FRESH_KEY'")
        body = self.example()
        if body is not None and self._media_type == "multipart/form-data":
            lines += [f"-F {name}=@{name}.jpg" for name in body]
        elif body is not None:
            lines += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(body, indent=2)}'"]
        return " \\\n  ".join(lines)

    @cached_property
    def _request_schema(self) -> dict[str, Any] | None:
        content = self.told.get("requestBody", {}).get("content", {})
        media: dict[str, Any] = content.get(self._media_type, {})
        return media.get("schema")

    @cached_property
    def _media_type(self) -> str:
        """The one that the operation takes."""
        return next(iter(self.told.get("requestBody", {}).get("content", {})), "application/json")


def operations(document: dict[str, Any]) -> list[Operation]:
    """All operations, in the document's order of paths."""
    return [
        Operation(document, method, path, told[method])
        for path, told in document["paths"].items()
        for method in METHODS
        if method in told
    ]


def shapes(document: dict[str, Any]) -> list[Shape]:
    """The named objects of the answers, by name."""
    found = document["components"]["schemas"].items()
    return [
        Shape(name, schema.get("description", ""), _members(document, schema))
        for name, schema in sorted(found)
        if schema.get("type") == "object" and not name.endswith("Request")
    ]


def _members(document: dict[str, Any], schema: dict[str, Any]) -> list[Field]:
    required = set(schema.get("required", ()))
    return [
        _field(document, name, member, name in required)
        for name, member in schema.get("properties", {}).items()
    ]


def _field(
    document: dict[str, Any],
    name: str,
    schema: dict[str, Any],
    required: bool,
    told: dict[str, Any] | None = None,
) -> Field:
    shape, inner = named(document, schema)
    text = str((told or schema).get("description") or inner.get("description", "")).partition("\n\n*")[0]
    if text.startswith("* `"):
        text = ""
    return Field(
        name,
        type_of(document, schema),
        constraints_of(document, schema),
        required,
        is_nullable(schema),
        text,
        shape if inner.get("type") == "object" and not shape.endswith("Request") else "",
    )


def _flat(document: dict[str, Any], schema: dict[str, Any], prefix: str = "") -> Iterator[Field]:
    """All fields of a request, those of objects within it too."""
    _, whole = named(document, schema)
    required = set(whole.get("required", ()))
    for name, member in whole.get("properties", {}).items():
        yield _field(document, f"{prefix}{name}", member, name in required)
        _, inner = named(document, member)
        if inner.get("type") == "object":
            array = "items" in member
            yield from _flat(document, inner, f"{prefix}{name}{'[]' if array else ''}.")


def _shape_of(answer: dict[str, Any]) -> str:
    schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
    return str(schema.get("$ref", "")).rpartition("/")[2]


def _example(document: dict[str, Any], schema: dict[str, Any], name: str = "") -> Any:
    if schema.get("type") == "array" or "items" in schema:
        return [_example(document, schema["items"], name.removesuffix("s"))]
    _, inner = named(document, schema)
    if inner.get("type") == "object":
        required = set(inner.get("required", ()))
        shown = {key for key in inner.get("properties", {}) if key in required or key in _ALSO_SHOWN}
        return {
            key: _example(document, member, key)
            for key, member in inner.get("properties", {}).items()
            if key in (shown or set(list(inner["properties"])[:1]))
        }
    if "enum" in inner:
        return inner["enum"][0]
    formats = {"date-time": "2026-11-20T09:00:00Z", "date": "2026-11-20"}
    return formats.get(inner.get("format", "")) or _EXAMPLES.get(name, f"<{name}>")
