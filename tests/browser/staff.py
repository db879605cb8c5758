"""Supervisors at their desk, in a browser of their own."""

from collections.abc import Callable, Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.watch import Watch
from tests.scenarios.world import code_sent_to
from tests.servers import Service

DESK = {"width": 1180, "height": 900}
_numbers = count(1)


def sign_in(page: Page, service: Service, email: str, password: str) -> None:
    """From the page that asks for the password, to where one wanted to go."""
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Type the code")).to_be_visible()
    page.get_by_label("Code", exact=True).fill(code_sent_to(service, email))
    page.get_by_role("button", name="Continue").click()


class Supervisor:
    """Signed in, with the words that are on the pages."""

    def __init__(self, watch: Watch, service: Service) -> None:
        self.watch, self.page, self.service = watch, watch.page, service
        page = self.page
        made = service.manage_json(
            "create_staff", f"sue{next(_numbers)}@support.example", "--role", "Supervisor", "--name", "Sue"
        )
        page.goto(f"{service.url}/admin/")
        sign_in(page, service, made["email"], made["password"])
        expect(page.get_by_role("link", name="Releases", exact=True)).to_be_visible()

    def opens_the_request(self, name: str = "Ada Lovelace") -> None:
        self.page.goto(f"{self.service.url}/admin/releases/")
        self.page.locator(".hits a").filter(has_text=name).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("asks to do without the code")

    def decides(self, what: str, reason: str = "Known at the depot") -> None:
        self.page.get_by_role("link", name=what, exact=True).click()
        self.page.get_by_label("Reason").fill(reason)
        self.page.get_by_role("button", name=f"{what} it").click()

    def sees(self, words: str) -> None:
        expect(self.page.locator("#container")).to_contain_text(words)


@pytest.fixture
def a_supervisor(browser: Browser, service: Service) -> Iterator[Callable[[], Supervisor]]:
    """Makes supervisors, each with a profile of their own; their pages are watched as the courier's is."""
    contexts: list[BrowserContext] = []
    watches: list[Watch] = []

    def make() -> Supervisor:
        context = browser.new_context(viewport=DESK, locale="en-GB")  # type: ignore[arg-type]
        contexts.append(context)
        watches.append(Watch(context.new_page()))
        return Supervisor(watches[-1], service)

    yield make
    for context in contexts:
        context.close()
    for watch in watches:
        watch.assert_quiet()
