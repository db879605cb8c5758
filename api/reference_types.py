"""How a type of the OpenAPI document is said in words."""

from typing import Any

Schema = dict[str, Any]
_FORMATS = {"date-time": "time, RFC 3339", "date": "day, YYYY-MM-DD", "uri": "address", "binary": "file"}
_TYPES = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "object"}


def named(document: Schema, schema: Schema) -> tuple[str, Schema]:
    """The named schema that this one points at, holds a list of, or allows besides null; else itself."""
    for inner in (schema, *schema.get("allOf", ()), *schema.get("oneOf", ()), schema.get("items", {})):
        if "$ref" in inner:
            name = inner["$ref"].rpartition("/")[2]
            found: Schema = document["components"]["schemas"][name]
            return name, found
    return "", schema


def is_nullable(schema: Schema) -> bool:
    kinds = schema.get("type", ())
    return (
        kinds == "null"
        or "null" in (kinds if isinstance(kinds, list) else ())
        or any(inner.get("type") == "null" for inner in schema.get("oneOf", ()))
    )


def type_of(document: Schema, schema: Schema) -> str:
    """Like `text`, `whole number`, `list of Stop`."""
    if "items" in schema:
        inner_type = type_of(document, schema["items"])
        return "list of objects" if inner_type == "object" else f"list of {inner_type}"
    name, inner = named(document, schema)
    if "enum" in inner:
        return "one of"
    if name:
        return "object" if name.endswith("Request") else name
    kinds = [kind for kind in _kinds(inner) if kind != "null"]
    if not kinds:
        return "null" if "null" in _kinds(inner) else "anything"
    if "pattern" in inner and inner.get("example"):
        return "decimal as text"
    return _FORMATS.get(inner.get("format", ""), _TYPES.get(kinds[0], kinds[0]))


def constraints_of(document: Schema, schema: Schema) -> str:
    """Like `1 to 100 characters` or `sms, email, voice`; empty where there are none."""
    _, inner = named(document, schema)
    said = []
    if "enum" in inner:
        said.append(", ".join(str(value) for value in inner["enum"] if value not in (None, "")))
    said += _range(inner, "minLength", "maxLength", "characters")
    said += _range(schema, "minItems", "maxItems", "items")
    said += _range(inner, "minProperties", "maxProperties", "members")
    said += _range(inner, "minimum", "maximum", "")
    if inner.get("example"):
        said.append(f"like {inner['example']}")
    if schema.get("default") not in (None, ""):
        said.append(f"default {schema['default']}")
    return "; ".join(said)


def _kinds(schema: Schema) -> list[str]:
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _range(schema: Schema, low: str, high: str, unit: str) -> list[str]:
    least, most = schema.get(low), schema.get(high)
    if least is None and most is None:
        return []
    if least is None or (least == 0 and unit):
        words = f"at most {most:,}"
    elif most is None:
        words = f"at least {least:,}"
    else:
        words = f"{least:,} to {most:,}"
    return [f"{words} {unit}".strip()]
