"""Each refusal at the door looks different and says what to do next."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Picture
from tests.browser.people import Handheld
from tests.browser.watch import Watch
from tests.scenarios.world import Program, Rider, code_on_phone, eventually, other_than, phone_messages


def wrong_ones(code: str) -> list[str]:
    """Five codes, none of them the right one nor one typo away."""
    return [f"{(int(other_than(code)) + 11111 * n) % 1_000_000:06}" for n in range(9) if n][:5]


def test_the_last_try_warns_and_then_the_code_is_locked(
    carl: Handheld, watch: Watch, page: Page, picture: Picture
) -> None:
    watch.expect("422 POST .*/handoff")
    watch.expect("423 POST .*/handoff")
    shipment = carl.at_the_door()
    code = code_on_phone(carl.service, shipment)
    wrong = [guess for guess in wrong_ones(code) if guess != code]
    for guess, left in zip(wrong[:3], (4, 3, 2), strict=True):
        carl.type(guess)
        expect(carl.result("wrong")).to_contain_text(f"{left} tries left")
    carl.type(wrong[3])
    expect(carl.result("last")).to_contain_text("1 try left")
    picture("last try")
    carl.type(wrong[4])
    expect(carl.result("locked")).to_contain_text("locked")
    carl.type(code)
    expect(carl.result("locked")).to_contain_text("This code is locked")
    expect(page.get_by_role("link", name="Cannot deliver")).to_be_visible()
    picture("locked")
    assert carl.status_of(shipment) == "out_for_delivery"


def test_what_is_no_code_costs_nothing(carl: Handheld, watch: Watch, page: Page, picture: Picture) -> None:
    watch.expect("422 POST .*/handoff")
    shipment = carl.at_the_door()
    carl.tap(page.locator("#confirm"))
    expect(carl.result("note")).to_contain_text("Type the code first")
    carl.type("12345")
    expect(carl.result("note")).to_contain_text("6 digits")
    picture("malformed")
    assert carl.shop.get(f"/shipments/{shipment}").json()["attempts_left"] == 5


def test_a_code_whose_time_is_over_is_renewed(
    carl: Handheld, watch: Watch, page: Page, picture: Picture
) -> None:
    watch.expect("410 POST .*/handoff")
    shipment = carl.at_the_door()
    old = code_on_phone(carl.service, shipment)
    carl.service.rows(
        "UPDATE handoffs_deliverycode SET expires_at = issued_at + interval '1 second' WHERE shipment_id ="
        " (SELECT id FROM orders_shipment WHERE public_id = %s) RETURNING id",
        shipment,
    )
    page.wait_for_timeout(1100)
    carl.type(old)
    expired = carl.result("expired")
    picture("expired")
    carl.tap(expired.get_by_role("button", name="Send the code again"))
    expect(carl.result("note")).to_contain_text("•••• ••56")
    picture("sent again")
    new = eventually(lambda: code_on_phone(carl.service, shipment))
    carl.type(new)
    carl.result("right")


def test_a_code_that_did_not_come_goes_by_e_mail(carl: Handheld, page: Page, picture: Picture) -> None:
    shipment = carl.at_the_door()
    code_on_phone(carl.service, shipment)
    carl.service.rows("UPDATE handoffs_deliverycode SET last_sent_at = issued_at - interval '2 minutes'"
                      " RETURNING id")  # fmt: skip
    page.get_by_text("They have no code").click()
    picture("no code")
    carl.tap("Send it by e-mail")
    expect(carl.result("note")).to_contain_text("by e-mail to a•••@e•••")
    assert eventually(lambda: [m for m in phone_messages(carl.service, shipment) if m["channel"] == "email"])


def test_what_was_tried_for_the_code_is_told_with_the_answer(
    carl: Handheld, page: Page, picture: Picture
) -> None:
    """The number is one of the sandbox's that fail: its network takes the text for spam."""
    ada = {"name": "Ada Lovelace", "phone": "+12025550105", "email": "ada@example.com"}
    shipment = carl.shop.order(recipient=ada)["shipments"][0]["id"]
    sent = carl.shop.post(f"/shipments/{shipment}/dispatch", {"courier": carl.courier})
    assert sent.status_code == 200, sent.text
    ways = "SELECT 1 FROM notifications_message WHERE about = %s AND channel = 'email' AND state = 'received'"
    eventually(lambda: carl.service.rows(ways, shipment))
    carl.enrol()
    carl.open()
    carl.arrive()
    page.get_by_text("They have no code").click()
    tried = page.locator("ul.messages li")
    expect(tried).to_have_text(
        [
            re.compile(r"E-mail arrived, \d\d:\d\d$"),
            re.compile(r"Text message did not arrive, \d\d:\d\d: the network took the message for spam$"),
        ]
    )
    picture("what was tried")


def test_asking_too_often_says_when(carl: Handheld, watch: Watch, page: Page) -> None:
    watch.expect("429 POST .*/resend")
    code_on_phone(carl.service, carl.at_the_door())
    page.get_by_text("They have no code").click()
    carl.tap("Send the code again")
    expect(carl.result("note")).to_contain_text("seconds")


def test_a_courier_whose_wrong_codes_are_spent_is_paused(
    carl: Handheld, watch: Watch, page: Page, picture: Picture
) -> None:
    watch.expect("429 POST .*/handoff")
    shipment = carl.at_the_door()
    carl.service.rows(
        "INSERT INTO handoffs_courierday (courier_id, day, wrong_codes)"
        " SELECT id, CURRENT_DATE, 15 FROM fleet_courier WHERE public_id = %s RETURNING id",
        carl.courier,
    )
    carl.type(code_on_phone(carl.service, shipment))
    expect(carl.result("suspended")).to_contain_text("Call your depot")
    expect(carl.code).to_be_hidden()
    picture("suspended")
    page.get_by_role("link", name="Cannot deliver").click()
    expect(page.get_by_role("heading", name="Why not?")).to_be_visible()


def test_what_another_handheld_handed_over_is_already_done(
    carl: Handheld, watch: Watch, picture: Picture
) -> None:
    watch.expect("409 POST .*/handoff")
    shipment = carl.at_the_door()
    code = code_on_phone(carl.service, shipment)
    other = Program(carl.service, surface="/courier").post(
        "/devices", {"enrolment_code": carl.enrolment_code(), "name": "other"}
    )
    second = Program(carl.service, other.json()["token"], surface="/courier")
    done = second.post(f"/shipments/{shipment}/handoff", {"code": code}, key="other")
    assert done.status_code == 200, done.text
    carl.type(code)
    expect(carl.result("already")).to_contain_text("Already handed over")
    picture("already")


def test_what_was_cancelled_is_not_handed_over(carl: Handheld, watch: Watch, picture: Picture) -> None:
    watch.expect("409 POST .*/handoff")
    shipment = carl.at_the_door()
    carl.shop.post(f"/shipments/{shipment}/cancel")
    carl.type("123456")
    expect(carl.result("stopped")).to_contain_text("cancelled")
    expect(carl.code).to_be_hidden()
    picture("cancelled")


def test_what_another_courier_has_now_is_gone(carl: Handheld, watch: Watch) -> None:
    watch.expect("404 POST .*/handoff")
    shipment = carl.at_the_door()
    dana = Rider(carl.service, "Dana")
    carl.shop.post(f"/shipments/{shipment}/dispatch", {"courier": dana.id})
    carl.type("123456")
    expect(carl.result("stopped")).to_contain_text("no longer on your route")
