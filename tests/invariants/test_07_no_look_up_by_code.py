"""7: no look-up by code alone, no code in any URL, no link that shows a code outside messages."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator

from tests.scenarios.world import Rider, Shop, code_on_phone, other_than
from tests.servers import Service

SECRET_WORDS = re.compile(r"(?<![a-z])(code|otp|pin|digits)(?![a-z])")


def links_in(answer: Any) -> Iterator[str]:
    """Every URL anywhere in an answer."""
    if isinstance(answer, dict):
        for value in answer.values():
            yield from links_in(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from links_in(value)
    elif isinstance(answer, str):
        yield from re.findall(r"https?://[^\s\"']+", answer)


def live_delivery(service: Service) -> tuple[Shop, Rider, str]:
    """A shipment that is out, after all that a courier and a merchant can ask about it."""
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    code = code_on_phone(service, shipment)
    rider.get("/route")
    rider.post(f"/shipments/{shipment}/arrive", {"location": {"latitude": 51.5, "longitude": -0.1}})
    for typed in (None, "12", other_than(code)):
        rider.hand_over(shipment, typed)
    rider.post(f"/shipments/{shipment}/resend", {"channel": "email"})
    for path in ("", "/events", "/proof"):
        shop.get(f"/shipments/{shipment}{path}")
    shop.get("/orders")
    return shop, rider, shipment


def test_no_url_in_any_answer_leads_to_a_code(service: Service) -> None:
    shop, rider, shipment = live_delivery(service)
    code = code_on_phone(service, shipment)
    links = {
        link
        for program in (shop, rider)
        for answer in program.answers
        for link in links_in(answer.json() if answer.content else None)
    }
    assert any("/o/" in link for link in links)
    for link in links:
        page = httpx.get(link, follow_redirects=True, trust_env=False).text
        assert code not in page, link


def patterns(entries: list[Any], prefix: str = "") -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern)


def test_no_address_takes_a_code() -> None:
    taken = [
        name
        for pattern in patterns(get_resolver().url_patterns)
        for name in re.findall(r"<(?:\w+:)?(\w+)>", pattern)
        if SECRET_WORDS.search(name)
    ]
    assert taken == []


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    for path, methods in document["paths"].items():
        yield from ((path, operation) for method, operation in methods.items() if method != "parameters")


def test_no_query_takes_a_code_and_no_path_is_made_of_one() -> None:
    found = list(operations())
    assert len(found) > 25
    for path, operation in found:
        names = [each["name"] for each in operation.get("parameters", []) if each["in"] in ("path", "query")]
        assert not [name for name in names if SECRET_WORDS.search(name)], path


@pytest.mark.parametrize("name", ["code", "digits"])
def test_a_code_is_taken_only_for_a_shipment_that_is_named(name: str) -> None:
    """What takes a delivery code in its body has the shipment in its path (or, in a sync, beside each)."""
    document = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    schemas = document["components"]["schemas"]
    for path, operation in operations():
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        shape = schemas.get(body.get("schema", {}).get("$ref", "").rpartition("/")[2], {})
        if shape.get("properties", {}).get(name, {}).get("type") == "string":
            assert "{shipment_id}" in path, path
