"""Finding a delivery by what a caller knows."""

from dataclasses import replace

import pytest

from orders.models import Shipment
from support.roles import AGENT
from tests.base import ADA, a_shipment, acme, someone
from tests.support.stories import page_of, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def adas() -> Shipment:
    a_shipment(recipient=someone(1))
    return a_shipment(reference="W-77", recipient=replace(ADA, name="Ada Lovelace"))


def found(text: str) -> str:
    """Where a search leads."""
    response = signed_in(AGENT).post("/admin/search/", {"q": text})
    assert response.status_code == 302
    return str(response["Location"])


@pytest.mark.parametrize(
    "text",
    [
        "W-77",
        "w-77",
        "+447400123456",
        "+44 7400 123456",
        "07400 123456",
        "(07400) 123-456",
        "0044 7400 123456",
        "447400123456",
        "٠٧٤٠٠ ١٢٣٤٥٦",
        "3456",
        "ada@example.com",
        "ADA@Example.COM ",
        "Ada Lovelace",
        "  lovelace ",
        "Lovelace Ada",
    ],
)
def test_one_hit_leads_to_the_shipment(adas: Shipment, text: str) -> None:
    assert found(text) == page_of(adas)


def test_its_own_numbers_find_a_shipment(adas: Shipment) -> None:
    number = adas.tracking_number
    for text in (number, number.lower(), f"{number[:4]} {number[4:]}", adas.public_id, adas.reference):
        assert found(text) == page_of(adas)


@pytest.mark.parametrize(
    "text", ["", "   ", "W-78", "07400 999999", "nobody@example.com", "9999", "\x00", "%", "_"]
)
def test_nothing_is_found_for_anything_else(adas: Shipment, text: str) -> None:
    assert found(text) == "/admin/search/"


def test_several_are_listed_the_newest_first(adas: Shipment) -> None:
    later = a_shipment()
    client = signed_in(AGENT)
    seen = client.post("/admin/search/", {"q": "Lovelace"}, follow=True).content.decode()
    assert seen.index(later.tracking_number) < seen.index(adas.tracking_number)


def test_too_many_are_said_to_be_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = acme()
    for _ in range(4):
        a_shipment(shop)
    monkeypatch.setattr("support.search.MOST", 3)
    monkeypatch.setattr("support.views.search.MOST", 3)
    seen = words(signed_in(AGENT).post("/admin/search/", {"q": "Lovelace"}, follow=True))
    assert "More than 3 shipments" in seen


def test_what_was_typed_is_kept_nowhere(adas: Shipment) -> None:
    a_shipment()
    client = signed_in(AGENT)
    for text in ("07400 123456", "ada@example.com", "Ada Lovelace", "07400 999999"):
        response = client.post("/admin/search/", {"q": text})
        assert "7400" not in response["Location"]
        kept = str(dict(client.session))
        assert not any(part in kept for part in ("7400", "123456", "999999", "ada@", "Lovelace"))


def test_finding_nothing_says_so_without_repeating_the_number() -> None:
    seen = words(signed_in(AGENT).post("/admin/search/", {"q": "07400 999921"}, follow=True))
    assert "Nothing found" in seen
    assert "999921" not in seen
