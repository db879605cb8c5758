"""No code at the door: the courier asks, others decide, and nobody is stuck."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Picture
from tests.browser.people import Handheld
from tests.browser.staff import Supervisor, a_supervisor
from tests.browser.watch import Watch
from tests.couriers.pictures import a_picture
from tests.scenarios.world import code_on_phone, eventually, phone_messages

__all__ = ["a_supervisor"]

Supervisors = Callable[[], Supervisor]


def asks(carl: Handheld, *, photo: bool = False) -> None:
    """From the stop, in the recipient's words."""
    page = carl.page
    page.get_by_text("They have no code").click()
    carl.tap(page.get_by_role("link", name="Hand over without a code"))
    carl.tap(page.get_by_text("Their phone cannot be used"))
    if photo:
        page.locator("#photo").set_input_files(
            {"name": "door.png", "mimeType": "image/png", "buffer": a_picture(3000, 2000, format="PNG")}
        )
        expect(page.get_by_text("Photo sent")).to_be_visible()
    else:
        carl.tap(page.get_by_text("I saw an identity document"))
    page.get_by_label("Note for the depot").fill("Her phone fell into the sea")


def sends(carl: Handheld) -> None:
    carl.tap("Ask the depot")
    expect(carl.result("waiting")).to_contain_text("Waiting for your depot")


def below_the_line(carl: Handheld, name: str) -> str:
    """At the door of a shipment that needs a code and is worth little."""
    shipment = carl.carries(value="20.00", name=name, code="required")
    carl.enrol()
    carl.open(name)
    carl.arrive()
    return shipment


def test_a_supervisor_approves_and_the_courier_hands_over(
    carl: Handheld, page: Page, picture: Picture, a_supervisor: Supervisors
) -> None:
    shipment = below_the_line(carl, "Ada Byron")
    asks(carl, photo=True)
    picture("asking")
    sends(carl)
    picture("waiting")
    sue = a_supervisor()
    sue.sees("1 release to decide")
    sue.opens_the_request("Ada Byron")
    sue.sees("Her phone fell into the sea")
    kept(sue.page, "supervisor sees the request")
    photo = looked_at(sue)
    assert photo.startswith(b"\xff\xd8\xff")
    sue.decides("Approve")
    sue.sees("ten minutes")
    expect(carl.result("approved")).to_contain_text("You may hand it over")
    expect(carl.code).to_be_hidden()
    picture("approved")
    carl.tap("Hand over")
    expect(carl.result("right")).to_contain_text("Released by your depot")
    assert carl.status_of(shipment) == "delivered"
    assert carl.shop.get(f"/shipments/{shipment}/proof").json()["method"] == "supervisor_release"
    assert eventually(lambda: "release_asked" in [m["kind"] for m in phone_messages(carl.service, shipment)])


def looked_at(sue: Supervisor) -> bytes:
    """The photo, as the browser gets it, which would dress it up with a style of its own."""
    sue.watch.expect("console: .*Content Security Policy")
    sue.page.get_by_role("link", name="Look at the photo").click()
    sue.page.get_by_label("Reason").fill("To decide on a release")
    with sue.page.expect_response("**/admin/photos/**") as answer:
        sue.page.get_by_role("button", name="Show it").click()
    shown = answer.value.body()
    sue.page.go_back()
    sue.page.go_back()
    return shown


def kept(page: Page, name: str) -> None:
    """A screenshot of another page than the phone's."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"release-{name.replace(' ', '-')}.png", full_page=True)


def test_above_the_line_it_takes_two(carl: Handheld, page: Page, a_supervisor: Supervisors) -> None:
    shipment = carl.at_the_door(name="Grace Hopper")
    asks(carl)
    sends(carl)
    first, second = a_supervisor(), a_supervisor()
    first.opens_the_request("Grace Hopper")
    first.sees("0 of 2")
    first.decides("Approve")
    first.sees("It needs another person")
    first.sees("1 of 2")
    expect(first.page.get_by_role("link", name="Approve", exact=True)).to_be_hidden()
    carl.result("waiting")
    second.opens_the_request("Grace Hopper")
    second.decides("Approve")
    carl.result("approved")
    carl.tap("Hand over")
    carl.result("right")
    assert carl.status_of(shipment) == "delivered"


def test_after_a_refusal_the_code_still_works(
    carl: Handheld, page: Page, picture: Picture, a_supervisor: Supervisors
) -> None:
    shipment = carl.at_the_door(name="Mary Somerville")
    code = code_on_phone(carl.service, shipment)
    asks(carl)
    sends(carl)
    sue = a_supervisor()
    sue.opens_the_request("Mary Somerville")
    sue.decides("Refuse", "Courier is far from the address")
    sue.sees("The courier sees it now")
    expect(carl.result("stopped")).to_contain_text("Your depot said no")
    picture("refused")
    carl.type(code)
    carl.result("right")
    assert carl.status_of(shipment) == "delivered"


def ends_now(carl: Handheld, shipment: str) -> None:
    carl.service.rows(
        "UPDATE handoffs_releaserequest SET expires_at = now() - interval '1 second' WHERE shipment_id ="
        " (SELECT id FROM orders_shipment WHERE public_id = %s) RETURNING id",
        shipment,
    )


def test_unanswered_it_is_a_visit_that_nobody_is_blamed_for(
    carl: Handheld, page: Page, picture: Picture
) -> None:
    shipment = carl.at_the_door(name="George Boole")
    asks(carl)
    sends(carl)
    ends_now(carl, shipment)
    expect(carl.result("expired")).to_contain_text("Nobody answered in time")
    picture("unanswered")
    eventually(lambda: carl.status_of(shipment) == "attempt_failed", seconds=40)
    expect(page.get_by_role("button", name="They turned up after all")).to_be_visible(timeout=40_000)


def test_an_approval_that_is_not_used_in_time_needs_a_code_again(
    carl: Handheld, page: Page, watch: Watch, a_supervisor: Supervisors
) -> None:
    shipment = below_the_line(carl, "Emmy Noether")
    code = code_on_phone(carl.service, shipment)
    asks(carl)
    sends(carl)
    sue = a_supervisor()
    sue.opens_the_request("Emmy Noether")
    sue.decides("Approve")
    carl.result("approved")
    ends_now(carl, shipment)
    expect(carl.result("expired")).to_contain_text("A code is needed again")
    carl.type(code)
    carl.result("right")


def test_waiting_outlives_a_reload_and_a_code_that_turns_up_still_works(carl: Handheld, page: Page) -> None:
    shipment = carl.at_the_door(name="Alan Turing")
    code = code_on_phone(carl.service, shipment)
    asks(carl)
    sends(carl)
    page.reload()
    carl.result("waiting")
    carl.type(code)
    carl.result("right")
    assert carl.status_of(shipment) == "delivered"


def test_a_verdict_that_came_while_the_page_was_closed_is_told(
    carl: Handheld, page: Page, watch: Watch, a_supervisor: Supervisors
) -> None:
    watch.allow("failed GET .*/release-request: net::ERR_ABORTED")  # it was asking when it was closed
    carl.at_the_door(name="Rosa Luxemburg")
    asks(carl)
    sends(carl)
    here = page.url
    page.goto("about:blank")
    sue = a_supervisor()
    sue.opens_the_request("Rosa Luxemburg")
    sue.decides("Refuse")
    sue.sees("The courier sees it now")
    page.goto(here)
    expect(carl.result("stopped")).to_contain_text("Your depot said no")


def test_asking_needs_a_reason_and_evidence(carl: Handheld, page: Page) -> None:
    carl.at_the_door(name="Ada King")
    page.get_by_text("They have no code").click()
    carl.tap(page.get_by_role("link", name="Hand over without a code"))
    carl.tap("Ask the depot")
    expect(carl.result("note")).to_contain_text("Choose a reason first")
    carl.tap(page.get_by_text("Something else"))
    carl.tap("Ask the depot")
    expect(carl.result("note")).to_contain_text("Say that you saw a document, or take a photo")


def test_it_asks_politely(carl: Handheld, page: Page) -> None:
    asked: list[Request] = []

    def note(request: Request) -> None:
        if request.method == "GET" and request.url.endswith("/release-request"):
            asked.append(request)

    page.on("request", note)
    carl.at_the_door(name="Sofia Kovalevskaya")
    asks(carl)
    sends(carl)
    page.wait_for_timeout(11_000)
    assert 1 <= len(asked) <= 3
    page.get_by_role("link", name="Route").click()
    page.wait_for_timeout(6_000)
    before = len(asked)
    page.wait_for_timeout(6_000)
    assert len(asked) == before


@pytest.mark.parametrize("lost", ["no network", "an answer that is lost"])
def test_asking_over_a_bad_network_asks_once(carl: Handheld, page: Page, watch: Watch, lost: str) -> None:
    watch.expect("failed POST .*/release-request")
    shipment = carl.at_the_door(name="Lise Meitner")
    asks(carl)

    def lose(route: object) -> None:
        if lost == "an answer that is lost":
            route.fetch()  # type: ignore[attr-defined]
        route.abort("connectionreset")  # type: ignore[attr-defined]

    page.route("**/release-request", lose)
    carl.tap("Ask the depot")
    expect(carl.result("unsent")).to_contain_text("Not sent yet")
    page.unroute("**/release-request")
    carl.tap("Try again")
    carl.result("waiting")
    assert carl.shop.events(shipment).count("release.requested") == 1
