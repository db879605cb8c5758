"""Ada's messages do not come, and the courier is at her door: she releases the parcel from her account."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import sticks_out, violations
from tests.browser.test_account import Ada
from tests.scenarios.world import Rider, Shop, outcome
from tests.servers import Service

DOOR = {"latitude": 51.501, "longitude": -0.1246, "accuracy_m": 12}


@pytest.fixture
def ada(page: Page, service: Service) -> Ada:
    someone = Ada(page, service)
    # Nobody ever hears whether a letter has arrived there.
    someone.email = f"silent@{someone.email.partition('@')[0]}.example.com"
    someone.opens_an_account()
    return someone


def test_she_releases_it_to_the_courier_at_her_door(ada: Ada, shop: Shop, service: Service) -> None:
    rider = Rider(service)
    order = shop.order(recipient={"name": "Ada Lovelace", "email": ada.email})
    shipment = order["shipments"][0]["id"]
    assert shop.post(f"/shipments/{shipment}/dispatch", {"courier": rider.id}).status_code == 200
    assert outcome(rider.hand_over(shipment, None)) == "code_required"
    assert rider.post(f"/shipments/{shipment}/arrive", {"location": DOOR}).status_code == 200

    ada.page.set_viewport_size({"width": 320, "height": 640})
    ada.goes_to("/account/")
    ada.sees("A courier is at your door")
    faults = violations(ada.page)
    ada.page.get_by_role("link", name="Release it without the code").click()
    ada.sees(rider.get("/route").json()["stops"][0]["word"])
    faults += violations(ada.page)
    ada.presses("I see the courier: release it")
    ada.sees("It is released")
    assert faults + violations(ada.page) == []
    assert not sticks_out(ada.page)

    stop = rider.get("/route").json()["stops"][0]
    assert (stop["release"]["state"], stop["release"]["approvals_needed"]) == ("approved", 0)
    told = rider.hand_over(shipment, None)
    assert (outcome(told), told.json()["proof"]["method"]) == ("delivered", "account_release")
    ada.page.reload()
    expect(ada.page.locator("main")).to_contain_text("not at a door where a code is needed")
