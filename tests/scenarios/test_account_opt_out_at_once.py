"""Many tabs at once: one opt-out of an account, told once; one way back. On PostgreSQL and on SQLite."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import httpx

from tests.scenarios.test_account_code_guesses import token_of
from tests.scenarios.world import Shop, assert_sound, at_once, code_sent_to, eventually
from tests.servers import Service

AT_ONCE = 12
PAGE = "/account/deliveries/"
_numbers = count(1)


def opens_an_account(service: Service) -> tuple[httpx.Client, str]:
    """A browser in which a code was just shown, and the e-mail address."""
    browser = httpx.Client(base_url=service.url, timeout=60, trust_env=False)
    email = f"tabs{next(_numbers)}@example.com"
    form = {"name": "Ada", "email": email, "password": "three quiet words"}
    browser.post("/account/signup/", data=form | token_of(browser.get("/account/signup/").text))
    page = "/account/signup/code/"
    browser.post(page, data={"code": code_sent_to(service, email)} | token_of(browser.get(page).text))
    return browser, email


def sent(service: Service, browser: httpx.Client, email: str, kind: str) -> list[str]:
    found = browser.get("/sandbox/messages.json").json()["data"]
    return [each["body"] for each in found if (each["to"], each["kind"]) == (email, kind)]


def test_one_opt_out_and_one_way_back(service: Service) -> None:
    browser, email = opens_an_account(service)
    days_ago = (datetime.now(UTC) - timedelta(days=4)).isoformat(" ")
    service.rows("UPDATE accounts_securityevent SET at = %s", days_ago)
    Shop(service).order("12.00", recipient={"name": "Ada", "email": email, "locale": "en-GB"})
    page = browser.get(PAGE).text
    address = re.search(r'name="address" value="(\w+)"', page)
    assert address
    form = token_of(page) | {"address": address[1]}
    post = partial(browser.post, data=form, follow_redirects=False)
    answers = at_once([partial(post, f"{PAGE}no-codes/")] * AT_ONCE)
    assert {answer.headers["Location"] for answer in answers} == {PAGE}
    chosen = "SELECT COUNT(*) FROM handoffs_accountoptout o JOIN accounts_user u ON u.id = o.account_id"
    assert service.rows(f"{chosen} WHERE u.email = %s", email) == [(1,)]
    (letter,) = eventually(lambda: sent(service, browser, email, "account_opted_out") or None)

    link = re.search(r"http\S+(/account/back/\S+/)", letter)
    assert link
    token = token_of(browser.get(link[1]).text)
    taken = at_once([partial(browser.post, link[1], data=token)] * AT_ONCE)
    assert sum("Delivery codes are back" in answer.text for answer in taken) == 1
    assert sum("This link has ended" in answer.text for answer in taken) == AT_ONCE - 1
    assert len(eventually(lambda: sent(service, browser, email, "security_changed") or None)) == 1
    assert_sound(service)
