"""6: rotated, expired and used codes never work, nor their links; a courier cannot rotate."""

import httpx
import pytest

from tests.invariants.pages import ask_for_a_new_code
from tests.scenarios.world import Rider, Shop, assert_sound, code_on_phone, link_on_phone, outcome
from tests.servers import Service

EXPIRE = """
    UPDATE handoffs_deliverycode SET issued_at = %s, expires_at = %s
    WHERE shipment_id = (SELECT id FROM orders_shipment WHERE public_id = %s)
"""
YESTERDAY = ("2026-01-01 09:00:00+00:00", "2026-01-02 03:00:00+00:00")


def rotate(shop: Shop, rider: Rider, shipment: str) -> None:
    ask_for_a_new_code(link_on_phone(shop.service, shipment))


def change_the_contact(shop: Shop, rider: Rider, shipment: str) -> None:
    answer = shop.send("PATCH", f"/shipments/{shipment}/recipient", {"phone": "+447400555666"})
    assert answer.status_code == 200, answer.text


def hand_over(shop: Shop, rider: Rider, shipment: str) -> None:
    assert outcome(rider.hand_over(shipment, code_on_phone(shop.service, shipment))) == "delivered"


def cancel(shop: Shop, rider: Rider, shipment: str) -> None:
    assert shop.post(f"/shipments/{shipment}/cancel").status_code == 200


def run_out(shop: Shop, rider: Rider, shipment: str) -> None:
    """By the clock alone: nothing has swept it."""
    shop.service.rows(EXPIRE, *YESTERDAY, shipment)


@pytest.mark.parametrize("ending", [rotate, change_the_contact, hand_over, cancel, run_out])
def test_what_was_a_code_and_a_link_is_none_any_more(service: Service, ending: object) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    code, link = code_on_phone(service, shipment), link_on_phone(service, shipment)
    assert code in page(link)
    assert callable(ending)
    ending(shop, rider, shipment)
    again = rider.hand_over(shipment, code)
    assert outcome(again) in {"wrong_code", "code_expired", "already_delivered", "not_out_for_delivery"}
    assert again.status_code >= 400
    assert code not in page(link)
    assert 'action="new-code/' not in page(link)
    assert_sound(service)


def page(link: str) -> str:
    return httpx.get(link, follow_redirects=True, trust_env=False).text.replace(" ", "").replace("\u00a0", "")


def test_a_courier_cannot_rotate(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    code = code_on_phone(service, shipment)
    for path in ("rotate", "new-code", "unlock", "code"):
        assert rider.post(f"/shipments/{shipment}/{path}").status_code in {404, 405}
    rider.post(f"/shipments/{shipment}/resend", {"channel": "email"})
    document = httpx.get(f"{service.url}/api/schema/?format=json", trust_env=False).json()
    mine = [path for path in document["paths"] if "/courier/" in path]
    assert mine
    assert not [path for path in mine if "rotat" in path or "code" in path.rpartition("/")[2]]
    assert outcome(rider.hand_over(shipment, code)) == "delivered"
