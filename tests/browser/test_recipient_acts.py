"""What the recipient does on their page, with a script and without, by hand and by keyboard."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.parcels import DOOR, Parcels
from tests.browser.states import Arrange, comes_next, delivered, is_someone_there, locked, made_up_link
from tests.scenarios.world import Rider, Shop, code_on_phone
from tests.servers import Service

A_WHILE_AGO = """
    UPDATE handoffs_deliverycode SET last_sent_at = now() - interval '5 minutes'
    FROM orders_shipment WHERE orders_shipment.id = shipment_id AND orders_shipment.public_id = %s
"""


def sent_a_while_ago(parcels: Parcels) -> str:
    shipment = parcels.out(parcels.carl)
    address = parcels.own(shipment)
    parcels.service.rows(A_WHILE_AGO, shipment)
    return address


class Act(NamedTuple):
    """In this state, behind what is opened first, a button; and what the page says then."""

    state: Arrange
    behind: str
    button: str
    said: str


ACTS = (
    Act(comes_next, "", "I\N{RIGHT SINGLE QUOTATION MARK}m here", "The courier now sees that you are there"),
    Act(sent_a_while_ago, "Send me the code again", "Send it again", "Your code is on its way to"),
    Act(comes_next, "Someone asked me for my code", "End this code and send a new one", "A new code is on"),
    Act(locked, "", "Send me a new code", "A new code is on its way"),
    Act(is_someone_there, "", "Yes, show my code", "Tell it only to the courier at your door"),
    Act(delivered, "", "I did not get it", "know it and look into it"),
    Act(made_up_link, "The message with the code did not come", "Send the link again", "once more"),
)


@pytest.fixture(params=[True, False], ids=["with a script", "without"])
def screen(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=request.param, viewport={"width": 320, "height": 640})
    yield context.new_page()
    context.close()


@pytest.fixture
def parcels(service: Service, shop: Shop) -> Parcels:
    return Parcels(service, shop)


def sees(page: Page, words: str) -> None:
    expect(page.locator("main")).to_contain_text(words)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.button)
def test_everything_is_done_by_keyboard_alone(screen: Page, parcels: Parcels, act: Act) -> None:
    screen.goto(act.state(parcels))
    for words in filter(None, (act.behind, act.button)):
        reach(screen, words)
        screen.keyboard.press("Enter")
    sees(screen, act.said)


def test_i_m_here_stops_nobody_home(page: Page, parcels: Parcels) -> None:
    rider = Rider(parcels.service)
    shipment = parcels.out(rider)
    page.goto(parcels.own(shipment))
    page.get_by_role("button", name="m here").click()
    sees(page, "The courier now sees that you are there")
    assert rider.post(f"/shipments/{shipment}/fail", {"reason": "absent"}).json()["code"] == "recipient_here"
    assert rider.get("/route").json()["stops"][0]["recipient_here_at"]


def test_a_parcel_that_was_not_received_is_reported_from_the_receipt(page: Page, parcels: Parcels) -> None:
    rider = Rider(parcels.service)
    shipment = parcels.out(rider)
    assert rider.hand_over(shipment, code_on_phone(parcels.service, shipment)).status_code == 200
    page.goto(parcels.receipt(shipment))
    page.get_by_role("button", name="I did not get it").click()
    sees(page, "know it and look into it")
    assert "shipment.disputed" in parcels.shop.events(shipment)
    assert parcels.shop.get(f"/shipments/{shipment}").json()["disputed_at"]


def test_the_page_follows_by_itself_and_keeps_open_what_is_open(
    page: Page, parcels: Parcels, service: Service
) -> None:
    rider = Rider(service)
    shipment = parcels.out(rider)
    page.clock.install()
    page.goto(parcels.own(shipment))
    expect(page.get_by_role("heading", level=1)).to_have_text("You are next")
    page.get_by_text("Is it really our courier?").click()
    parcels.does(rider, shipment, "arrive", {"location": DOOR})
    page.clock.run_for(11_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your courier is at the door")
    expect(page.locator("#who")).to_have_attribute("open", "")
    expect(page.locator("#live")).to_have_text("Your courier is at the door")
    assert rider.hand_over(shipment, code_on_phone(service, shipment)).status_code == 200
    page.clock.run_for(11_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Delivered")
    assert page.locator("#code").count() == 0


def test_by_keyboard_alone_the_code_is_copied(page: Page, parcels: Parcels, service: Service) -> None:
    shipment = parcels.out(parcels.carl)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(parcels.own(shipment))
    reach(page, "Copy")
    page.keyboard.press("Enter")
    expect(page.locator(".copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == code_on_phone(service, shipment)


def reach(page: Page, words: str) -> None:
    """Tab until what has the focus says this."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == words:
            return
    raise AssertionError(f"{words!r} is not to be reached by keyboard")
