"""The courier's day at /courier/: enrol, route, arrive, a wrong code, the right one, done."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Picture
from tests.browser.people import Handheld, handoffs_of
from tests.browser.watch import Watch
from tests.scenarios.world import assert_sound, code_on_phone, other_than


def test_from_enrolment_to_done(carl: Handheld, page: Page, watch: Watch, picture: Picture) -> None:
    watch.expect("422 POST .*/handoff")
    shipment = carl.carries(instructions="Ring twice")
    carl.enrol()
    picture("route")
    carl.open()
    expect(page.get_by_text("Ring twice")).to_be_visible()
    picture("before arrival")
    carl.arrive()
    picture("at the door")
    code = code_on_phone(carl.service, shipment)
    carl.type(other_than(code))
    expect(carl.result("wrong")).to_contain_text("4 tries left")
    picture("wrong")
    expect(carl.code).to_have_value(other_than(code))
    expect(carl.code).to_be_focused()
    carl.type(code)
    expect(carl.result("right")).to_contain_text("With the right code")
    picture("right")
    assert carl.status_of(shipment) == "delivered"
    page.get_by_role("link", name="Back to the route").click()
    expect(page.get_by_text("1 of 1 done")).to_be_visible()
    picture("route done")
    assert_sound(carl.service)


def test_three_taps_lead_from_arrived_to_the_next_door(carl: Handheld, page: Page) -> None:
    shipment = carl.carries()
    carl.carries(name="Mary Somerville")
    carl.enrol()
    carl.open()
    carl.tap("at the door")
    expect(carl.code).to_be_focused()
    page.keyboard.type(code_on_phone(carl.service, shipment))
    carl.tap("Confirm code")
    carl.result("right")
    carl.tap(page.get_by_role("link", name="Next: Mary Somerville"))
    expect(page.get_by_role("heading", name="Mary Somerville")).to_be_visible()


def test_a_route_is_started_by_the_courier(carl: Handheld, page: Page, picture: Picture) -> None:
    shipments = [carl.waits(name=name) for name in ("Ada Lovelace", "Mary Somerville")]
    today = carl.service.rows("SELECT CURRENT_DATE")[0][0].isoformat()
    stops = [{"shipment": shipment, "sequence": n} for n, shipment in enumerate(shipments, 1)]
    planned = carl.shop.post("/routes", {"courier": carl.courier, "date": today, "stops": stops})
    assert planned.status_code == 201, planned.text
    carl.enrol()
    picture("before the start")
    carl.tap("Start the route")
    expect(page.get_by_text("Out", exact=True)).to_have_count(2)
    assert [carl.status_of(shipment) for shipment in shipments] == ["out_for_delivery"] * 2


@pytest.mark.parametrize("submit", ["Enter", "\n"])
def test_a_keyboard_or_scanner_types_wherever_the_focus_is(carl: Handheld, page: Page, submit: str) -> None:
    shipment = carl.at_the_door()
    code = code_on_phone(carl.service, shipment)
    page.evaluate("document.activeElement.blur()")
    for key in [*code, submit]:
        page.keyboard.press("Enter" if key == "\n" else key, delay=1 if submit == "\n" else 0)
    carl.result("right")


def test_a_code_may_be_typed_with_spaces(carl: Handheld) -> None:
    code = code_on_phone(carl.service, carl.at_the_door())
    carl.type(f" {code[:3]} {code[3:]}")
    carl.result("right")


def test_what_needs_no_code_says_who_took_it(carl: Handheld, page: Page, picture: Picture) -> None:
    shipment = carl.at_the_door(value="12.00")
    picture("who")
    page.get_by_label("Someone in the household").check()
    carl.tap("Hand over")
    expect(carl.result("right")).to_contain_text("No code was needed")
    proof = carl.shop.get(f"/shipments/{shipment}/proof").json()
    assert (proof["method"], proof["received_by"]) == ("not_required", "household")


def test_the_position_goes_along_where_it_is_allowed(carl: Handheld, context: BrowserContext) -> None:
    context.grant_permissions(["geolocation"], origin=carl.service.url)
    context.set_geolocation({"latitude": 51.501, "longitude": -0.1246, "accuracy": 12})
    shipment = carl.at_the_door()
    carl.type(code_on_phone(carl.service, shipment))
    carl.result("right")
    arrived = carl.shop.get(f"/shipments/{shipment}/events").json()["data"]
    assert [event["data"]["located"] for event in arrived if event["type"] == "shipment.arrived"] == [True]
    located = carl.shop.get(f"/shipments/{shipment}/proof").json()["location"]
    assert (located["latitude"], located["longitude"]) == (51.501, -0.1246)


def test_without_a_position_it_goes_on(carl: Handheld, context: BrowserContext) -> None:
    context.clear_permissions()
    shipment = carl.at_the_door()
    carl.type(code_on_phone(carl.service, shipment))
    carl.result("right")
    assert carl.shop.get(f"/shipments/{shipment}/proof").json()["location"] is None


def test_a_double_tap_makes_one_check(carl: Handheld, page: Page, watch: Watch) -> None:
    watch.expect("422 POST .*/handoff")
    shipment = carl.at_the_door()
    judged = handoffs_of(page)
    carl.code.fill(other_than(code_on_phone(carl.service, shipment)))
    page.locator("#confirm").dblclick()
    expect(carl.result("wrong")).to_contain_text("4 tries left")
    box = page.locator("#confirm").bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + 20, box["y"] + 20)  # the same digits once more
    page.keyboard.press("Enter")
    expect(carl.result("wrong")).to_contain_text("just refused")
    assert len(judged) == 1
    assert carl.shop.get(f"/shipments/{shipment}").json()["attempts_left"] == 4
