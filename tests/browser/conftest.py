"""A browser for the stories in this folder. The service they look at is a process of its own."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.people import carl
from tests.browser.watch import Watch
from tests.scenarios.world import Shop
from tests.servers import ServerError, Service
from tests.servers.chromium import started_browser
from tests.servers.databases import Databases

PHONE = {"width": 390, "height": 844}
WAIT_MS = 30_000

__all__ = ["carl"]

Picture = Callable[[str], None]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for this folder, and no longer: while it runs, Django allows this process no database."""
    expect.set_options(timeout=WAIT_MS)
    try:
        with started_browser() as started:
            yield started
    except ServerError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="package")
def service(databases: Databases) -> Iterator[Service]:
    """The service over PostgreSQL: a browser sees no difference between databases."""
    with Service(databases.make("postgresql")) as running:
        yield running


@pytest.fixture(scope="package")
def shop(service: Service) -> Shop:
    """The merchant of the stories. Each story has couriers and doors of its own."""
    return Shop(service)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone with a fresh profile. A test that needs another view sets the page's viewport size."""
    opened = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="en-GB")  # type: ignore[arg-type]
    opened.set_default_timeout(WAIT_MS)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    """The phone's page. The test fails if it meets an error that the test did not announce to `watch`."""
    return watch.page


@pytest.fixture
def watch(context: BrowserContext) -> Iterator[Watch]:
    """What goes wrong on `page`, and what is expected to."""
    watching = Watch(context.new_page())
    yield watching
    watching.assert_quiet()


@pytest.fixture
def picture(page: Page, request: pytest.FixtureRequest) -> Picture:
    """`picture("wrong code")` keeps a screenshot in the folder that SCREENSHOTS names, if it names one."""
    folder = os.environ.get("SCREENSHOTS")

    def take(name: str) -> None:
        if folder:
            stem = re.sub(r"\W+", "-", f"{request.node.name.removeprefix('test_')} {name}")
            page.screenshot(path=Path(folder) / f"{stem}.png", full_page=True, animations="disabled")

    return take
