"""Each page and each action for those with its right, and for nobody else."""

import pytest
from django.contrib.auth.models import Group, Permission

from support.roles import AGENT, AUDITOR, DEPOT, LEAD, MERCHANTS, ROLES, SUPERVISOR
from tests.support.stories import act, page_of, send, signed_in
from tests.support.world import World, a_world, rows

pytestmark = pytest.mark.django_db

LOOKING = {AGENT, LEAD, SUPERVISOR, AUDITOR}
RECORDS = {LEAD, AUDITOR}
ACTIONS = {
    "resend": {AGENT, LEAD, SUPERVISOR},
    "rotate": {AGENT, LEAD},
    "unlock": {AGENT, LEAD},
    "contact": {LEAD},
    "return": {LEAD},
    "contact/whole": {LEAD},
}
LISTS = {
    "orders/shipment": LOOKING,
    "orders/event": RECORDS,
    "handoffs/codecheck": RECORDS,
    "handoffs/deliverycode": RECORDS,
    "handoffs/deliveryattempt": RECORDS,
    "handoffs/proofofdelivery": RECORDS,
    "notifications/message": RECORDS,
    "support/staffaction": RECORDS,
    "orders/merchant": {MERCHANTS, AUDITOR},
    "fleet/depot": {DEPOT, AUDITOR},
    "fleet/courier": {DEPOT, AUDITOR},
    "fleet/device": {DEPOT, AUDITOR},
    "accounts/user": set(),
}


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.mark.parametrize("role", ROLES)
def test_lists_open_for_those_who_need_them(world: World, role: str) -> None:
    client = signed_in(role)
    for name, allowed in LISTS.items():
        assert client.get(f"/admin/{name}/").status_code == (200 if role in allowed else 403), name
    assert client.get("/admin/search/").status_code == (200 if role in LOOKING else 403)
    assert client.post("/admin/search/", {"q": "Ada"}).status_code == (302 if role in LOOKING else 403)
    assert client.get(page_of(world.shipments[0])).status_code == (200 if role in LOOKING else 403)


@pytest.mark.parametrize("role", ROLES)
def test_actions_are_refused_to_all_others_and_change_nothing(world: World, role: str) -> None:
    client, shipment = signed_in(role), world.shipments[0]
    before = rows()
    for name, allowed in ACTIONS.items():
        opened = client.get(f"{page_of(shipment)}{name}/").status_code
        assert opened == (200 if role in allowed else 403), name
        if role not in allowed:
            sent = act(client, shipment, name, channel="email", phone="07400 555666")
            assert sent.status_code == 403, name
    assert rows() == before


@pytest.mark.parametrize("role", ROLES)
def test_keys_and_handhelds_are_for_their_managers(world: World, role: str) -> None:
    client, courier = signed_in(role), world.device.courier
    places = {
        f"/admin/merchants/{world.merchant.public_id}/key/": {MERCHANTS},
        f"/admin/keys/{world.key.pk}/revoke/": {MERCHANTS},
        f"/admin/couriers/{courier.public_id}/enrolment/": {DEPOT},
        f"/admin/devices/{world.device.public_id}/revoke/": {DEPOT},
    }
    before = rows()
    for address, allowed in places.items():
        if role in allowed:
            assert client.get(address).status_code == 200
        else:
            assert client.get(address).status_code == 403
            assert send(client, address, name="x", livemode="test").status_code == 403
    assert rows() == before


@pytest.mark.parametrize("role", ROLES)
def test_releases_are_decided_by_supervisors_alone(world: World, role: str) -> None:
    client, before = signed_in(role), rows()
    release, photo = world.release.public_id, world.photo.public_id
    opened = {f"/admin/photos/{photo}/": {SUPERVISOR, LEAD}}
    opened |= {
        f"/admin/releases/{place}": {SUPERVISOR} for place in ("", f"{release}/", f"{release}/approve/")
    }
    for address, allowed in opened.items():
        assert client.get(address).status_code == (200 if role in allowed else 403), address
        if role not in allowed and address.endswith(("approve/", f"{photo}/")):
            assert send(client, address).status_code == 403, address
    assert rows() == before


@pytest.mark.parametrize("role", ROLES)
def test_the_page_offers_what_the_role_may_do_and_nothing_else(world: World, role: str) -> None:
    if role not in LOOKING:
        return
    body = signed_in(role).get(page_of(world.shipments[2])).content.decode()
    for name in ("rotate", "contact", "return", "contact/whole"):
        assert (f"{page_of(world.shipments[2])}{name}/" in body) == (role in ACTIONS[name]), name


def test_the_groups_have_what_the_roles_say() -> None:
    for role, granted in ROLES.items():
        held = Group.objects.get(name=role).permissions.select_related("content_type")
        names = {f"{each.content_type.app_label}.{each.codename}" for each in held}
        assert names == set(granted)


def test_a_permission_is_there_once_with_its_own_words() -> None:
    codenames = list(
        Permission.objects.filter(content_type__app_label="support").values_list("codename", "name")
    )
    assert len(codenames) == len(dict(codenames)) == 13
    assert dict(codenames)["view_staffaction"] == "Can view staff action"
