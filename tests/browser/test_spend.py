"""The page of messages and spend in a browser: nothing of it is refused, and it fits a phone."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Picture
from tests.browser.staff import sign_in
from tests.scenarios.world import Rider, Shop, code_on_phone
from tests.servers import Service


def test_what_went_is_drawn_and_counted(page: Page, service: Service, shop: Shop, picture: Picture) -> None:
    code_on_phone(service, shop.dispatched(Rider(service)))
    made = service.manage_json("create_staff", "lee@support.example", "--role", "Support lead")
    page.goto(f"{service.url}/admin/spend/")
    sign_in(page, service, made["email"], made["password"])
    expect(page.get_by_role("heading", name="Messages and spend")).to_be_visible()
    expect(page.get_by_role("row", name="SMS, sandbox phone")).to_be_visible()
    drawn = page.locator("svg.bars rect.arrived").last.bounding_box()
    assert drawn is not None
    assert drawn["height"] > 1
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
    picture("phone")
