"""The first click: what this is, and where to go from here."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Picture
from tests.browser.people import Make
from tests.servers import Service


@pytest.fixture
def demo(make_service: Make) -> Service:
    """A service with the demo in it, as after the first bin/run."""
    service = make_service()
    service.manage_json("demo")
    return service


def test_it_leads_everybody_to_their_place(page: Page, demo: Service, picture: Picture) -> None:
    page.goto(demo.url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    picture("start")
    for link, heading in (
        ("Sandbox phone", "Sandbox phone"),
        ("API reference", "API"),
        ("Courier", "Set up this handheld"),
    ):
        page.goto(demo.url)
        page.get_by_role("navigation").get_by_role("link", name=link).click()
        expect(page.get_by_role("heading", name=heading).first).to_be_visible()
    page.goto(demo.url)
    page.locator(".rows a").first.click()
    expect(page.get_by_text("Tracking number")).to_be_visible()


def test_the_sandbox_phone_shows_every_message_with_its_link(
    page: Page, demo: Service, picture: Picture
) -> None:
    waiting = "SELECT COUNT(*) FROM notifications_message WHERE state IN ('queued', 'sending')"
    while demo.rows(waiting)[0][0]:
        page.wait_for_timeout(100)
    page.goto(f"{demo.url}/sandbox/")
    expect(page.locator(".phone").first).to_be_visible()
    picture("phone")
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.get_by_role("link", name=demo.url).first.click()
    expect(page.get_by_text("Tracking number")).to_be_visible()


def test_the_demos_courier_enrols_with_what_the_start_page_shows(page: Page, demo: Service) -> None:
    page.goto(demo.url)
    code = page.locator(".people").get_by_text("enrol with").locator("code").inner_text()
    page.get_by_role("link", name="Open the handheld").click()
    page.get_by_label("Enrolment code").fill(code)
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".stops a").first).to_be_visible()
