"""Fifty guesses at once, over HTTP, on PostgreSQL and on SQLite: as many are judged as the limits say."""

import re
from collections import Counter
from functools import partial

import httpx

from tests.scenarios.world import at_once
from tests.servers import Service

AT_ONCE = 50
JUDGED = b"is not right"


def attempt(service: Service, email: str, password: str) -> httpx.Response:
    """A try to sign in, from a browser that has been there for the form first."""
    with httpx.Client(base_url=service.url, timeout=60, trust_env=False) as browser:
        form = browser.get("/account/login/").text
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[0]
        fields = {"email": email, "password": password, "csrfmiddlewaretoken": token}
        return browser.post("/account/login/", data=fields)


def test_of_fifty_wrong_passwords_five_are_judged_and_the_right_one_is_then_refused(service: Service) -> None:
    email = "sue@example.com"
    told = service.manage_json("create_staff", email, "--role", "Support lead")
    answers = at_once([partial(attempt, service, email, "wrong")] * AT_ONCE)
    assert Counter((answer.status_code, JUDGED in answer.content) for answer in answers) == {
        (200, True): 5,
        (429, False): AT_ONCE - 5,
    }
    assert attempt(service, email, told["password"]).status_code == 429
