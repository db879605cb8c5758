"""The handheld on small screens, with a keyboard alone, without scripts, and with hostile words in it."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Picture
from tests.browser.people import Handheld
from tests.scenarios.world import code_on_phone
from tests.servers import Service

SMALLEST_TARGET = 56
HOSTILE = "<img src=x onerror=alert(1)>'\"><script>alert(2)</script>{{7*7}}"
TARGETS = """() =>
    [...document.querySelectorAll('main :is(a, button, input, textarea, summary, .choice, .button)')]
    .filter((e) => e.checkVisibility() && !['radio', 'checkbox', 'file'].includes(e.type))
    .map((e) => [e.textContent.trim() || e.id, Math.round(e.getBoundingClientRect().height)])"""
FELT = """addEventListener('load', async () => {
    const { vibrate } = await import('/static/couriers/taps.js');
    vibrate('right');
    document.title = 'felt';
})"""
OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def assert_it_fits(page: Page) -> None:
    assert page.evaluate(OVERFLOW) == 0
    assert [target for target in page.evaluate(TARGETS) if target[1] < SMALLEST_TARGET] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_320_pixels_and_a_glove(carl: Handheld, page: Page, picture: Picture, scheme: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    page.goto(f"{carl.service.url}/courier/")
    expect(page.get_by_label("Enrolment code")).to_be_visible()
    assert_it_fits(page)
    long = "Wolfeschlegelsteinhausenbergerdorff-Llanfairpwllgwyngyll"
    carl.at_the_door(name=long, instructions="Second door on the left, behind the bicycles")
    page.get_by_text("They have no code").click()
    picture("at the door")
    assert_it_fits(page)
    page.get_by_role("link", name="Hand over without a code").click()
    expect(page.get_by_role("heading", name="Hand over without a code")).to_be_visible()
    picture("without a code")
    assert_it_fits(page)
    page.get_by_role("link", name="Back to the stop").click()
    page.get_by_role("link", name="Cannot deliver").click()
    expect(page.get_by_role("heading", name="Why not?")).to_be_visible()
    picture("not delivered")
    assert_it_fits(page)
    page.evaluate("location.hash = '#route'")
    expect(page.get_by_role("button", name="Refresh")).to_be_visible()
    picture("route")
    assert_it_fits(page)


def test_a_page_nobody_touched_yet_does_not_shake(carl: Handheld, page: Page) -> None:
    page.add_init_script(FELT)
    page.goto(f"{carl.service.url}/courier/")
    expect(page).to_have_title("felt")  # and it had no problems: Chromium refuses what nobody's touch allowed


def test_hostile_words_are_only_words(carl: Handheld, page: Page, picture: Picture) -> None:
    shipment = carl.at_the_door(name=HOSTILE, instructions=HOSTILE)
    expect(page.get_by_role("heading", level=1)).to_have_text(HOSTILE)
    expect(page.locator(".instructions span")).to_have_text(HOSTILE)
    picture("hostile")
    carl.type(code_on_phone(carl.service, shipment))
    expect(carl.result("right")).to_contain_text(HOSTILE)
    assert page.locator("main img, main script").count() == 0


def test_a_keyboard_alone_is_enough(carl: Handheld, page: Page) -> None:
    shipment = carl.carries()
    carl.enrol()
    page.get_by_role("link", name="Ada Lovelace").press("Enter")
    page.get_by_role("button", name="at the door").press("Enter")
    expect(carl.code).to_be_focused()
    page.keyboard.type(code_on_phone(carl.service, shipment))
    page.keyboard.press("Enter")
    carl.result("right")
    expect(page.get_by_role("heading", name="Handed over")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Handed over")


def test_without_scripts_it_says_so(browser: Browser, service: Service) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{service.url}/courier/")
    expect(page.get_by_text("Switch JavaScript on")).to_be_visible()
    context.close()


def test_nothing_is_loaded_from_elsewhere(carl: Handheld, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    carl.at_the_door()
    assert asked
    assert [url for url in asked if not url.startswith(carl.service.url)] == []
