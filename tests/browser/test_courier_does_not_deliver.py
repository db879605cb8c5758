"""Leaving without a handoff, and coming back."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Picture
from tests.browser.people import Handheld
from tests.scenarios.world import code_on_phone


def test_a_visit_fails_with_its_reason(carl: Handheld, page: Page, picture: Picture) -> None:
    shipment = carl.at_the_door()
    page.get_by_role("link", name="Cannot deliver").click()
    carl.tap("Not delivered")
    expect(carl.result("note")).to_contain_text("Choose a reason first")
    page.get_by_label("They refuse the parcel").check()
    page.get_by_label("Note for the depot").fill("The box was wet")
    picture("reasons")
    carl.tap("Not delivered")
    carl.sees("Noted: not delivered to Ada Lovelace.")
    carl.sees("1 of 1 done")
    picture("route")
    assert carl.status_of(shipment) == "attempt_failed"
    reasons = [e["data"].get("reason") for e in carl.shop.get(f"/shipments/{shipment}/events").json()["data"]]
    assert reasons[-1] == "refused"
    note = "SELECT note FROM handoffs_deliveryattempt ORDER BY id DESC LIMIT 1"
    assert carl.service.rows(note) == [("The box was wet",)]


def test_they_turned_up_after_all(carl: Handheld, page: Page, picture: Picture) -> None:
    shipment = carl.at_the_door()
    code = code_on_phone(carl.service, shipment)
    page.get_by_role("link", name="Cannot deliver").click()
    page.get_by_label("Nobody home").check()
    carl.tap("Not delivered")
    page.get_by_role("link", name="Ada Lovelace").click()
    picture("failed before")
    carl.tap("They turned up after all")
    carl.type(code)
    carl.result("right")
    assert carl.status_of(shipment) == "delivered"
