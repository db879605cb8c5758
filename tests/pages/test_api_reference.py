"""The pages about the API tell all of it, and load nothing from elsewhere."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from api.catalogue import PROBLEMS
from api.reference import Operation, operations
from tests.base import ApiClient, a_key

PAGES = ["/api/docs/", "/api/docs/problems"]


class Page(HTMLParser):
    """What a page is made of: ids, places it links to, and what a browser would load for it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.operations: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.ids += [told["id"] or ""] if "id" in told else []
        self.operations += [told["data-operation"] or ""] if "data-operation" in told else []
        self.inline += [name for name in told if name == "style" or name.startswith("on")]
        self.inline += [tag] if tag == "style" or (tag == "script" and "src" not in told) else []
        if tag == "a":
            self.links.append(told["href"] or "")
        else:
            self.loads += [told[name] or "" for name in ("src", "href", "srcset", "data") if name in told]


def page(client: Client, path: str) -> Page:
    answer = client.get(path)
    assert answer.status_code == 200
    return Page(answer.content.decode())


@pytest.fixture
def document(client: Client) -> Any:
    return client.get("/api/schema/").json()


def test_every_operation_of_the_document_is_on_the_page(client: Client, document: Any) -> None:
    told = {f"{method.upper()} {path}" for path, found in document["paths"].items() for method in found}
    assert told
    assert set(page(client, "/api/docs/").operations) == told


def test_every_problem_code_has_its_meaning_and_remedy(client: Client) -> None:
    html = client.get("/api/docs/problems").content.decode()
    assert set(PROBLEMS) <= set(Page(html).ids)
    assert html.count('class="remedy"') == len(PROBLEMS)
    assert all(kind.remedy for kind in PROBLEMS.values())


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_loaded_from_elsewhere_or_kept_inline(client: Client, path: str) -> None:
    found = page(client, path)
    assert found.loads
    assert [url for url in found.loads if urlsplit(url).netloc or not url.startswith("/static/")] == []
    assert found.inline == []
    assert "default-src 'self'" in client.get(path)["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_every_link_on_it_leads_somewhere(client: Client, path: str) -> None:
    ids = {each: page(client, each).ids for each in PAGES}
    assert all(len(found) == len(set(found)) for found in ids.values())
    for link in page(client, path).links:
        address, _, anchor = link.partition("#")
        address = address or path
        assert not anchor or anchor in ids[address], link
        assert address in PAGES or client.get(address).status_code == 200, link


def test_an_endpoint_says_who_may_call_it_and_what_it_refuses(client: Client) -> None:
    html = client.get("/api/docs/").content.decode()
    handoff = html.partition('id="hand_over"')[2].partition("</article>")[0]
    assert "a courier&#x27;s device token" in handoff
    assert 'href="/api/docs/problems#wrong_code"' in handoff
    assert "reference_taken" not in handoff
    assert "/api/v1/courier/shipments/SHIPMENT_ID/handoff" in handoff


def bodies(document: Any) -> list[Operation]:
    return [each for each in operations(document) if each.example() is not None]


@pytest.mark.django_db
def test_the_example_of_an_order_is_taken_as_it_stands(document: Any) -> None:
    example = next(each for each in bodies(document) if each.id == "create_order").example()
    assert ApiClient(a_key()).send("POST", "/orders", example).status_code == 201


def fields_in(value: Any, path: str = "") -> set[str]:
    """The names in an example, written as the page writes them."""
    if isinstance(value, list):
        return fields_in(value[0], f"{path}[]")
    if not isinstance(value, dict):
        return set()
    dotted = {f"{path}.{name}".lstrip("."): inner for name, inner in value.items()}
    return set(dotted) | {name for key, inner in dotted.items() for name in fields_in(inner, key)}


def test_every_example_has_what_is_required_and_nothing_unknown(document: Any) -> None:
    assert len(bodies(document)) >= 10
    for operation in bodies(document):
        given = fields_in(operation.example())
        assert given <= {field.name for field in operation.request}, operation.id
        for field in operation.request:
            parent = re.sub(r"(\[\])?\.[^.]+$", "", field.name)
            if field.required and (parent == field.name or parent in given):
                assert field.name in given, operation.id
