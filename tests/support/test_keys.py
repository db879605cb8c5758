"""API keys, enrolment codes and handhelds: made with a secret that is shown once, and revoked."""

import re

import pytest

from fleet.enrol import enrol
from fleet.models import Courier, Depot, Device
from merchants.models import ApiKey
from orders.models import Merchant
from support.models import StaffAction
from support.roles import DEPOT, MERCHANTS
from tests.base import ApiClient, a_key, acme, carl
from tests.handoffs.stories import a_device
from tests.support.stories import said, send, signed_in, words

pytestmark = pytest.mark.django_db


def secret_in(body: str) -> str:
    found = re.search(r'<p class="secret"><bdi dir="ltr">([^<]+)<', body)
    assert found is not None
    return found[1]


def create(shop: Merchant, kind: str = "test", *, key: str | None = None) -> tuple[object, str]:
    client = signed_in(MERCHANTS)
    response = send(client, f"/admin/merchants/{shop.public_id}/key/", key=key, name="shop", livemode=kind)
    return client, response.content.decode()


@pytest.mark.parametrize("kind", ["test", "live"])
def test_a_key_works_and_is_shown_once(kind: str) -> None:
    shop = acme()
    _, body = create(shop, kind)
    token = secret_in(body)
    assert token.startswith(f"mk_{kind}_")
    assert ApiClient(token).send("GET", "/shipments").status_code in (200, 404, 405)
    assert ApiKey.objects.get().livemode == (kind == "live")
    assert token not in str(list(StaffAction.objects.values()))


def test_who_was_shown_the_key_is_taken_for_who_holds_its_handhelds() -> None:
    """They could enrol one, ask for a release from it and approve that themselves."""
    shop = acme()
    _, body = create(shop, "live")
    staff = StaffAction.objects.get().staff
    depot = Depot.objects.create(merchant=shop, name="Acme's own")
    courier = Courier.objects.create(depot=depot, name="Carl")
    answer = ApiClient(secret_in(body)).send("POST", f"/couriers/{courier.public_id}/enrolment", key="k1")
    outcome = enrol(enrolment_code=answer.json()["enrolment_code"], name="handheld")
    assert isinstance(outcome, tuple)
    assert outcome[0].enrolled_by == staff


def test_a_second_click_makes_no_second_key() -> None:
    shop, client = acme(), signed_in(MERCHANTS)
    address = f"/admin/merchants/{shop.public_id}/key/"
    send(client, address, key="a" * 32, name="shop", livemode="test")
    again = send(client, address, key="a" * 32, name="shop", livemode="test")
    assert "not shown again" in said(client, again)
    assert ApiKey.objects.count() == StaffAction.objects.count() == 1


def test_a_revoked_key_is_refused_from_then_on() -> None:
    shop = acme()
    token = a_key(shop)
    key = ApiKey.objects.get()
    client = signed_in(MERCHANTS)
    assert "Done" in said(client, send(client, f"/admin/keys/{key.pk}/revoke/"))
    assert ApiClient(token).send("GET", "/couriers").status_code == 401
    action = StaffAction.objects.get()
    assert (action.action, action.about, action.details) == ("key.revoke", shop.public_id, {"key": key.pk})


def test_an_enrolment_code_enrols_one_handheld() -> None:
    courier = carl()
    response = send(signed_in(DEPOT), f"/admin/couriers/{courier.public_id}/enrolment/")
    code = secret_in(response.content.decode())
    assert isinstance(enrol(enrolment_code=code, name="handheld"), tuple)
    assert not isinstance(enrol(enrolment_code=code, name="handheld"), tuple)
    assert code not in str(list(StaffAction.objects.values()))


def test_a_revoked_handheld_stays_revoked() -> None:
    device, client = a_device(), signed_in(DEPOT)
    send(client, f"/admin/devices/{device.public_id}/revoke/")
    first = Device.objects.get().revoked_at
    send(client, f"/admin/devices/{device.public_id}/revoke/")
    assert first is not None
    assert Device.objects.get().revoked_at == first


def test_without_a_reason_nothing_is_made() -> None:
    courier = carl()
    response = send(signed_in(DEPOT), f"/admin/couriers/{courier.public_id}/enrolment/", reason="")
    assert response.status_code == 400
    assert "This field is required" in words(response)
    assert StaffAction.objects.count() == 0
