"""Whatever is asked of an order's addresses: no answer is kept, found or told on, and no URL has the code."""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from customers.urls import urlpatterns
from handoffs.links import receipt_proof_of
from orders.models import Shipment
from tests.handoffs.stories import living_code, out_for_delivery, right_code, submit

pytestmark = pytest.mark.django_db

FOR_EVERYBODY = {"worker"}  # a script, with nothing of any order in it


def addresses(shipment: Shipment, proof: str) -> Iterator[str]:
    """All that lie below the order's number, and below its own link with this proof."""
    for pattern in urlpatterns:
        if pattern.name not in FOR_EVERYBODY:
            given = [shipment.tracking_number, proof][: pattern.pattern.regex.groups]
            yield reverse(f"customers:{pattern.name}", args=given)


def urls_in(answer: HttpResponse) -> list[str]:
    found = re.findall(r'(?:href|action|src)="([^"]*)"', answer.content.decode())
    return [*found, answer.get("Location", ""), answer.get("Link", "")]


def assert_all_keep_to_themselves(client: Client, paths: list[str], code: str) -> None:
    paths.sort(key=lambda path: "new-code" in path)  # which ends the others' code
    for method, path in product(("get", "head", "post"), paths):
        answer = getattr(client, method)(path)
        assert answer.status_code in (200, 302, 405), (method, path)
        assert answer["Cache-Control"] == "private, no-store", path
        assert answer["Referrer-Policy"] == "no-referrer", path
        assert answer["X-Robots-Tag"] == "noindex, nofollow", path
        pictures = {url for url in urls_in(answer) if url.startswith("data:")}
        assert not [url for url in {*urls_in(answer)} - pictures if code in url], path


def test_while_it_is_out(client: Client) -> None:
    shipment, _ = out_for_delivery()
    proof = living_code(shipment).link_proof_of()
    paths = [*addresses(shipment, proof), *addresses(shipment, "AAAABBBBCCCCDDDD")]
    assert len(paths) >= 20
    assert_all_keep_to_themselves(client, paths, right_code(shipment))


def test_once_it_is_handed_over(client: Client) -> None:
    shipment, device = out_for_delivery()
    code, old = right_code(shipment), living_code(shipment).link_proof_of()
    submit(device, shipment, code)
    shipment.refresh_from_db()
    paths = [*addresses(shipment, old), *addresses(shipment, receipt_proof_of(shipment))]
    assert_all_keep_to_themselves(client, paths, code)
