"""The recipient's page in every state: for everybody, on any screen, light and dark, in both directions."""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.axe import sticks_out, violations
from tests.browser.parcels import Parcels
from tests.scenarios.world import Shop
from tests.servers import Service

NARROW, DESKTOP = (320, 640), (1180, 800)
VIEWS = [(NARROW, "light"), (DESKTOP, "dark")]


@pytest.fixture(scope="module", params=["en-GB", "ar"])
def states(request: pytest.FixtureRequest, service: Service, shop: Shop) -> dict[str, str]:
    """The address of the page in each state."""
    return dict(Parcels(service, shop, request.param).every_state())


@pytest.fixture(params=VIEWS, ids=["narrow and light", "desktop and dark"])
def view(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    (width, height), scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    yield context.new_page()
    context.close()


def test_in_every_state_axe_finds_nothing_and_nothing_sticks_out(view: Page, states: dict[str, str]) -> None:
    wrong: list[str] = []
    for (state, address), opened in product(states.items(), (False, True)):
        view.goto(address)
        if opened:
            view.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        wrong += [f"{state}: {each}" for each in violations(view)]
        if sticks_out(view):
            wrong.append(f"{state}: wider than the screen")
    assert wrong == []
