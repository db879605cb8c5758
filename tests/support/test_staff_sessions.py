"""Staff prove themselves with two things, for a working day, and once more before what is serious."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from accounts.passwords import ask_reset
from accounts.reset_links import reset_link
from accounts.secure_links import secure_link
from tests.accounts.stories import PASSWORD, newest_code, sign_in, text_of, the_message, type_code
from tests.base import a_shipment, acme
from tests.support.stories import page_of, send

pytestmark = pytest.mark.django_db
BOSS = "boss@example.com"
NEW = {"password": "four rather quiet words"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 23, 8, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def boss() -> User:
    return User.objects.create_superuser(BOSS, PASSWORD)


@pytest.fixture
def desk(boss: User) -> Client:
    """Signed in just now."""
    client = Client()
    sign_in(client, BOSS)
    type_code(client, newest_code())
    assert client.get("/admin/").status_code == 200
    return client


def path(link: str) -> str:
    return link.partition("8000")[2]


def test_the_mailbox_alone_sets_no_password_of_staff(boss: User) -> None:
    ask_reset(BOSS)
    said = text_of(the_message("password_reset"))
    assert "Ask whoever runs this service" in said
    assert "/account/" not in said
    assert "This link has ended" in Client().post(path(reset_link(boss)), NEW).content.decode()
    boss.refresh_from_db()
    assert boss.check_password(PASSWORD)


def test_nor_does_the_link_of_a_warning_which_signs_out_all_the_same(boss: User, desk: Client) -> None:
    boss.refresh_from_db()
    assert "ask whoever runs this service" in Client().post(path(secure_link(boss))).content.decode()
    assert desk.get("/admin/").status_code == 302
    boss.refresh_from_db()
    assert not boss.has_usable_password()
    assert "This link has ended" in Client().post(path(reset_link(boss)), NEW).content.decode()


def test_a_session_of_staff_ends_with_the_day_whatever_is_done_with_it(
    desk: Client, clock: time_machine.Traveller
) -> None:
    for _ in range(11):
        clock.shift(timedelta(hours=1))
        assert desk.get("/admin/").status_code == 200
    desk.post("/account/confirm/", {"send": "email"})
    type_code(desk, newest_code(), "/account/confirm/")
    clock.shift(timedelta(minutes=59))
    assert desk.get("/admin/").status_code == 200
    clock.shift(timedelta(minutes=2))
    assert desk.get("/admin/").status_code == 302
    assert desk.get("/account/").status_code == 302


def test_what_is_serious_asks_for_a_code_of_these_minutes(
    desk: Client, clock: time_machine.Traveller
) -> None:
    shipment, merchant = a_shipment(), acme()
    pages = [f"{page_of(shipment)}contact/whole/", f"{page_of(shipment)}contact/"]
    pages.append(f"/admin/merchants/{merchant.public_id}/key/")
    assert [desk.get(page).status_code for page in pages] == [200] * 3
    clock.shift(timedelta(minutes=11))
    for page in pages:
        for answer in (desk.get(page), send(desk, page, name="shop", phone="07400 555666")):
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/account/confirm/")
    assert not merchant.api_keys.filter(name="shop").exists()
    assert desk.get(page_of(shipment)).status_code == 200
    desk.post("/account/confirm/", {"send": "email"})
    assert type_code(desk, newest_code(), "/account/confirm/", next=pages[0])["Location"] == pages[0]
    assert [desk.get(page).status_code for page in pages] == [200] * 3
