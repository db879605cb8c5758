"""The courier's day at /courier/: enrol, route, arrive, a wrong code, the right one, done."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Picture
from tests.browser.people import Handheld
from tests.browser.watch import Watch
from tests.scenarios.world import Shop, assert_sound, code_on_phone, other_than
from tests.servers import Service


def test_from_enrolment_to_done(page: Page, watch: Watch, service: Service, picture: Picture) -> None:
    shop = Shop(service)
    carl = Handheld(page, service, shop)
    shipment = carl.carries()
    watch.expect("422 POST .*/handoff")
    page.goto(f"{service.url}/courier/")
    picture("enrol")
    carl.enrol()
    picture("route")
    carl.open()
    picture("before arrival")
    carl.arrive()
    picture("at the door")
    code = code_on_phone(service, shipment)
    carl.type(other_than(code))
    expect(carl.result("wrong")).to_contain_text("4 tries left")
    picture("wrong")
    expect(page.get_by_label("Delivery code")).to_have_value(other_than(code))
    expect(page.get_by_label("Delivery code")).to_be_focused()
    carl.type(code)
    expect(carl.result("right")).to_contain_text("Handed over")
    picture("right")
    assert shop.get(f"/shipments/{shipment}").json()["status"] == "delivered"
    page.get_by_role("link", name="Back to the route").click()
    expect(page.get_by_text("1 of 1 done")).to_be_visible()
    picture("route done")
    assert_sound(service)
