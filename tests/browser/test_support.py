"""Support's first minute: sign in, find the parcel, see what happened, and never a code."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Picture
from tests.browser.staff import sign_in
from tests.scenarios.world import Rider, Shop, code_on_phone, other_than
from tests.servers import Service


def test_an_agent_finds_a_parcel_and_what_became_of_it(
    page: Page, service: Service, shop: Shop, picture: Picture
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    made = service.manage_json("create_staff", "sam@support.example", "--role", "Support agent")
    rider = Rider(service)
    order = shop.order()
    shipment = order["shipments"][0]
    shop.post(f"/shipments/{shipment['id']}/dispatch", {"courier": rider.id})
    code = code_on_phone(service, shipment["id"])
    rider.hand_over(shipment["id"], other_than(code))

    page.goto(f"{service.url}/admin/")
    sign_in(page, service, made["email"], made["password"])
    expect(page.get_by_text("Which delivery is it about?")).to_be_visible()
    picture("start")
    page.locator("main #q, #content #q").first.fill(shipment["tracking_number"])
    page.keyboard.press("Enter")
    expect(page.get_by_text(order["reference"]).first).to_be_visible()
    if "/admin/shipments/" not in page.url:
        page.locator(".sheet a").first.click()
    expect(page.locator("#content, main").first).to_contain_text("wrong", ignore_case=True)
    picture("shipment")
    assert code not in page.content()
    assert "+447400123456" not in page.content()
