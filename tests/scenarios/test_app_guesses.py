"""Codes of an authenticator app and recovery codes, fifty at once, over HTTP, on PostgreSQL and on SQLite."""

import base64
import re
import time
from collections import Counter
from functools import partial
from itertools import count

import httpx

from codes import totp
from tests.scenarios.test_account_code_guesses import token_of
from tests.scenarios.world import at_once, code_sent_to, other_than
from tests.servers import Service

AT_ONCE = 50
OTHER, APP = "/account/login/other/", "/account/security/app/"
JUDGED = "That was not the code"
_numbers = count(1)


class Person:
    """Somebody with an authenticator app, whose browser has shown the right password again."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.browser = httpx.Client(base_url=service.url, timeout=60, trust_env=False)
        made = service.manage_json("create_staff", f"app{next(_numbers)}@example.com", "--role", "Auditor")
        self.shown = {"email": made["email"], "password": made["password"]}
        self.sends("/account/login/", self.shown)
        self.sends("/account/login/code/", {"code": code_sent_to(service, made["email"])})
        self.sends("/account/security/app/new/", page=APP)
        key = re.search(r'class="key" translate="no">([A-Z2-7 ]+)<', self.browser.get(APP).text)
        assert key
        self.key = base64.b32decode(key[1].replace(" ", ""))
        codes = self.sends(APP, {"code": self.code()}, page=APP).text
        self.recovery_code = re.findall(r"<li>([0-9A-Z-]{29})</li>", codes)[0]
        self.starts_again()

    def starts_again(self) -> None:
        """The password, in a browser that nobody has signed in from."""
        self.browser.cookies.clear()
        assert self.sends("/account/login/", self.shown).headers["Location"] == OTHER
        self.token = token_of(self.browser.get(OTHER).text)

    def sends(self, path: str, fields: dict[str, str] | None = None, page: str = "") -> httpx.Response:
        """The form on that page, sent to its address."""
        shown = self.browser.get(page or path, follow_redirects=True).text
        return self.browser.post(path, data=(fields or {}) | token_of(shown))

    def code(self, steps: int = 0) -> str:
        return totp.code_at(self.key, totp.step_at(time.time()) + steps)

    def signs_in(self, fields: dict[str, str]) -> bool:
        """From one of many connections of the same browser."""
        cookies = dict(self.browser.cookies)
        with httpx.Client(base_url=self.service.url, timeout=60, trust_env=False, cookies=cookies) as same:
            answer = same.post(OTHER, data=self.token | fields)
        return bool(answer.headers.get("Location") == "/account/")


def test_of_fifty_wrong_codes_of_an_app_five_are_judged(service: Service) -> None:
    person = Person(service)
    wrong = person.token | {"code": other_than(person.code(steps=1))}
    answers = at_once([partial(person.browser.post, OTHER, data=wrong)] * AT_ONCE)
    assert Counter((answer.status_code, JUDGED in answer.text) for answer in answers) == {
        (200, True): 5,
        (200, False): AT_ONCE - 5,
    }
    assert not person.signs_in({"code": person.code(steps=1)})


def test_of_fifty_right_codes_of_an_app_one_signs_in_and_so_with_a_recovery_code(service: Service) -> None:
    person = Person(service)
    for right in ({"code": person.code(steps=1)}, {"recovery": person.recovery_code}):
        assert sum(at_once([partial(person.signs_in, right)] * AT_ONCE)) == 1, right
        person.starts_again()
