"""Ada's delivery preferences in her account: opting out, the way back, and codes in the account alone."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import sticks_out, violations
from tests.browser.conftest import Picture
from tests.browser.test_account import Ada, trusts_her_browser
from tests.browser.test_account_security import newest_text
from tests.scenarios.world import Rider, Shop
from tests.servers import Service

DELIVERIES = "/account/deliveries/"


@pytest.fixture
def ada(page: Page, service: Service) -> Ada:
    someone = Ada(page, service)
    someone.opens_an_account()
    someone.some_days_later()
    return someone


def orders(ada: Ada, shop: Shop, value: str) -> str:
    """The id of a parcel that was ordered with her e-mail address, to a street of her own."""
    door = {"line1": f"{ada.email} Street", "city": "London", "postal_code": "SW1A 1AA", "country": "GB"}
    recipient = {"name": "Ada Lovelace", "email": ada.email, "locale": "en-GB"}
    shipment: str = shop.order(value, recipient=recipient, address=door)["shipments"][0]["id"]
    return shipment


def confirms(ada: Ada) -> None:
    """A fresh code, by e-mail; then the page that she came from."""
    ada.sees("Confirm that it is you")
    ada.page.get_by_role("button", name="E-mail to").click()
    ada.types_the_code(ada.email)
    ada.a_while_later()


def looks_well(page: Page) -> None:
    """On a small dark phone and a wide light screen."""
    for width, scheme in ((320, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 740})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert violations(page) == []
        assert not sticks_out(page)


def test_she_opts_out_with_a_fresh_code_and_one_tap_on_the_notice_takes_it_back(
    ada: Ada, shop: Shop, browser: Browser, picture: Picture
) -> None:
    orders(ada, shop, "12.00")
    trusts_her_browser(ada)
    ada.shows_the_password()
    ada.page.get_by_role("link", name="Sign-in & security").click()
    ada.page.get_by_role("link", name="Delivery preferences").click()
    ada.sees(f"{ada.email} Street, SW1A 1AA")
    looks_well(ada.page)
    picture("before")
    ada.presses("No codes for routine parcels")
    confirms(ada)
    ada.presses("No codes for routine parcels")
    ada.sees("come without a delivery code")
    ada.sees("Routine parcels come without a code")
    picture("opted out")
    ada.goes_to("/account/security/")
    ada.sees("Routine parcels to an address: no delivery code from now on.")

    link = re.search(r"http\S+/account/back/\S+/", newest_text(ada.service, ada.email, "account_opted_out"))
    assert link
    elsewhere = browser.new_context(java_script_enabled=False).new_page()
    elsewhere.goto(link[0])
    elsewhere.get_by_role("button", name="Ask for a code again").click()
    expect(elsewhere.locator("main")).to_contain_text("Delivery codes are back")
    elsewhere.goto(link[0])
    expect(elsewhere.locator("main")).to_contain_text("This link has ended")
    elsewhere.context.close()
    ada.goes_to(DELIVERIES)
    ada.sees("With a code, wherever the shop asks for one")


def test_she_has_her_codes_in_the_account_and_in_no_message(ada: Ada, shop: Shop, picture: Picture) -> None:
    ada.goes_to(DELIVERIES)
    ada.page.get_by_label("in my account alone").check()
    ada.page.get_by_label("In which language?").select_option("de")
    ada.presses("Save")
    ada.sees("Saved.")
    shipment = orders(ada, shop, "1299.00")
    assert shop.post(f"/shipments/{shipment}/dispatch", {"courier": Rider(ada.service).id}).status_code == 200
    letter = newest_text(ada.service, ada.email, "delivery_code")
    assert "Der Code" in letter or "Code in Ihrem Konto" in letter
    assert not re.search(r"\b\d{6}\b", letter)
    link = re.search(r"http\S+/account/parcels/\S+/", letter)
    assert link
    ada.page.goto(link[0])
    code = ada.page.locator("#code")
    expect(code).to_have_text(re.compile(r"^\d{6}$"))
    looks_well(ada.page)
    picture("code")
    before = code.inner_text()
    ada.page.get_by_text("Someone asked me for my code").click()
    ada.presses("End this code and make a new one")
    ada.sees("Here is a new one")
    expect(code).not_to_have_text(before)
    ada.page.locator(".here button").click()
    ada.sees("The courier now sees that you are there.")
