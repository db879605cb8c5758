"""Fifty guesses at once at one account's code, over HTTP, on PostgreSQL and on SQLite: five are judged."""

import re
from collections import Counter
from functools import partial
from itertools import count

import httpx

from tests.scenarios.world import at_once, code_sent_to, other_than
from tests.servers import Service

AT_ONCE = 50
JUDGED = "That was not the code"
CODE_PAGE = "/account/login/code/"
_numbers = count(1)


def at_the_code(service: Service) -> tuple[httpx.Client, dict[str, str], str]:
    """A browser that has shown the right password, its form's fields, and the code that was sent."""
    made = service.manage_json("create_staff", f"guessed{next(_numbers)}@example.com", "--role", "Auditor")
    browser = httpx.Client(base_url=service.url, timeout=60, trust_env=False)
    shown = {"email": made["email"], "password": made["password"]}
    answer = browser.post("/account/login/", data=shown | token_of(browser.get("/account/login/").text))
    assert answer.headers["Location"] == CODE_PAGE
    token = token_of(browser.get(CODE_PAGE).text)
    return browser, token, code_sent_to(service, made["email"])


def token_of(page: str) -> dict[str, str]:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return {"csrfmiddlewaretoken": found[1]}


def test_of_fifty_wrong_codes_five_are_judged_and_the_right_one_is_then_refused(service: Service) -> None:
    browser, token, code = at_the_code(service)
    wrong = token | {"code": other_than(code)}
    answers = at_once([partial(browser.post, CODE_PAGE, data=wrong)] * AT_ONCE)
    assert Counter((answer.status_code, JUDGED in answer.text) for answer in answers) == {
        (200, True): 5,
        (200, False): AT_ONCE - 5,
    }
    assert browser.post(CODE_PAGE, data=token | {"code": code}).status_code == 200
    assert browser.get("/account/").status_code == 302


def test_of_fifty_right_codes_one_signs_in(service: Service) -> None:
    browser, token, code = at_the_code(service)
    cookies = dict(browser.cookies)

    def type_it() -> int:
        with httpx.Client(base_url=service.url, timeout=60, trust_env=False, cookies=cookies) as same:
            answer = same.post(CODE_PAGE, data=token | {"code": code})
            return int(answer.headers.get("Location") == "/account/")

    assert sum(at_once([type_it] * AT_ONCE)) == 1
