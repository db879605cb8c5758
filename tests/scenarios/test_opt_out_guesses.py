"""Many guesses at once at the code that confirms an opt-out, over HTTP, on PostgreSQL and on SQLite."""

import re
from collections import Counter
from functools import partial

import httpx

from tests.scenarios.world import (
    Rider,
    Shop,
    assert_sound,
    at_once,
    eventually,
    link_on_phone,
    other_than,
    phone_messages,
)
from tests.servers import Service

AT_ONCE = 30
VERDICTS = {
    "wrong": "That is not the code|it was the last try",
    "locked": "That code no longer works",
    "opted out": "Done. Routine parcels",
    "over": "The time of that code is over",
}


class Browser:
    """The recipient's, on their page of delivery preferences. Its forms can be sent many times at once."""

    def __init__(self, service: Service, shipment: str) -> None:
        self.service, self.shipment = service, shipment
        self.page = link_on_phone(service, shipment) + "preferences/"
        self.cookies = dict(self.send("GET", "").cookies)

    def send(self, method: str, action: str, **form: str) -> httpx.Response:
        cookies = getattr(self, "cookies", {})
        with httpx.Client(cookies=cookies, follow_redirects=True, trust_env=False, timeout=60) as http:
            return http.request(
                method, self.page + action, data=form or None, headers={"Origin": self.service.url}
            )

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]+)"', self.send("GET", "").text)
        assert found, name
        return found[1]

    def ask(self) -> str:
        """Ask for a code and read it from the mailbox."""
        self.send("POST", "send/", channel="email", csrfmiddlewaretoken=self.field("csrfmiddlewaretoken"))

        def look() -> str | None:
            letters = [
                m for m in phone_messages(self.service, self.shipment) if m["kind"] == "preference_code"
            ]
            found = re.search(r"^\d{6}$", letters[0]["body"], re.MULTILINE) if letters else None
            return found[0] if found else None

        return eventually(look)

    def guesses(self, *codes: str) -> Counter[str]:
        """What each of these codes comes to, all typed at the same moment."""
        token, challenge = self.field("csrfmiddlewaretoken"), self.field("challenge")
        form = {"csrfmiddlewaretoken": token, "challenge": challenge}
        answers = at_once([partial(self.send, "POST", "confirm/", **form, code=code) for code in codes])
        return Counter(self._verdict(answer.text) for answer in answers)

    @staticmethod
    def _verdict(page: str) -> str:
        said = " ".join(re.findall(r'<p class="said [^>]*>(.*?)</p>', page))
        return next((verdict for verdict, words in VERDICTS.items() if re.search(words, said)), said)


def browser_of_a_live_delivery(service: Service) -> Browser:
    """A recipient of their own, because messages are counted by contact."""
    shop, rider = Shop(service), Rider(service)
    order = shop.order(recipient={"name": "Ada Lovelace", "email": f"{shop.id}@example.com"})
    shipment = order["shipments"][0]["id"]
    assert shop.post(f"/shipments/{shipment}/dispatch", {"courier": rider.id}).status_code == 200
    return Browser(service, shipment)


def wishes(service: Service, browser: Browser) -> list[str]:
    found = service.rows(
        "SELECT p.wish FROM orders_deliverypreference p"
        " JOIN handoffs_preferencechallenge c ON c.preference_id = p.id"
        " JOIN orders_shipment s ON s.id = c.shipment_id WHERE s.public_id = %s",
        browser.shipment,
    )
    return [wish for (wish,) in found]


def queued(service: Service, browser: Browser, kind: str) -> int:
    statement = "SELECT COUNT(*) FROM notifications_message WHERE about = %s AND kind = %s"
    return int(service.rows(statement, browser.shipment, kind)[0][0])


def test_of_thirty_wrong_codes_five_are_judged_and_the_right_one_is_then_refused(service: Service) -> None:
    browser = browser_of_a_live_delivery(service)
    right = browser.ask()
    form = {
        "challenge": browser.field("challenge"),
        "csrfmiddlewaretoken": browser.field("csrfmiddlewaretoken"),
    }
    assert browser.guesses(*[other_than(right)] * AT_ONCE) == {"wrong": 5, "locked": AT_ONCE - 5}
    assert "That code no longer works" in browser.send("POST", "confirm/", **form, code=right).text
    assert wishes(service, browser) == ["usual"]
    assert_sound(service)


def test_the_right_code_at_once_many_times_opts_out_once(service: Service) -> None:
    browser = browser_of_a_live_delivery(service)
    right = browser.ask()
    assert browser.guesses(*[right] * 10) == {"opted out": 1, "over": 9}
    assert wishes(service, browser) == ["opted_out"]
    assert queued(service, browser, "opted_out") == 1
    assert_sound(service)


def test_codes_asked_for_at_once_are_one_message(service: Service) -> None:
    browser = browser_of_a_live_delivery(service)
    form = {"channel": "email", "csrfmiddlewaretoken": browser.field("csrfmiddlewaretoken")}
    answers = at_once([partial(browser.send, "POST", "send/", **form)] * 10)
    assert sum("A confirmation code is on its way" in answer.text for answer in answers) == 1
    assert queued(service, browser, "preference_code") == 1
    assert_sound(service)
