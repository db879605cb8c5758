"""A handheld is bound to its courier, and let go."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Picture
from tests.browser.people import Handheld
from tests.browser.watch import Watch


def test_a_code_that_does_not_work_can_be_corrected(
    carl: Handheld, page: Page, watch: Watch, picture: Picture
) -> None:
    watch.expect("401 POST .*/devices")
    watch.expect("404 GET .*/route")
    page.goto(f"{carl.service.url}/courier/")
    carl.tap("Set up")
    expect(carl.result("note")).to_contain_text("Type the enrolment code first")
    page.get_by_label("Enrolment code").fill("AAAA-BBBB-CCCC")
    carl.tap("Set up")
    expect(carl.result("wrong")).to_contain_text("does not work")
    picture("refused")
    expect(page.get_by_label("Enrolment code")).to_have_value("AAAA-BBBB-CCCC")
    page.get_by_label("Enrolment code").fill(carl.enrolment_code().lower().replace("-", " "))
    carl.tap("Set up")
    expect(page.get_by_role("heading", name="No route at the moment")).to_be_visible()
    picture("no route")


def test_it_stays_signed_in_over_a_reload(carl: Handheld, page: Page) -> None:
    carl.carries()
    carl.enrol()
    page.reload()
    expect(page.get_by_role("link", name="Ada Lovelace")).to_be_visible()


def test_signing_out_ends_the_token(carl: Handheld, page: Page) -> None:
    carl.carries()
    carl.enrol()
    page.get_by_text("Sign this handheld out").click()
    carl.tap("Sign out now")
    carl.sees("You are signed out")
    assert page.evaluate("localStorage.getItem('handheld.who')") is None
    revoked = "SELECT revoked_at IS NOT NULL FROM fleet_device ORDER BY id DESC LIMIT 1"
    assert carl.service.rows(revoked) == [(True,)]


def test_a_revoked_handheld_goes_back_to_enrolment(
    carl: Handheld, page: Page, watch: Watch, picture: Picture
) -> None:
    watch.expect("401 POST .*/handoff")
    shipment = carl.at_the_door()
    device = carl.service.rows("SELECT public_id FROM fleet_device ORDER BY id DESC LIMIT 1")[0][0]
    gone = carl.shop.send("DELETE", f"/couriers/{carl.courier}/devices/{device}")
    assert gone.status_code == 204, gone.text
    carl.type("123456")
    carl.sees("This handheld was signed out")
    picture("revoked")
    expect(page.get_by_label("Enrolment code")).to_be_focused()
    assert carl.status_of(shipment) == "out_for_delivery"
    assert page.evaluate("localStorage.getItem('handheld.who')") is None


def test_signing_out_without_a_network_says_so(carl: Handheld, page: Page, watch: Watch) -> None:
    watch.expect("failed DELETE .*/devices/current")
    carl.carries()
    carl.enrol()
    page.get_by_text("Sign this handheld out").click()
    page.route("**/devices/current", lambda route: route.abort("internetdisconnected"))
    carl.tap("Sign out now")
    expect(carl.result("unsent")).to_contain_text("Not signed out yet")
    assert page.evaluate("localStorage.getItem('handheld.who')") is not None
