"""The order page open many times, and the same button pressed in all of them at once: it counts once."""

import re
from collections.abc import Callable
from functools import partial
from itertools import chain

import httpx
import pytest

from tests.scenarios.world import (
    Rider,
    Shop,
    assert_sound,
    at_once,
    code_on_phone,
    eventually,
    link_on_phone,
    phone_messages,
)
from tests.servers import Service

TABS = 20
SENDS = """
    SELECT sends FROM handoffs_deliverycode JOIN orders_shipment ON orders_shipment.id = shipment_id
    WHERE orders_shipment.public_id = %s
"""
SENT_LONG_AGO = """
    UPDATE handoffs_deliverycode SET last_sent_at = '2026-01-01 00:00:00'
    WHERE shipment_id = (SELECT id FROM orders_shipment WHERE public_id = %s)
"""


def press_in_every_tab(page: str, action: str, form: dict[str, str] | None = None) -> None:
    """Each with the token of the page that was opened before; what it leads to is not followed."""
    with httpx.Client(trust_env=False, timeout=60) as browser:
        opened = browser.get(page)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', opened.text)
        assert token, opened.text
        fields = {"csrfmiddlewaretoken": token[1]} | (form or {})
        press: Callable[[], httpx.Response] = partial(browser.post, httpx.URL(page).join(action), data=fields)
        assert {answer.status_code for answer in at_once([press] * TABS)} == {302}


@pytest.fixture
def out(service: Service) -> tuple[Shop, Rider, str]:
    shop, rider = Shop(service), Rider(service)
    return shop, rider, shop.dispatched(rider)


def test_a_storm_of_resends_sends_one_more(service: Service, out: tuple[Shop, Rider, str]) -> None:
    _shop, _rider, shipment = out
    code, page = code_on_phone(service, shipment), link_on_phone(service, shipment)
    service.rows(SENT_LONG_AGO, shipment)
    press_in_every_tab(page, "resend/", {"channel": "sms"})
    assert service.rows(SENDS, shipment) == [(2,)]
    told = eventually(lambda: [m for m in phone_messages(service, shipment) if code in m["body"]][1:] or None)
    assert len(told) == 1


def test_a_storm_of_fresh_links_sends_one_more(service: Service, out: tuple[Shop, Rider, str]) -> None:
    shop, _rider, shipment = out
    code_on_phone(service, shipment)
    service.rows(SENT_LONG_AGO, shipment)
    press_in_every_tab(shop.get(f"/shipments/{shipment}").json()["tracking_url"], "fresh-link/")
    assert service.rows(SENDS, shipment) == [(2,)]


def test_to_be_there_is_one_fact(service: Service, out: tuple[Shop, Rider, str]) -> None:
    _shop, _rider, shipment = out
    press_in_every_tab(link_on_phone(service, shipment), "here/")
    assert events(service, shipment).count("recipient.here") == 1


def test_not_to_have_got_it_is_one_fact(service: Service, out: tuple[Shop, Rider, str]) -> None:
    shop, rider, shipment = out
    assert rider.hand_over(shipment, code_on_phone(service, shipment)).status_code == 200
    receipt = eventually(lambda: re.search(r"https?://\S+\.\S+/", newest(service, shipment, "handed_over")))
    press_in_every_tab(receipt[0], "not-received/")
    assert shop.events(shipment).count("shipment.disputed") == 1
    assert_sound(service)


def newest(service: Service, shipment: str, kind: str) -> str:
    said = [each["body"] for each in phone_messages(service, shipment) if each["kind"] == kind]
    return str(said[0]) if said else ""


def events(service: Service, shipment: str) -> list[str]:
    """Those too that no merchant is told."""
    asked = """
        SELECT type FROM orders_event JOIN orders_shipment ON orders_shipment.id = shipment_id
        WHERE orders_shipment.public_id = %s
    """
    return list(chain.from_iterable(service.rows(asked, shipment)))
