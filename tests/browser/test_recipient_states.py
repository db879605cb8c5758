"""The recipient's page in every state: for everybody, on any screen, light and dark, in both directions."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.axe import sticks_out, violations
from tests.browser.parcels import Parcels
from tests.browser.states import STATES, Arrange, name_of
from tests.scenarios.world import Shop
from tests.servers import Service

NARROW, DESKTOP = ViewportSize(width=320, height=640), ViewportSize(width=1180, height=800)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
DIRECTIONS_OF_NUMBERS = """
    [...document.querySelectorAll('.digits bdi, .tracking bdi')].map(each => getComputedStyle(each).direction)
"""


@pytest.fixture(scope="module")
def screen(browser: Browser) -> Iterator[Page]:
    """One page for all states, whose screen becomes another one while it is open."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def without_script(browser: Browser) -> Iterator[Page]:
    """No script of the page is loaded. (Where none may run at all, axe cannot either.)"""
    context = browser.new_context(viewport=NARROW, service_workers="block")
    context.route(re.compile(r"\.js$"), lambda route: route.abort())
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module", params=["en-GB", "ar"])
def parcels(request: pytest.FixtureRequest, service: Service, shop: Shop) -> Parcels:
    return Parcels(service, shop, request.param)


def faults_of(page: Page) -> list[str]:
    return violations(page) + (["wider than the screen"] if sticks_out(page) else [])


def reads_its_own_way(page: Page, language: str) -> bool:
    """The words in the direction of their language, numbers always from the left."""
    words = "rtl" if language == "ar" else "ltr"
    return bool(page.evaluate("document.dir") == words) and set(page.evaluate(DIRECTIONS_OF_NUMBERS)) == {
        "ltr"
    }


@pytest.mark.parametrize("state", STATES, ids=name_of)
def test_axe_finds_nothing_and_nothing_sticks_out(
    screen: Page, without_script: Page, parcels: Parcels, state: Arrange
) -> None:
    address = state(parcels)
    for page in (screen, without_script):
        page.goto(address)
        assert parcels.locale != "en-GB" or STATES[state] in page.inner_text("main")
        assert reads_its_own_way(page, parcels.locale)
    faults = [f"without a script: {each}" for each in faults_of(without_script)]
    for size, scheme in product((NARROW, DESKTOP), SCHEMES):
        screen.set_viewport_size(size)
        screen.emulate_media(color_scheme=scheme)
        if (size, scheme) != (NARROW, "light"):  # there it is looked at as it comes
            screen.evaluate(OPEN_ALL)
        faults += [f"{size['width']} {scheme}: {each}" for each in faults_of(screen)]
    assert faults == []


def test_a_page_that_breaks_the_rules_is_found(screen: Page, shop: Shop, service: Service) -> None:
    screen.goto(next(iter(STATES))(Parcels(service, shop)))
    screen.evaluate("document.querySelector('main').style.minWidth = '3000px'; document.title = ''")
    assert len(faults_of(screen)) == 2
