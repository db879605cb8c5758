"""A shop's parcels to people who read one language, and the addresses of their pages."""

import re
from typing import Any, ClassVar, Self

import httpx

from tests.scenarios.world import Rider, Shop, code_on_phone, eventually, phone_messages
from tests.servers import Service

DOOR = {"latitude": 51.501, "longitude": -0.1246, "accuracy_m": 12}


class Parcels:
    """A shop's parcels to people who read `locale`."""

    _carls: ClassVar[dict[str, Rider]] = {}

    def __init__(self, service: Service, shop: Shop, locale: str = "en-GB") -> None:
        self.service, self.shop, self.locale = service, shop, locale

    @property
    def carl(self) -> Rider:
        """Who brings what anybody may bring: a service enrols 30 couriers in a minute, no more."""
        database = self.service.database_url
        return self._carls.get(database) or self._carls.setdefault(database, Rider(self.service))

    def of_a_shop_that_shows_codes_at_the_door(self) -> Self:
        """The same people's parcels, from another shop."""
        late = Shop(self.service)
        self.service.rows("UPDATE orders_merchant SET code_shows = 'arrival' WHERE public_id = %s", late.id)
        return type(self)(self.service, late, self.locale)

    def ordered(self, value: str = "1299.00") -> dict[str, Any]:
        recipient = {"name": "Ada Lovelace", "email": "ada@example.com", "locale": self.locale}
        order = self.shop.order(value, recipient=recipient)  # a letter has room for the link in any language
        shipment: dict[str, Any] = order["shipments"][0]
        return shipment

    def out(self, rider: Rider, value: str = "1299.00") -> str:
        shipment: str = self.ordered(value)["id"]
        self.told(self.shop.post(f"/shipments/{shipment}/dispatch", {"courier": rider.id}))
        return shipment

    def own(self, shipment: str) -> str:
        """The address in the letter with the code."""
        code_on_phone(self.service, shipment)
        return self.link_in(shipment, "delivery_code")

    def bare(self, shipment: str) -> str:
        address: str = self.shop.get(f"/shipments/{shipment}").json()["tracking_url"]
        return address

    def receipt(self, shipment: str) -> str:
        """The address in the letter that tells of the handoff."""
        return self.link_in(shipment, "handed_over")

    def link_in(self, shipment: str, kind: str) -> str:
        """The address with a proof in the newest letter of this kind, once it is there."""

        def look() -> str | None:
            letters = [each for each in phone_messages(self.service, shipment) if each["kind"] == kind]
            found = re.search(r"https?://\S+/o/\w+\.\S+/", letters[0]["body"]) if letters else None
            return found[0] if found else None

        return eventually(look)

    def does(self, rider: Rider, shipment: str, what: str, body: Any = None) -> None:
        self.told(rider.post(f"/shipments/{shipment}/{what}", body))

    @staticmethod
    def told(answer: Any) -> None:
        assert answer.status_code < 300, answer.text

    @staticmethod
    def press(address: str, action: str) -> None:
        """What a button on the page at `address` sends."""
        with httpx.Client(trust_env=False, timeout=30) as browser:
            page = browser.get(address)
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
            assert token, page.text
            answer = browser.post(address + action, data={"csrfmiddlewaretoken": token[1]})
            assert answer.status_code == 302, answer.text
