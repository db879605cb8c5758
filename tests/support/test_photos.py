"""Looking at a photo from a door is written down, and it is shown as a picture and nothing else."""

import pytest
from django.test import Client

from handoffs.models import Photo
from handoffs.visit import fail
from orders.models import Shipment
from support.models import StaffAction
from support.roles import AGENT, LEAD, SUPERVISOR
from tests.couriers.pictures import kept_photo, opened
from tests.handoffs.release_stories import ask, below_the_line
from tests.handoffs.stories import a_device, out_for_delivery
from tests.support.stories import deeds, page_of, send, signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo() -> Photo:
    """Of a visit that failed."""
    shipment, device = out_for_delivery()
    kept = kept_photo(device)
    fail(
        device=device,
        shipment_id=shipment.public_id,
        reason="absent",
        note="",
        location=None,
        occurred_at=None,
        photo_id=kept.public_id,
    )
    kept.refresh_from_db()
    return kept


def place_of(photo: Photo) -> str:
    return f"/admin/photos/{photo.public_id}/"


def shipment_of(photo: Photo) -> Shipment:
    assert photo.shipment is not None
    return photo.shipment


def test_it_is_shown_after_a_reason_and_that_is_written_down(photo: Photo) -> None:
    client = signed_in(SUPERVISOR)
    assert "Show it" in words(client.get(place_of(photo)))
    answer = send(client, place_of(photo), reason="To decide on a release")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert opened(answer.content).size == (40, 30)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert deeds(shipment_of(photo)) == [("photo.view", "done")]
    assert StaffAction.objects.get().details == {"photo": photo.public_id}
    assert "looked at a photo" in words(client.get(page_of(shipment_of(photo))))


def test_without_a_reason_it_is_not_shown(photo: Photo) -> None:
    answer = send(signed_in(SUPERVISOR), place_of(photo), reason="")
    assert (answer.status_code, answer["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert not StaffAction.objects.exists()


def test_sending_the_form_again_shows_nothing(photo: Photo) -> None:
    client = signed_in(SUPERVISOR)
    send(client, place_of(photo), key="a" * 32)
    answer = send(client, place_of(photo), key="a" * 32)
    assert (answer.status_code, answer["Location"]) == (302, place_of(photo))
    assert deeds(shipment_of(photo)) == [("photo.view", "done")]


def test_an_agent_sees_neither_the_photo_nor_that_there_is_one(photo: Photo) -> None:
    client = signed_in(AGENT)
    assert client.get(place_of(photo)).status_code == 403
    assert send(client, place_of(photo)).status_code == 403
    assert place_of(photo) not in client.get(page_of(shipment_of(photo))).content.decode()


def test_a_lead_finds_it_on_the_shipments_page(photo: Photo) -> None:
    assert place_of(photo) in signed_in(LEAD).get(page_of(shipment_of(photo))).content.decode()


def test_a_photo_that_shows_nothing_yet_is_nobodys_to_look_at() -> None:
    assert signed_in(SUPERVISOR).get(place_of(kept_photo(a_device()))).status_code == 404


def test_an_erased_photo_says_so(photo: Photo) -> None:
    Photo.objects.update(picture=None)
    client: Client = signed_in(SUPERVISOR)
    assert "was erased" in words(client.get(place_of(photo)))
    assert "was erased" in words(send(client, place_of(photo)))
    assert not StaffAction.objects.exists()


def test_a_releases_page_leads_to_its_photo() -> None:
    shipment, device = below_the_line()
    kept = kept_photo(device)
    request = ask(device, shipment, identity_seen=False, photo_id=kept.public_id)
    body = signed_in(SUPERVISOR).get(f"/admin/releases/{request.public_id}/").content.decode()
    assert place_of(kept) in body
