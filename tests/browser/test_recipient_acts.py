"""What the recipient does on their page, with a script and without, by hand and by keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.parcels import DOOR, Parcels
from tests.scenarios.world import Rider, Shop, code_on_phone
from tests.servers import Service


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


def test_i_m_here_stops_nobody_home(screen: Page, parcels: Parcels) -> None:
    rider = Rider(parcels.service)
    shipment = parcels.out(rider)
    screen.goto(parcels.own(shipment))
    screen.get_by_role("button", name="m here").click()
    sees(screen, "The courier now sees that you are there")
    assert rider.post(f"/shipments/{shipment}/fail", {"reason": "absent"}).json()["code"] == "recipient_here"
    assert rider.get("/route").json()["stops"][0]["recipient_here_at"]


def test_a_parcel_that_was_not_received_is_reported_from_the_receipt(screen: Page, parcels: Parcels) -> None:
    rider = Rider(parcels.service)
    shipment = parcels.out(rider)
    assert rider.hand_over(shipment, code_on_phone(parcels.service, shipment)).status_code == 200
    screen.goto(parcels.receipt(shipment))
    screen.get_by_role("button", name="I did not get it").click()
    sees(screen, "know it and look into it")
    assert "shipment.disputed" in parcels.shop.events(shipment)


def test_a_fresh_link_is_sent_from_an_old_one(screen: Page, parcels: Parcels) -> None:
    screen.goto(parcels.old_link())
    screen.get_by_text("The message with the code did not come").click()
    screen.get_by_role("button", name="Send the link again").click()
    sees(screen, "goes to the recipient once more")


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


def test_by_keyboard_alone_the_code_is_copied_and_help_is_opened(
    page: Page, parcels: Parcels, service: Service
) -> None:
    shipment = parcels.out(Rider(service))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(parcels.own(shipment))
    reach(page, "Copy")
    page.keyboard.press("Enter")
    expect(page.locator(".copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == code_on_phone(service, shipment)
    reach(page, "Someone asked me for my code")
    page.keyboard.press("Enter")
    expect(page.locator("#asked")).to_have_attribute("open", "")
    reach(page, "End this code and send a new one")
    page.keyboard.press("Enter")
    sees(page, "A new code is on its way")


def reach(page: Page, words: str) -> None:
    """Tab until what has the focus says this."""
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == words:
            return
    raise AssertionError(f"{words!r} is not to be reached by keyboard")
