"""Whatever is lost on the way, trying again is harmless: it counts once."""

from collections.abc import Callable

import psycopg
import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.browser.conftest import Picture
from tests.browser.people import Handheld, Make, handoffs_of
from tests.browser.watch import Watch
from tests.scenarios.world import Shop, assert_sound, code_on_phone, other_than

HANDOFFS = "**/handoff"


def answer_is_lost(route: Route) -> None:
    """It reaches the service, and the answer never comes."""
    route.fetch()
    route.abort("connectionreset")


def log_in_page_of_a_hotel(route: Route) -> None:
    route.fulfill(status=200, content_type="text/html", body="<h1>Welcome</h1>")


def part_is_down(route: Route) -> None:
    route.fulfill(status=503, content_type="application/problem+json", body='{"code": "service_unavailable"}')


def test_a_service_that_stops_during_confirm_delivers_once(
    page: Page, watch: Watch, make_service: Make, picture: Picture
) -> None:
    watch.expect("failed POST .*/handoff")
    service = make_service()
    carl = Handheld(page, Shop(service))
    shipment = carl.at_the_door()
    code = code_on_phone(service, shipment)
    with psycopg.connect(service.database_url) as holding:
        holding.execute("SELECT 1 FROM orders_shipment WHERE public_id = %s FOR UPDATE", [shipment])
        with page.expect_request(HANDOFFS):
            carl.type(code)
        service.kill()
    expect(carl.result("unsent")).to_contain_text("Not sent yet")
    expect(carl.code).to_have_value(code)
    picture("not sent")
    carl.tap("Try again")
    carl.result("unsent")
    service.start()
    carl.tap("Try again")
    carl.result("right")
    assert carl.shop.events(shipment).count("shipment.delivered") == 1
    assert_sound(service)


@pytest.mark.parametrize("loss", [answer_is_lost, log_in_page_of_a_hotel, part_is_down])
def test_a_lost_answer_is_asked_for_with_the_same_key(
    carl: Handheld, page: Page, watch: Watch, loss: Callable[[Route], None]
) -> None:
    watch.expect("failed POST .*/handoff|503 POST .*/handoff") if loss != log_in_page_of_a_hotel else None
    keys: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/handoff"):
            keys.append(request.headers["idempotency-key"])

    page.on("request", note)
    shipment = carl.at_the_door()
    page.route(HANDOFFS, loss)
    carl.type(code_on_phone(carl.service, shipment))
    carl.result("unsent")
    page.unroute(HANDOFFS)
    carl.tap("Try again")
    carl.result("right")
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert carl.shop.events(shipment).count("shipment.delivered") == 1


def test_a_wrong_code_whose_answer_was_lost_is_charged_once(carl: Handheld, page: Page, watch: Watch) -> None:
    watch.expect("failed POST .*/handoff")
    watch.expect("422 POST .*/handoff")
    shipment = carl.at_the_door()
    wrong = other_than(code_on_phone(carl.service, shipment))
    page.route(HANDOFFS, answer_is_lost)
    carl.type(wrong)
    carl.result("unsent")
    page.unroute(HANDOFFS)
    carl.tap("Try again")
    expect(carl.result("wrong")).to_contain_text("4 tries left")


def test_the_key_outlives_a_reload_and_the_digits_do_not(carl: Handheld, page: Page, watch: Watch) -> None:
    watch.expect("failed POST .*/handoff")
    watch.expect("422 POST .*/handoff")
    shipment = carl.at_the_door()
    wrong = other_than(code_on_phone(carl.service, shipment))
    page.route(HANDOFFS, answer_is_lost)
    carl.type(wrong)
    carl.result("unsent")
    kept = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    assert f"handoff {shipment}" in kept
    assert wrong not in kept
    page.unroute(HANDOFFS)
    page.reload()
    judged = handoffs_of(page)
    carl.type(wrong)
    expect(carl.result("wrong")).to_contain_text("4 tries left")
    assert [answer.headers.get("idempotent-replayed") for answer in judged] == ["true"]
    assert carl.shop.events(shipment).count("code.wrong") == 1


def test_other_digits_after_a_reload_are_judged_on_their_own(
    carl: Handheld, page: Page, watch: Watch
) -> None:
    watch.expect("failed POST .*/handoff")
    watch.expect("422 POST .*/handoff")  # the old key with new digits: refused, then sent under a new one
    shipment = carl.at_the_door()
    code = code_on_phone(carl.service, shipment)
    page.route(HANDOFFS, answer_is_lost)
    carl.type(other_than(code))
    carl.result("unsent")
    page.unroute(HANDOFFS)
    page.reload()
    carl.type(code)
    carl.result("right")
    assert carl.shop.events(shipment).count("code.wrong") == 1


def test_a_silent_network_is_given_up_on(carl: Handheld, page: Page, watch: Watch) -> None:
    watch.expect("failed POST .*/handoff")
    shipment = carl.at_the_door()
    code = code_on_phone(carl.service, shipment)
    page.clock.install()
    page.route(HANDOFFS, lambda route: None)
    with page.expect_request(HANDOFFS):
        carl.type(code)
    expect(page.get_by_role("button", name="Checking …")).to_be_disabled()
    page.clock.run_for(16_000)
    carl.result("unsent")
    assert carl.status_of(shipment) == "out_for_delivery"


def test_a_lost_arrival_and_a_lost_failure_count_once(carl: Handheld, page: Page, watch: Watch) -> None:
    watch.expect("failed POST .*/arrive")
    watch.expect("failed POST .*/fail")
    shipment = carl.carries()
    carl.enrol()
    carl.open()
    page.route("**/arrive", answer_is_lost)
    carl.tap("at the door")
    carl.result("unsent")
    page.unroute("**/arrive")
    carl.tap("Try again")
    expect(carl.code).to_be_visible()
    page.get_by_role("link", name="Cannot deliver").click()
    page.route("**/fail", answer_is_lost)
    page.get_by_label("Nobody home").check()
    carl.tap("Not delivered")
    carl.result("unsent")
    page.unroute("**/fail")
    carl.tap("Try again")
    carl.sees("Noted: not delivered to Ada Lovelace.")
    events = carl.shop.events(shipment)
    assert (events.count("shipment.arrived"), events.count("shipment.attempt_failed")) == (1, 1)


def test_an_enrolment_whose_answer_was_lost_makes_one_device(
    carl: Handheld, page: Page, watch: Watch
) -> None:
    watch.expect("failed POST .*/devices")
    watch.expect("404 GET .*/route")
    page.goto(f"{carl.service.url}/courier/")
    page.route("**/devices", answer_is_lost)
    page.get_by_label("Enrolment code").fill(carl.enrolment_code())
    carl.tap("Set up")
    carl.result("unsent")
    page.unroute("**/devices")
    carl.tap("Set up")
    expect(page.get_by_role("heading", name="No route at the moment")).to_be_visible()
