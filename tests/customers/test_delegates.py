"""Passes on the order page: Ada makes them and takes them back, and what Nina next door sees behind hers."""

import re

import pytest
from django.test import Client

from handoffs.models import Delegate, DeliveryCode
from handoffs.visit import arrive
from orders.models import Shipment
from tests.base import ADA, acme
from tests.couriers.stories import statements
from tests.customers.stories import bare_path, everything, own_path, seen
from tests.handoffs.delegate_stories import NINA, name, revoke, their_code, their_path
from tests.handoffs.stories import living_code, out_for_delivery, right_code

pytestmark = pytest.mark.django_db
FORM = {"number": "1", "name": NINA, "lasts": "today"}
OLD = "This link is no longer valid"


def on_the_page(client: Client, path: str) -> str:
    """The address that Ada's page offers to share."""
    found = re.search(r'<input class="link"[^>]* value="([^"]+)"', client.get(path).content.decode())
    assert found
    return "/o/" + found[1].partition("/o/")[2]


def test_she_makes_a_pass_and_its_page_shows_a_code_of_its_own(client: Client) -> None:
    shipment, _ = out_for_delivery()
    path = own_path(shipment)
    assert client.post(path + "delegates/", FORM)["Location"] == path
    shared = on_the_page(client, path)
    nina = Delegate.objects.get()
    assert shared == their_path(shipment, nina)
    page = seen(Client(), shared)
    assert their_code(shipment, nina) in page
    assert f"Pass for {NINA}" in page
    assert right_code(shipment) not in page


def test_her_page_shows_no_code_but_her_own(client: Client) -> None:
    shipment, _ = out_for_delivery()
    nina = name(shipment)
    assert their_code(shipment, nina) not in client.get(own_path(shipment)).content.decode()


def test_a_pass_tells_nothing_more_of_the_order_than_the_door_needs(client: Client) -> None:
    shipment, _ = out_for_delivery()
    nina = name(shipment)
    name(shipment, "Olaf")
    page = client.get(their_path(shipment, nina)).content.decode()
    order = shipment.order
    told = (ADA.name, "Lovelace", ADA.phone, ADA.email, order.line1, order.postal_code, order.reference)
    assert [each for each in (*told, "1299", "Olaf", shipment.reference) if each in page] == []
    own = living_code(shipment).link_proof_of()
    assert own not in page


def test_a_pass_is_as_hardened_as_her_own_page(client: Client) -> None:
    shipment, _ = out_for_delivery()
    nina = name(shipment)
    hers, theirs = client.get(own_path(shipment)), client.get(their_path(shipment, nina))
    for header in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag", "Content-Security-Policy"):
        assert theirs[header] == hers[header]
    assert theirs["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "deed",
    [
        *("resend/", "new-code/", "not-received/", "delegates/", "delegates/revoke/"),
        *("preferences/send/", "preferences/confirm/", "preferences/codes-again/"),
    ],
)
def test_a_pass_can_do_none_of_what_is_hers(client: Client, deed: str) -> None:
    shipment, _ = out_for_delivery()
    path = their_path(shipment, name(shipment, lasts="week"))
    before = everything()
    for number in ("1", "2"):
        assert client.post(path + deed, {**FORM, "number": number}).status_code == 302
    assert everything() == before


def test_it_does_not_open_her_preferences(client: Client) -> None:
    shipment, _ = out_for_delivery()
    path = their_path(shipment, name(shipment))
    assert client.get(path + "preferences/")["Location"] == path


def test_taken_back_its_page_is_that_of_any_old_link(client: Client) -> None:
    shipment, _ = out_for_delivery()
    nina = name(shipment)
    theirs, path = their_path(shipment, nina), own_path(shipment)
    client.post(path + "delegates/revoke/", {"number": "1"})
    assert "no longer work" in seen(client, path)
    page = seen(Client(), theirs)
    assert OLD in page
    assert NINA not in page


def test_a_new_code_ends_its_link_and_her_new_page_has_the_next_one(client: Client) -> None:
    shipment, _ = out_for_delivery()
    nina = name(shipment)
    old = their_path(shipment, nina)
    client.post(own_path(shipment) + "new-code/")
    assert OLD in seen(Client(), old)
    shared = on_the_page(client, own_path(shipment))
    assert shared != old
    assert their_code(shipment, nina) in seen(Client(), shared)


@pytest.mark.parametrize("proof", ["AAAABBBBCCCCDDDD", "x", "é", "1", "delegate"])
def test_a_guessed_link_opens_nothing(client: Client, proof: str) -> None:
    shipment, _ = out_for_delivery()
    name(shipment)
    assert OLD in seen(client, f"{bare_path(shipment)[:-1]}.{proof}/")


def test_another_parcels_pass_opens_nothing(client: Client) -> None:
    one, _ = out_for_delivery()
    other, _ = out_for_delivery()
    name(one)
    proof = living_code(other).link_proof_of(name(other).holder)
    assert OLD in seen(client, f"{bare_path(one)[:-1]}.{proof}/")


def test_the_same_form_twice_and_two_tabs_make_one_pass(client: Client) -> None:
    shipment, _ = out_for_delivery()
    path = own_path(shipment)
    for who in (NINA, NINA, "Olaf"):
        client.post(path + "delegates/", {**FORM, "name": who})
    assert list(Delegate.objects.values_list("name", flat=True)) == [NINA]
    assert "This has changed meanwhile" in seen(client, path)


@pytest.mark.parametrize("number", ["", "0", "-1", "x", "9" * 40, "\u0663", "1.0"])
def test_a_hostile_number_changes_nothing(client: Client, number: str) -> None:
    shipment, _ = out_for_delivery()
    name(shipment)
    path = own_path(shipment)
    for deed in ("delegates/", "delegates/revoke/"):
        assert client.post(path + deed, {**FORM, "number": number}).status_code == 302
    assert Delegate.objects.filter(revoked_at=None).count() == 1


def test_the_fourth_is_not_offered_and_not_taken(client: Client) -> None:
    shipment, _ = out_for_delivery()
    for letter in "ABC":
        name(shipment, f"Neighbour {letter}")
    path = own_path(shipment)
    assert "Three people have a pass already" in seen(client, path)
    client.post(path + "delegates/", {**FORM, "number": "4"})
    assert Delegate.objects.count() == 3


def test_where_the_code_waits_the_one_at_the_door_says_yes(client: Client) -> None:
    shipment, device = out_for_delivery(acme(code_shows="arrival"))
    nina = name(shipment)
    path, digits = their_path(shipment, nina), their_code(shipment, nina)
    assert digits not in client.get(path).content.decode()
    arrive(device=device, shipment_id=shipment.public_id, location=None, occurred_at=None)
    assert "Is someone at your door?" in seen(client, path)
    client.post(path + "here/")
    assert digits in seen(client, path)
    assert shipment.events.get(type="recipient.here").actor_kind == "delegate"


def test_who_was_taken_back_says_nothing_to_the_courier(client: Client) -> None:
    shipment, _ = out_for_delivery()
    nina = name(shipment)
    path = their_path(shipment, nina)
    revoke(shipment, nina)
    before = everything()
    client.post(path + "here/")
    assert everything() == before


def test_a_page_without_passes_asks_the_database_nothing_about_them(client: Client) -> None:
    shipment, _ = out_for_delivery()
    with statements() as asked:
        client.get(own_path(shipment))
    assert [each for each in asked if "handoffs_delegate" in each] == []
    assert (Shipment.objects.count(), DeliveryCode.objects.count()) == (1, 1)
