"""Parcels in every state that a recipient's page can show, in a language of theirs."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.scenarios.world import (
    Rider,
    Shop,
    code_on_phone,
    eventually,
    other_than,
    phone_messages,
)
from tests.servers import Service

DOOR = {"latitude": 51.501, "longitude": -0.1246, "accuracy_m": 12}


class Parcels:
    """A shop's parcels to people who read `locale`, each with a courier of its own."""

    def __init__(self, service: Service, shop: Shop, locale: str = "en-GB") -> None:
        self.service, self.shop, self.locale = service, shop, locale

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

    # --- States, each with the address of its page -------------------------------------------------

    def every_state(self) -> Iterator[tuple[str, str]]:
        """What it is called, and where it is seen."""
        states: tuple[Callable[[], str], ...] = (
            *(self.preparing, self.no_code_needed, self.comes_next, self.at_the_door, self.mistyped),
            *(self.locked, self.failed, self.delivered, self.cancelled, self.returning, self.old_link),
        )
        for state in states:
            yield state.__name__.replace("_", " "), state()

    def preparing(self) -> str:
        address: str = self.ordered()["tracking_url"]
        return address

    def no_code_needed(self) -> str:
        return self.bare(self.out(Rider(self.service), "12.00"))

    def comes_next(self) -> str:
        return self.own(self.out(Rider(self.service)))

    def at_the_door(self) -> str:
        rider = Rider(self.service)
        shipment = self.out(rider)
        self.does(rider, shipment, "arrive", {"location": DOOR})
        return self.own(shipment)

    def mistyped(self) -> str:
        return self._wrong(1)

    def locked(self) -> str:
        return self._wrong(5)

    def _wrong(self, times: int) -> str:
        rider = Rider(self.service)
        shipment = self.out(rider)
        address, wrong = self.own(shipment), other_than(code_on_phone(self.service, shipment))
        for _ in range(times):
            assert rider.hand_over(shipment, wrong).json()["code"] == "wrong_code"
        return address

    def failed(self) -> str:
        rider = Rider(self.service)
        shipment = self.out(rider)
        address = self.own(shipment)
        self.does(rider, shipment, "fail", {"reason": "absent"})
        return address

    def delivered(self) -> str:
        rider = Rider(self.service)
        shipment = self.out(rider)
        self.told(rider.hand_over(shipment, code_on_phone(self.service, shipment)))
        return self.receipt(shipment)

    def cancelled(self) -> str:
        shipment = self.out(Rider(self.service))
        self.told(self.shop.post(f"/shipments/{shipment}/cancel"))
        return self.bare(shipment)

    def returning(self) -> str:
        rider = Rider(self.service)
        shipment = self.out(rider)
        self.does(rider, shipment, "fail", {"reason": "refused"})
        self.told(self.shop.post(f"/shipments/{shipment}/return"))
        return self.bare(shipment)

    def old_link(self) -> str:
        return self.bare(self.out(Rider(self.service)))[:-1] + ".AAAABBBBCCCCDDDD/"
