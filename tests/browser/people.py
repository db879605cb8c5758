"""People with a phone in their hand: what they see and tap."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, Response, expect

from tests.scenarios.world import Rider, Shop
from tests.servers import Service


class Handheld:
    """The courier's page, in the words that are on it."""

    def __init__(self, page: Page, service: Service, shop: Shop, name: str = "Carl Rider") -> None:
        self.page, self.service, self.shop = page, service, shop
        self.courier: str = self._made("/couriers", {"name": name})["id"]

    def enrolment_code(self) -> str:
        code: str = self._made(f"/couriers/{self.courier}/enrolment")["enrolment_code"]
        return code

    def enrol(self) -> "Handheld":
        self.page.goto(f"{self.service.url}/courier/")
        self.page.get_by_label("Enrolment code").fill(self.enrolment_code())
        self.page.get_by_label("Name of this handheld").fill("Carl’s phone")
        self.page.get_by_role("button", name="Set up").click()
        expect(self.page.get_by_role("button", name="Refresh")).to_be_visible()
        return self

    def carries(self, *, value: str = "1299.00", **recipient: str) -> str:
        """The id of a new shipment that is out with this courier."""
        order = self.shop.order(value, **self._to(recipient)) if recipient else self.shop.order(value)
        shipment: str = order["shipments"][0]["id"]
        answer = self.shop.post(f"/shipments/{shipment}/dispatch", {"courier": self.courier})
        assert answer.status_code == 200, answer.text
        return shipment

    def open(self, name: str = "Ada Lovelace") -> None:
        self.page.get_by_role("button", name="Refresh").click()
        self.page.get_by_role("link", name=name).first.click()
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()

    def arrive(self) -> None:
        self.page.get_by_role("button", name="I’m at the door").click()
        expect(self.page.locator("#confirm")).to_be_visible()

    def at_the_door(self, **parcel: str) -> str:
        """Enrolled, at the door of a new shipment; answers its id."""
        shipment = self.carries(**parcel)
        self.enrol()
        self.open()
        self.arrive()
        return shipment

    def type(self, code: str) -> None:
        self.page.get_by_label("Delivery code").fill(code)
        self.page.get_by_role("button", name="Confirm code").click()

    def result(self, kind: str) -> Locator:
        """The block with this kind of result, once it is there."""
        shown = self.page.locator(f".result[data-kind={kind}]")
        expect(shown).to_be_visible()
        return shown

    def _made(self, path: str, body: Any = None) -> dict[str, Any]:
        answer = self.shop.post(path, body)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    @staticmethod
    def _to(recipient: dict[str, str]) -> dict[str, Any]:
        reached = {"phone": "+447400123456", "email": "ada@example.com"}
        return {"recipient": reached | {"name": "Ada Lovelace"} | recipient}


def handoffs_of(page: Page) -> list[Response]:
    """Collects the answers to handoffs, as they come."""
    found: list[Response] = []

    def note(response: Response) -> None:
        if response.url.endswith("/handoff"):
            found.append(response)

    page.on("response", note)
    return found


__all__ = ["Callable", "Handheld", "Rider", "handoffs_of", "re"]
