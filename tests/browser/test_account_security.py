"""Ada and what keeps her account hers: the app, passkeys, recovery codes, sessions, and the warning."""

import base64
import re
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from codes import totp
from tests.browser.conftest import Picture
from tests.browser.test_account import Ada
from tests.scenarios.world import code_sent_to, eventually, other_than
from tests.servers import Service
from tests.servers.databases import Databases

SECURITY = "/account/security/"


@pytest.fixture
def ada(page: Page, service: Service) -> Ada:
    someone = Ada(page, service)
    someone.opens_an_account()
    return someone


@pytest.fixture(scope="module")
def named(databases: Databases) -> Iterator[Service]:
    """The service under a name: a browser makes no passkeys for an address of digits."""
    service = Service(databases.make("postgresql"))
    service.url = f"http://localhost:{service.port}"
    service.environment["PUBLIC_URL"] = service.url
    with service as running:
        yield running


def sets_up_an_app(ada: Ada) -> bytes:
    """Answers the key that her app now holds."""
    ada.goes_to(SECURITY)
    ada.presses("Set up an app")
    key = base64.b32decode(ada.page.locator(".key").inner_text().replace(" ", ""))
    ada.page.get_by_label("The six digits that the app shows").fill(shown(key))
    ada.presses("Continue")
    ada.sees("The app is set up")
    return key


def shown(key: bytes, steps: int = 0) -> str:
    return totp.code_at(key, totp.step_at(time.time()) + steps)


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def newest_text(service: Service, address: str, kind: str) -> str:
    def look() -> str | None:
        with httpx.Client(base_url=service.url, trust_env=False, timeout=30) as anybody:
            sent = anybody.get("/sandbox/messages.json").json()["data"]
        return next((m["body"] for m in sent if (m["to"], m["kind"]) == (address, kind)), None)

    return eventually(look)


def test_she_sets_up_an_app_and_signs_in_with_its_code(ada: Ada, picture: Picture) -> None:
    ada.goes_to(SECURITY)
    ada.presses("Set up an app")
    expect(ada.page.locator(".qr")).to_be_visible()
    picture("app")
    key = sets_up_an_app(ada)
    expect(ada.page.locator(".codes li")).to_have_count(10)
    picture("recovery codes")
    ada.goes_to("/account/")
    ada.signs_out()
    ada.shows_the_password()
    ada.page.get_by_label("authenticator app shows").fill(other_than(shown(key, steps=1)))
    ada.presses("Continue")
    ada.sees("That was not the code")
    ada.page.get_by_label("authenticator app shows").fill(shown(key, steps=1))
    picture("asked")
    ada.page.get_by_role("button", name="Continue").first.click()
    ada.sees("Your parcels")


def test_who_has_lost_the_app_signs_in_with_a_recovery_code(ada: Ada) -> None:
    sets_up_an_app(ada)
    code = ada.page.locator(".codes li").first.inner_text()
    for expected in ("Your parcels", "it was used before"):
        ada.goes_to("/account/")
        ada.signs_out() if expected == "Your parcels" else ada.page.context.clear_cookies()
        ada.shows_the_password()
        ada.page.get_by_text("Use a recovery code").click()
        ada.page.get_by_label("Recovery code").fill(code.lower())
        ada.page.locator("details").get_by_role("button", name="Continue").click()
        ada.sees(expected)


def test_she_adds_a_passkey_and_signs_in_with_it_alone(
    page: Page, context: BrowserContext, named: Service, picture: Picture
) -> None:
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    keeper = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
    }
    answers = {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": keeper | answers})
    ada = Ada(page, named)
    ada.opens_an_account()
    ada.goes_to(SECURITY)
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name").fill("This phone")
    ada.presses("Make the passkey")
    ada.sees("The passkey was added")
    ada.sees("This phone")
    picture("passkey")
    ada.goes_to("/account/")
    ada.signs_out()
    ada.presses("Sign in with a passkey")
    ada.sees("Your parcels")
    ada.goes_to(SECURITY)
    page.get_by_text("Rename or remove").click()
    ada.presses("Remove the passkey")
    ada.sees("The passkey was removed")
    expect(page.locator("main")).not_to_contain_text("This phone")


def test_after_five_wrong_codes_she_is_warned_and_signs_everything_out(ada: Ada, picture: Picture) -> None:
    ada.signs_out()
    ada.shows_the_password()
    ada.sees("We have sent six digits to")
    wrong = other_than(code_sent_to(ada.service, ada.email))
    for _ in range(5):
        ada.page.get_by_label("Code", exact=True).fill(wrong)
        ada.presses("Continue")
    text = newest_text(ada.service, ada.email, "password_exposed")
    link = re.search(r"http\S+/account/secure/\S+", text)
    assert link
    ada.page.goto(link[0])
    ada.sees("Somebody may have your password")
    picture("warning")
    ada.presses("Sign everything out")
    ada.page.get_by_label("New password").fill("four rather quiet words")
    ada.presses("Set the password")
    ada.sees("Your password is set")


def test_her_security_page_fits_a_small_dark_phone_and_works_without_scripts(
    ada: Ada, context: BrowserContext, picture: Picture
) -> None:
    ada.page.set_viewport_size({"width": 320, "height": 640})
    ada.page.emulate_media(color_scheme="dark")
    ada.goes_to(SECURITY)
    for heading in ("Two-step verification", "Passkeys", "Trusted browsers", "Where you are signed in"):
        expect(ada.page.get_by_role("heading", name=heading)).to_be_visible()
    ada.sees("this browser")
    ada.sees("You signed in for the first time.")
    ada.sees("Your parcels come with a delivery code")
    assert fits(ada.page)
    picture("security, dark")
    ada.presses("Make new codes")
    expect(ada.page.locator(".codes li")).to_have_count(10)
    assert fits(ada.page)
    assert ada.page.locator("script").count() == 0
