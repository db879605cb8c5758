"""Ada's messages do not come, and the courier is at her door: she releases the parcel from her account."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import sticks_out, violations
from tests.browser.test_account import Ada
from tests.scenarios.world import Rider, Shop, outcome
from tests.servers import Service

DOOR = {"latitude": 51.501, "longitude": -0.1246, "accuracy_m": 12}
# As if the code of her sign-up had been shown an hour ago.
LATER = """
from accounts.models import AccountSession
from accounts.session_store import SessionStore
from accounts.step_up import FRESH
for row in AccountSession.objects.filter(account__email="{email}"):
    session = SessionStore(row.session_key)
    session.pop(FRESH, None)
    session.save()
"""


@pytest.fixture(params=[True, False], ids=["with a script", "without"])
def ada(request: pytest.FixtureRequest, browser: Browser, service: Service) -> Iterator[Ada]:
    context = browser.new_context(java_script_enabled=request.param, viewport={"width": 320, "height": 640})
    someone = Ada(context.new_page(), service)
    # Nobody ever hears whether a letter has arrived there.
    someone.email = f"silent@{someone.email.partition('@')[0]}.example.com"
    someone.opens_an_account()
    service.manage("shell", "--no-imports", "-c", LATER.format(email=someone.email))
    yield someone
    context.close()


def faults_of(ada: Ada, *, axe: bool) -> list[str]:
    """axe itself is a script."""
    return [*violations(ada.page), *(["sticks out"] if sticks_out(ada.page) else [])] if axe else []


def test_with_a_fresh_code_and_one_tap_it_is_handed_over(
    ada: Ada, shop: Shop, service: Service, request: pytest.FixtureRequest
) -> None:
    axe, rider = "without" not in request.node.name, Rider(service)
    order = shop.order(recipient={"name": "Ada Lovelace", "email": ada.email})
    shipment = order["shipments"][0]["id"]
    assert shop.post(f"/shipments/{shipment}/dispatch", {"courier": rider.id}).status_code == 200
    assert outcome(rider.hand_over(shipment, None)) == "code_required"
    assert rider.post(f"/shipments/{shipment}/arrive", {"location": DOOR}).status_code == 200

    ada.goes_to("/account/")
    ada.sees("A courier is at your door")
    faults = faults_of(ada, axe=axe)
    ada.page.get_by_role("link", name="Release it without the code").click()
    ada.presses("E-mail to")
    ada.types_the_code(ada.email)
    ada.sees(rider.get("/route").json()["stops"][0]["word"])
    faults += faults_of(ada, axe=axe)
    ada.presses("I see the courier: release it")
    ada.sees("It is released")
    assert faults + faults_of(ada, axe=axe) == []

    release = rider.get("/route").json()["stops"][0]["release"]
    assert (release["state"], release["approvals_needed"]) == ("approved", 0)
    told = rider.hand_over(shipment, None)
    assert (outcome(told), told.json()["proof"]["method"]) == ("delivered", "account_release")
    ada.page.reload()
    expect(ada.page.locator("main")).to_contain_text("not at a door where a code is needed")
