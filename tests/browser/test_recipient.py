"""The recipient's way: the link in the message, the code on the page, and what the page says afterwards."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Picture
from tests.scenarios.world import Rider, Shop, code_on_phone, link_on_phone
from tests.servers import Service


def test_from_the_message_to_delivered(page: Page, service: Service, shop: Shop, picture: Picture) -> None:
    rider = Rider(service)
    shipment = shop.dispatched(rider)
    code, link = code_on_phone(service, shipment), link_on_phone(service, shipment)
    page.goto(f"{service.url}/sandbox/")
    picture("sandbox phone")
    page.get_by_role("link", name=link).click()
    expect(page.locator("#code")).to_have_text(code)
    picture("out for delivery")
    assert rider.hand_over(shipment, code).status_code == 200
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delivered")
    assert code not in page.content()
    picture("delivered")
    page.goto(link)
    assert code not in page.content()


def test_the_whole_page_weighs_little_and_comes_from_here(page: Page, service: Service, shop: Shop) -> None:
    rider = Rider(service)
    link = link_on_phone(service, shop.dispatched(rider))
    bodies: dict[str, int] = {}
    page.on("response", lambda answer: bodies.update({answer.url: len(answer.body())}))
    page.goto(link)
    page.wait_for_load_state("networkidle")
    assert [url for url in bodies if not url.startswith(service.url)] == []
    assert 0 < sum(bodies.values()) <= 50 * 1024


def test_a_new_code_replaces_one_that_somebody_asked_for(
    page: Page, service: Service, shop: Shop, picture: Picture
) -> None:
    rider = Rider(service)
    shipment = shop.dispatched(rider)
    code, link = code_on_phone(service, shipment), link_on_phone(service, shipment)
    page.goto(link)
    page.get_by_text("Someone asked me for my code").click()
    page.get_by_role("button", name="End this code").click()
    expect(page.locator("main")).to_contain_text("new code")
    picture("ended")
    assert code not in page.content()
    assert rider.hand_over(shipment, code).json()["code"] == "wrong_code"
