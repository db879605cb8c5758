"""Passes that are made, taken back and used at the same moment, over HTTP on PostgreSQL and on SQLite."""

import html
import re
from collections import Counter
from collections.abc import Callable
from functools import partial

import httpx
import pytest

from tests.scenarios.world import Rider, Shop, assert_sound, at_once, link_on_phone, outcome
from tests.servers import Service

LIVING = """
    SELECT COUNT(*) FROM handoffs_delegate d JOIN orders_shipment s ON s.id = d.shipment_id
    WHERE s.public_id = %s AND d.revoked_at IS NULL
"""


class Browser:
    """Somebody's browser with one page open. It sends what a form of that page sends."""

    def __init__(self, link: str) -> None:
        self.link = link
        self.http = httpx.Client(follow_redirects=True, trust_env=False, timeout=30)
        self.page = html.unescape(self.http.get(link).text)

    def send(self, action: str, **fields: str) -> httpx.Response:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page)
        assert token
        return self.http.post(
            self.link + action, data={"csrfmiddlewaretoken": token[1], **fields}, headers={"Origin": "null"}
        )

    def make(self, number: int, name: str = "Nina") -> httpx.Response:
        return self.send("delegates/", number=str(number), name=name, lasts="today")

    def links(self) -> list[str]:
        return re.findall(r'<input class="link"[^>]* value="([^"]+)"', self.http.get(self.link).text)


def code_behind(link: str) -> str:
    found = re.search(r'id="code"><bdi[^>]*>(\d+)<', httpx.get(link, trust_env=False).text)
    assert found
    return found[1]


@pytest.mark.parametrize("database", ["postgresql", "sqlite"])
def test_a_pass_taken_back_while_its_code_is_told_is_first_or_last(
    database: str, make_service: Callable[..., Service]
) -> None:
    """Either it was used, or it opened nothing. Never both, whoever was first at the row."""
    service = make_service(database)
    shop, rider = Shop(service), Rider(service)
    seen: Counter[str] = Counter()
    for _ in range(8):
        shipment = shop.dispatched(rider)
        ada = Browser(link_on_phone(service, shipment))
        ada.make(1)
        code = code_behind(ada.links()[0])
        told, _answer = at_once(
            [partial(rider.hand_over, shipment, code), partial(ada.send, "delegates/revoke/", number="1")]
        )
        taken_back = service.rows(LIVING, shipment) == [(0,)]
        seen[outcome(told)] += 1
        assert (outcome(told) == "delivered") != taken_back, told.text
    assert set(seen) <= {"delivered", "wrong_code"}
    assert_sound(service)


def test_of_twenty_tabs_that_send_one_form_one_makes_a_pass(service: Service) -> None:
    shop, rider = Shop(service), Rider(service)
    shipment = shop.dispatched(rider)
    link = link_on_phone(service, shipment)
    tabs = [Browser(link) for _ in range(20)]
    at_once([partial(tab.make, 1, f"Tab {'ABCDEFGHIJKLMNOPQRST'[at]}") for at, tab in enumerate(tabs)])
    assert service.rows(LIVING, shipment) == [(1,)]
    assert shop.events(shipment).count("delegate.named") == 1
    for number in (2, 3, 4):
        tabs[0].make(number)
    assert service.rows(LIVING, shipment) == [(3,)]
    assert_sound(service)


def test_guesses_spread_over_four_holders_share_one_counter_and_cost_fourfold(service: Service) -> None:
    """Fifteen wrong codes a day are three here: a fourth would cost more than is left."""
    shop, rider = Shop(service), Rider(service)
    shipments = [shop.dispatched(rider) for _ in range(2)]
    for shipment in shipments:
        ada = Browser(link_on_phone(service, shipment))
        for number, name in enumerate(("Nina", "Olaf", "Pia"), 1):
            ada.make(number, name)
        rights = {*map(code_behind, ada.links()), code_behind(ada.link)}
        assert len(rights) == 4
    wrongs = [f"{guess:06}" for guess in range(123456, 123496) if f"{guess:06}" not in rights]
    guesses = [partial(rider.hand_over, shipments[at % 2], wrong) for at, wrong in enumerate(wrongs)]
    told = Counter(map(outcome, at_once(guesses)))
    assert told == {"wrong_code": 3, "courier_suspended": len(wrongs) - 3}
    assert_sound(service)
