"""People with a phone in their hand: what they see and tap."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Response, expect

from tests.scenarios.world import Shop
from tests.servers import Service

PAUSE_MS = 450  # two taps on one spot within 400 ms are one to the page, as wet fingers need


class Handheld:
    """The courier's page, in the words that are on it."""

    def __init__(self, page: Page, shop: Shop) -> None:
        self.page, self.shop, self.service = page, shop, shop.service
        self.courier: str = self._made("/couriers", {"name": "Carl Rider"})["id"]

    # --- Before the page ----------------------------------------------------------------------

    def carries(self, *, value: str = "1299.00", name: str = "Ada Lovelace", **besides: str) -> str:
        """The id of a new shipment that is out with this courier."""
        shipment = self.waits(value=value, name=name, **besides)
        answer = self.shop.post(f"/shipments/{shipment}/dispatch", {"courier": self.courier})
        assert answer.status_code == 200, answer.text
        return shipment

    def waits(
        self,
        *,
        value: str = "1299.00",
        name: str = "Ada Lovelace",
        instructions: str = "",
        code: str = "auto",
    ) -> str:
        """The id of a new shipment in the depot."""
        recipient = {"name": name, "phone": "+447400123456", "email": "ada@example.com"}
        line1 = f"{len(self.shop.answers)} {name[:40]} Street"
        door = {"line1": line1, "city": "London", "postal_code": "SW1A 1AA", "country": "GB"}
        address = door | {"instructions": instructions}
        body = self.shop.order_body(value, recipient=recipient, address=address)
        body["shipments"][0]["code"] = code
        order = self._made("/orders", body)
        shipment: str = order["shipments"][0]["id"]
        return shipment

    def enrolment_code(self) -> str:
        code: str = self._made(f"/couriers/{self.courier}/enrolment")["enrolment_code"]
        return code

    def status_of(self, shipment: str) -> str:
        status: str = self.shop.get(f"/shipments/{shipment}").json()["status"]
        return status

    # --- On the page --------------------------------------------------------------------------

    def enrol(self) -> None:
        self.page.goto(f"{self.service.url}/courier/")
        self.page.get_by_label("Enrolment code").fill(self.enrolment_code())
        self.page.get_by_label("Name of this handheld").fill("Carl's phone")
        self.page.get_by_role("button", name="Set up").click()
        expect(self.page.get_by_role("button", name="Refresh")).to_be_visible()

    def open(self, name: str = "Ada Lovelace") -> None:
        self.page.get_by_role("link", name=name).first.click()
        expect(self.page.get_by_role("heading", name=name, level=1)).to_be_visible()

    def arrive(self) -> None:
        self.tap("at the door")
        expect(self.page.locator("#confirm")).to_be_visible()

    def at_the_door(self, **parcel: str) -> str:
        """Enrolled, at the door of a new shipment; answers its id."""
        shipment = self.carries(**parcel)
        self.enrol()
        self.open(parcel.get("name", "Ada Lovelace"))
        self.arrive()
        return shipment

    @property
    def code(self) -> Locator:
        return self.page.get_by_label("Delivery code")

    def tap(self, button: Locator | str) -> None:
        """As a person does, who looks before the next tap."""
        self.page.wait_for_timeout(PAUSE_MS)
        (self.page.get_by_role("button", name=button) if isinstance(button, str) else button).click()

    def type(self, code: str) -> None:
        self.code.fill(code)
        self.tap(self.page.locator("#confirm"))

    def sees(self, words: str) -> None:
        expect(self.page.locator("#screen").get_by_text(words)).to_be_visible()

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


@pytest.fixture
def carl(page: Page, shop: Shop) -> Handheld:
    """A new courier of the shop, with the phone that is `page`."""
    return Handheld(page, shop)


def handoffs_of(page: Page) -> list[Response]:
    """Collects the answers to handoffs, as they come."""
    found: list[Response] = []

    def note(response: Response) -> None:
        if response.url.endswith("/handoff"):
            found.append(response)

    page.on("response", note)
    return found


Make = Callable[..., Service]
