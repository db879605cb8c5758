"""At a door without a network: the code that was seen there before still shows, and nothing that is over."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import sticks_out, violations
from tests.browser.conftest import Picture
from tests.browser.parcels import Parcels
from tests.browser.watch import Watch
from tests.scenarios.world import Shop, code_on_phone, eventually
from tests.servers import Service
from tests.servers.databases import Databases

PRIVATE = {"errorId": "in-incognito", "errorArguments": []}  # the tests' browser keeps nothing of any page
COPIES = """async () => {
  const copies = await caches.open("sealed"), found = [];
  for (const request of await copies.keys()) {
    const bytes = new Uint8Array(await (await copies.match(request)).arrayBuffer());
    found.push({ at: request.url, text: String.fromCharCode(...bytes) });
  }
  return found;
}"""
OVER = """async () => {
  const copies = await caches.open("sealed"), [request] = await copies.keys();
  const body = await (await copies.match(request)).arrayBuffer();
  await copies.put(request, new Response(body, { headers: { "X-Until": String(Date.now() / 1000 - 1) } }));
}"""
LOCKS = """
  window.locks = [];
  const request = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = async (kind) => {
    locks.push(await request(kind));
    return locks.at(-1);
  };
"""
DRESS = ("site.css", "favicon.svg", "order.js", "awake.js", "countdown.js", "keep.js")
LOOKS = "async () => (await (await caches.open('looks')).keys()).length"


@pytest.fixture(scope="module")
def far_away(databases: Databases) -> Iterator[Service]:
    """A service of this module's own, which is stopped: that is how no network looks to a worker."""
    with Service(databases.make("postgresql")) as running:
        yield running


@pytest.fixture
def parcels(far_away: Service) -> Parcels:
    return Parcels(far_away, Shop(far_away))


def copies(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(COPIES)
    return found


def eventually_kept(page: Page, number: int) -> list[dict[str, Any]]:
    eventually(lambda: len(copies(page)) == number)
    return copies(page)


def look_again(page: Page) -> None:
    """As every ten seconds, and when one comes back to the page."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def look_at(page: Page, address: str) -> None:
    """Until it is kept, with all that it looks like."""
    page.goto(address)
    eventually_kept(page, 1)
    eventually(lambda: page.evaluate(LOOKS) >= len(DRESS))


@contextmanager
def nobody(service: Service) -> Iterator[None]:
    """No connection to the service is taken."""
    yield


@contextmanager
def silence(service: Service) -> Iterator[None]:
    """Each is taken, and nothing ever comes: a single bar in a stairwell."""
    with socket.create_server(("127.0.0.1", service.port)):
        yield


@pytest.mark.parametrize("lost", [nobody, silence])
def test_what_was_seen_shows_without_a_network_until_it_is_back(
    page: Page, watch: Watch, parcels: Parcels, lost: Callable[..., Any], picture: Picture
) -> None:
    watch.allow("failed GET")
    far_away = parcels.service
    shipment = parcels.out(parcels.carl)
    code, address = code_on_phone(far_away, shipment), parcels.own(shipment)
    look_at(page, address)
    far_away.stop()
    try:
        with lost(far_away):
            page.goto(address)
            expect(page.locator("#code")).to_have_text(code)
            expect(page.locator("main")).to_contain_text("There is no network here")
            picture("seen again")
            page.get_by_text("Let the courier scan the code").click()
            assert page.locator("#scan img").evaluate("image => image.naturalWidth") > 0
            assert page.locator("form").count() == 0
            assert page.locator(".pass").evaluate("it => getComputedStyle(it).color") == "rgb(253, 248, 234)"
            assert violations(page) == []
            assert not sticks_out(page)
    finally:
        far_away.start()
    look_again(page)
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("As it stood")
    expect(page.locator("#code")).to_have_text(code)
    eventually_kept(page, 1)


def test_what_is_kept_tells_nothing_without_the_link(page: Page, parcels: Parcels, far_away: Service) -> None:
    shipment = parcels.out(parcels.carl)
    code, address = code_on_phone(far_away, shipment), parcels.own(shipment)
    look_at(page, address)
    [copy] = copies(page)
    tracking, proof = urlsplit(address).path.removeprefix("/o/").rstrip("/").split(".")
    for secret in (code, " ".join(code), tracking, proof, "Your delivery code"):
        assert secret not in copy["text"]
        assert secret not in copy["at"]


def test_a_finished_order_is_kept_no_more(page: Page, parcels: Parcels, far_away: Service) -> None:
    rider = parcels.carl
    shipment = parcels.out(rider)
    look_at(page, parcels.own(shipment))
    parcels.told(rider.hand_over(shipment, code_on_phone(far_away, shipment)))
    look_again(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Delivered")
    eventually_kept(page, 0)


def test_nor_is_one_that_is_not_there_any_more(
    page: Page, watch: Watch, parcels: Parcels, far_away: Service
) -> None:
    watch.expect("404 GET /o/")
    watch.allow("failed GET /o/")  # what the page looked at, and left
    shipment = parcels.out(parcels.carl)
    address = parcels.own(shipment)
    look_at(page, address)
    renamed = "UPDATE orders_shipment SET tracking_number = 'GONE' || id WHERE public_id = %s"
    far_away.rows(renamed, shipment)
    look_again(page)
    expect(page.locator("main")).to_contain_text("There is nothing here")
    eventually_kept(page, 0)


def test_nor_a_code_that_was_ended_here(page: Page, parcels: Parcels, far_away: Service) -> None:
    look_at(page, parcels.own(parcels.out(parcels.carl)))
    page.get_by_text("Someone asked me for my code").click()
    page.get_by_role("button", name="End this code").click()
    expect(page.locator("main")).to_contain_text("A new code is on its way")
    eventually_kept(page, 0)


def test_nor_one_whose_time_is_over_once_any_order_is_looked_at(
    page: Page, parcels: Parcels, far_away: Service
) -> None:
    look_at(page, parcels.own(parcels.out(parcels.carl)))
    [old] = copies(page)
    page.evaluate(OVER)
    page.goto(parcels.own(parcels.out(parcels.carl)))
    [new] = eventually_kept(page, 1)
    assert new["at"] != old["at"]


def test_a_code_held_back_is_kept_only_once_it_shows(page: Page, parcels: Parcels, far_away: Service) -> None:
    look_at(page, parcels.own(parcels.out(parcels.carl)))  # the worker is there from now on
    rider = parcels.carl
    late = parcels.of_a_shop_that_shows_codes_at_the_door()
    shipment = late.out(rider)
    page.goto(late.link_in(shipment, "delivery_code"))
    look_again(page)
    expect(page.locator("main")).to_contain_text("Your delivery code waits")
    assert len(copies(page)) == 1
    late.does(rider, shipment, "arrive", {})
    look_again(page)
    page.get_by_role("button", name="Yes, show my code").click()
    expect(page.locator("#code")).to_be_visible()
    eventually_kept(page, 2)


def test_a_browser_finds_nothing_that_keeps_it_from_being_installed(
    page: Page, parcels: Parcels, far_away: Service
) -> None:
    page.goto(parcels.own(parcels.out(parcels.carl)))
    asked = page.context.new_cdp_session(page)
    assert asked.send("Page.getInstallabilityErrors") == {"installabilityErrors": [PRIVATE]}
    assert asked.send("Page.getAppManifest")["errors"] == []


def test_the_screen_stays_on_while_a_code_shows(page: Page, parcels: Parcels, far_away: Service) -> None:
    rider = parcels.carl
    shipment = parcels.out(rider)
    page.add_init_script(LOCKS)
    page.goto(parcels.own(shipment))
    page.wait_for_function("() => locks.length === 1 && !locks[0].released")
    parcels.told(rider.hand_over(shipment, code_on_phone(far_away, shipment)))
    look_again(page)
    page.wait_for_function("() => locks[0].released")
    assert page.evaluate("locks.length") == 1
