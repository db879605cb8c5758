"""What happened is only read: by a superuser too, and only by the columns that are shown."""

import pytest

from support.roles import AGENT, AUDITOR
from support.site import site
from tests.support.stories import signed_in
from tests.support.world import World, a_world, rows, superuser

pytestmark = pytest.mark.django_db

RECORDS = (
    "orders.event",
    "orders.shipment",
    "handoffs.codecheck",
    "handoffs.deliverycode",
    "handoffs.deliveryattempt",
    "handoffs.proofofdelivery",
    "notifications.message",
    "support.staffaction",
    "fleet.device",
)


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.mark.parametrize("name", RECORDS)
def test_a_superuser_can_neither_add_nor_change_nor_delete_them(world: World, name: str) -> None:
    client = signed_in(user=superuser())
    model = next(each for each in site._registry if each._meta.label_lower == name)
    first = model._default_manager.order_by("pk").first()
    assert first is not None
    home = f"/admin/{name.replace('.', '/')}/"
    before = rows()
    assert client.get(f"{home}add/").status_code == 403
    assert client.post(f"{home}add/", {}).status_code == 403
    assert client.post(f"{home}{first.pk}/change/", {"reason": "x", "type": "y"}).status_code in (302, 403)
    assert client.post(f"{home}{first.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [first.pk], "post": "yes"}
    client.post(home, chosen)
    assert rows() == before


@pytest.mark.parametrize("name", ["orders.merchant", "fleet.courier", "fleet.depot", "accounts.user"])
def test_not_even_a_superuser_deletes_whom_records_name(world: World, name: str) -> None:
    model = next(each for each in site._registry if each._meta.label_lower == name)
    first = model._default_manager.order_by("pk").first()
    assert first is not None
    home = f"/admin/{name.replace('.', '/')}/"
    assert signed_in(user=superuser()).post(f"{home}{first.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("notifications/message", "to=%2B447400123456"),
        ("notifications/message", "to__startswith=%2B4474"),
        ("notifications/message", "context__generation=1"),
        ("handoffs/deliverycode", "nonce__gt=1"),
        ("handoffs/deliverycode", "predecessor_mark__isnull=1"),
        ("handoffs/codecheck", "likeness__exact=superseded"),
        ("handoffs/codecheck", "budget_day__isnull=1"),
        ("handoffs/codecheck", "shipment__order__phone__startswith=%2B44"),
        ("orders/shipment", "order__phone__startswith=%2B4474"),
        ("orders/shipment", "order__email=ada@example.com"),
        ("orders/shipment", "codes__nonce__gt=1"),
        ("orders/shipment", "order__name=Ada"),
        ("fleet/device", "token_digest__startswith=a"),
        ("support/staffaction", "staff__password__startswith=m"),
        ("handoffs/proofofdelivery", "latitude__gt=1"),
    ],
)
def test_a_list_does_not_answer_about_what_it_hides(world: World, name: str, question: str) -> None:
    for client in (signed_in(AUDITOR), signed_in(user=superuser())):
        assert client.get(f"/admin/{name}/?{question}").status_code == 400


def test_a_list_answers_about_what_it_shows(world: World) -> None:
    client = signed_in(AUDITOR)
    shop = world.merchant.pk
    for address in (
        "notifications/message/?state__exact=failed",
        f"orders/shipment/?order__merchant__id__exact={shop}&status__exact=delivered&order__livemode__exact=0",
        f"support/staffaction/?about={world.shipments[0].public_id}",
        "handoffs/codecheck/?result=wrong_code",
    ):
        assert client.get(f"/admin/{address}").status_code == 200, address


def test_a_search_of_the_list_is_not_there(world: World) -> None:
    """It would put the phone number into the address."""
    body = signed_in(AGENT).get("/admin/orders/shipment/?q=07400123456").content.decode()
    assert 'id="searchbar"' not in body
    assert world.shipments[0].tracking_number in body
