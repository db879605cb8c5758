"""A pass, from Ada's page to Nina's phone and the courier's handheld; with a script and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.axe import sticks_out, violations
from tests.browser.parcels import Parcels
from tests.scenarios.world import Rider, Shop
from tests.servers import Service

LINK = ".given .link"
SHARES = "navigator.share = async ({ url }) => { window.shared = url; }"


@pytest.fixture(params=[True, False], ids=["with a script", "without"])
def phones(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(java_script_enabled=request.param, viewport={"width": 320, "height": 640})
    context.add_init_script(SHARES)
    yield context
    context.close()


def has_a_script(page: Page) -> bool:
    return page.locator("[data-shares]").first.is_visible()


def faults_of(page: Page) -> list[str]:
    return [*violations(page), *(["sticks out"] if sticks_out(page) else [])]


def test_a_neighbour_receives_it_with_a_pass(phones: BrowserContext, service: Service, shop: Shop) -> None:
    parcels, rider = Parcels(service, shop), Rider(service)
    shipment = parcels.out(rider)
    ada, nina = phones.new_page(), phones.new_page()
    ada.goto(parcels.own(shipment))
    for name in ("Olaf", "Nina next door"):
        if not ada.locator("#delegate").is_visible():
            ada.get_by_text("Let someone else receive it").click()
        ada.get_by_label("Who is it?").fill(name)
        ada.get_by_label("three days").check()
        ada.get_by_role("button", name="Make a pass").click()
        expect(ada.locator("main")).to_contain_text("Now share the link")
    links = [ada.locator(LINK).nth(at).input_value() for at in range(2)]
    faults = faults_of(ada) if has_a_script(ada) else []
    if has_a_script(ada):
        ada.get_by_role("button", name="Share the link Nina").click()
        assert ada.evaluate("window.shared") == links[1]

    nina.goto(links[0])
    expect(nina.locator("#code")).to_be_visible()
    ada.get_by_role("button", name="Take it back Olaf").click()
    expect(ada.locator("main")).to_contain_text("no longer work")
    nina.goto(links[0])
    expect(nina.locator("main")).to_contain_text("This link is no longer valid")

    nina.goto(links[1])
    code = nina.locator("#code").inner_text().strip()
    assert faults + (faults_of(nina) if has_a_script(ada) else []) == []
    proof = rider.hand_over(shipment, code).json()["proof"]
    assert (proof["method"], proof["received_by"]) == ("delegate_code", "delegate")
    assert shop.get(f"/shipments/{shipment}/proof").json()["delegate"] == 2
