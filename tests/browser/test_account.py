"""Ada and her account, in a browser: opening it, signing in with codes, changing what matters."""

from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Picture
from tests.scenarios.world import code_sent_to, other_than
from tests.servers import Service

PASSWORD = "three quiet words"
_numbers = count(1)


class Ada:
    """Somebody with an e-mail address and a phone, and the words that are on the pages."""

    def __init__(self, page: Page, service: Service) -> None:
        self.page, self.service = page, service
        number = next(_numbers)
        self.email, self.phone = f"ada{number}@example.com", f"+4474009{number:05}"

    def goes_to(self, path: str) -> None:
        self.page.goto(f"{self.service.url}{path}")

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button).click()

    def types_the_code(self, address: str) -> None:
        self.page.get_by_label("Code", exact=True).fill(code_sent_to(self.service, address))
        self.presses("Continue")

    def sees(self, words: str) -> None:
        expect(self.page.locator("main")).to_contain_text(words)

    def opens_an_account(self) -> None:
        self.goes_to("/account/signup/")
        self.page.get_by_label("Your name").fill("Ada Lovelace")
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.presses("Continue")
        self.types_the_code(self.email)
        self.sees("Your account")
        self.a_while_later()

    def verifies_the_phone(self) -> None:
        self.page.get_by_role("link", name="Add a phone").click()
        self.page.get_by_label("Text message").check()
        self.page.get_by_label("Country").select_option("GB")
        self.page.get_by_label("Phone number").fill("0" + self.phone.removeprefix("+44"))
        self.presses("Send the code")
        self.types_the_code(self.phone)
        self.sees("Your phone number is verified")
        self.a_while_later()

    def signs_out(self) -> None:
        self.presses("Sign out")
        expect(self.page.get_by_role("heading", name="Sign in")).to_be_visible()

    def shows_the_password(self) -> None:
        self.goes_to("/account/login/")
        self.page.get_by_label("E-mail address").fill(self.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.presses("Sign in")

    def a_while_later(self) -> None:
        """So that a further code may go to the same address at once."""
        self.service.rows("DELETE FROM accounts_codeaddress")

    def some_days_later(self) -> None:
        """So that the account is not one just opened."""
        self.service.rows("UPDATE accounts_securityevent SET at = at - INTERVAL '4 days'")


@pytest.fixture
def ada(page: Page, service: Service) -> Ada:
    someone = Ada(page, service)
    someone.opens_an_account()
    return someone


def test_she_signs_in_with_a_code_by_mail(ada: Ada, picture: Picture) -> None:
    ada.signs_out()
    ada.shows_the_password()
    ada.sees("We have sent six digits to")
    picture("code")
    ada.types_the_code(ada.email)
    ada.sees("Your parcels")
    picture("home")


def test_she_verifies_her_phone_and_signs_in_with_a_code_by_text_message(ada: Ada) -> None:
    ada.verifies_the_phone()
    ada.signs_out()
    ada.shows_the_password()
    ada.types_the_code(ada.phone)
    ada.sees("Your parcels")
    expect(ada.page.locator("main")).to_contain_text(ada.phone)


def test_a_wrong_code_is_said_and_the_right_one_still_works(ada: Ada) -> None:
    ada.signs_out()
    ada.shows_the_password()
    ada.sees("We have sent six digits to")
    ada.page.get_by_label("Code", exact=True).fill(other_than(code_sent_to(ada.service, ada.email)))
    ada.presses("Continue")
    ada.sees("4 tries are left")
    ada.types_the_code(ada.email)
    ada.sees("Your parcels")


def test_a_code_that_does_not_come_is_asked_for_another_way(ada: Ada) -> None:
    ada.verifies_the_phone()
    ada.signs_out()
    ada.shows_the_password()
    ada.sees("We have sent six digits to")
    ada.a_while_later()
    ada.service.rows("UPDATE accounts_challenge SET last_sent_at = last_sent_at - INTERVAL '2 minutes'")
    ada.page.reload()
    ada.page.get_by_text("It did not come").click()
    ada.presses("E-mail to")
    expect(ada.page.locator("#sent")).to_contain_text("a•••@e•••")
    ada.types_the_code(ada.email)
    ada.sees("Your parcels")


def test_a_trusted_browser_needs_no_code_until_that_is_taken_back(ada: Ada) -> None:
    trusts_her_browser(ada)
    ada.shows_the_password()
    ada.sees("Your parcels")
    ada.presses("Trust it no longer")
    ada.page.get_by_role("button", name="E-mail to").click()
    ada.types_the_code(ada.email)
    ada.presses("Trust it no longer")
    ada.sees("That browser needs a code again")


def test_what_matters_is_changed_with_a_fresh_code(ada: Ada, picture: Picture) -> None:
    """She signs in without a code, so that none is fresh."""
    trusts_her_browser(ada)
    ada.shows_the_password()
    ada.page.get_by_role("link", name="Change it").last.click()
    ada.sees("Confirm that it is you")
    picture("confirm")
    ada.page.get_by_role("button", name="E-mail to").click()
    ada.types_the_code(ada.email)
    ada.page.get_by_label("Present password").fill(PASSWORD)
    ada.page.get_by_label("New password").fill("four rather quiet words")
    ada.presses("Set the password")
    ada.sees("Your password was changed")


def trusts_her_browser(ada: Ada) -> None:
    ada.signs_out()
    ada.shows_the_password()
    ada.page.get_by_label("Trust this browser").check()
    ada.types_the_code(ada.email)
    ada.sees("Trusted browsers")
    ada.signs_out()
    ada.a_while_later()
