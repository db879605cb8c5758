"""The sandbox phone shows what would have gone out, rendered when somebody looks."""

import base64
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from notifications.models import Message
from notifications.worker import drain
from orders.models import Shipment
from tests.base import someone
from tests.customers.stories import own_path, seen
from tests.handoffs.stories import out_for_delivery, right_code

pytestmark = pytest.mark.django_db


def messages(client: Client, shipment: Shipment | None = None) -> list[dict[str, Any]]:
    query = {"shipment": shipment.public_id} if shipment else {}
    answer: dict[str, list[dict[str, Any]]] = client.get("/sandbox/messages.json", query).json()
    assert set(answer) == {"data"}
    return answer["data"]


def with_password(password: str, user: str = "anybody") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


# --- For programs --------------------------------------------------------------------------------


def test_the_message_with_the_code_is_there_and_says_whether_it_has_gone_out(client: Client) -> None:
    shipment, _ = out_for_delivery()
    assert [message["state"] for message in messages(client, shipment)] == ["queued"]
    drain()
    (message,) = messages(client, shipment)
    assert set(message) == {
        "id",
        "kind",
        "channel",
        "to",
        "subject",
        "body",
        "shipment",
        "created_at",
        "state",
    }
    assert message["state"] == "sent"
    assert (message["kind"], message["channel"], message["to"]) == ("delivery_code", "sms", "+447400123456")
    assert message["shipment"] == shipment.public_id
    assert re.findall(r"\b[0-9]{6}\b", message["body"])[0] == right_code(shipment)
    assert message["created_at"].endswith("Z")


def test_newest_first_and_only_those_about_the_shipment(client: Client) -> None:
    first, _ = out_for_delivery()
    second, _ = out_for_delivery()
    drain()
    assert [message["shipment"] for message in messages(client)] == [second.public_id, first.public_id]
    assert [message["shipment"] for message in messages(client, first)] == [first.public_id]


@pytest.mark.parametrize("shipment", ["shp_unknown", "", "\x01", "' or 1=1", "x" * 5000])
def test_a_shipment_that_there_is_not_has_no_messages(client: Client, shipment: str) -> None:
    out_for_delivery()
    drain()
    assert client.get("/sandbox/messages.json", {"shipment": shipment}).json() == {"data": []}


def test_a_message_that_named_a_dead_code_says_so(client: Client) -> None:
    shipment, _ = out_for_delivery()
    drain()
    code = right_code(shipment)
    client.post(own_path(shipment) + "new-code/")
    _new, message = messages(client, shipment)
    assert message["body"] == "The code that this message named no longer exists."
    assert code not in str(messages(client))


def test_at_most_a_hundred(client: Client) -> None:
    shipment, _ = out_for_delivery()
    drain()
    sent = Message.objects.get(about=shipment.public_id)
    for _ in range(105):
        sent.pk, sent.public_id = None, Message().public_id
        sent.save(force_insert=True)
    assert len(messages(client)) == 100
    assert client.get("/sandbox/").content.decode().count('class="bubble') == 100


# --- For people ----------------------------------------------------------------------------------


def test_a_message_arrives_on_the_phone_of_its_recipient(client: Client) -> None:
    ada, _ = out_for_delivery()
    other, _ = out_for_delivery(recipient=someone(2))
    drain()
    page = seen(client, "/sandbox/")
    assert page.index("recipient2@example.com E-mail") < page.index("+447400123456 Text messages")
    assert right_code(ada) in page
    assert right_code(other) in page


def test_its_link_can_be_clicked(client: Client) -> None:
    shipment, _ = out_for_delivery()
    drain()
    page = client.get("/sandbox/").content.decode()
    (link,) = re.findall(r'<a href="https?://[^/"]+(/o/[^"]+)"', page)
    assert link == own_path(shipment)
    assert right_code(shipment) in seen(client, link)


def test_one_that_waits_is_shown_as_waiting(client: Client) -> None:
    out_for_delivery()
    assert "Waiting to be sent" in seen(client, "/sandbox/")
    drain()
    assert "Waiting to be sent" not in seen(client, "/sandbox/")


def test_one_that_failed_says_why(client: Client) -> None:
    out_for_delivery()
    Message.objects.update(state=Message.State.FAILED, next_try_at=None, error="no such number")
    assert "Could not be sent : no such number" in seen(client, "/sandbox/")


def test_a_kind_that_is_not_known_any_more_does_not_break_it(client: Client) -> None:
    out_for_delivery()
    Message.objects.update(kind="from_a_later_release")
    assert "not known to this release" in seen(client, "/sandbox/")


# --- Only where it belongs -----------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/sandbox/", "/sandbox/messages.json"])
def test_without_a_sandbox_it_is_not_there(client: Client, settings: LazySettings, path: str) -> None:
    settings.SANDBOX = False
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/sandbox/", "/sandbox/messages.json"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        with_password("wrong"),
        with_password(""),
        with_password("näin"),
        {"Authorization": "Basic ???"},
        {"Authorization": "Basic " + base64.b64encode(b"\xff\xfe").decode()},
        {"Authorization": "Basic"},
        {"Authorization": "Bearer s3cret"},
    ],
)
def test_with_a_password_it_asks_for_it(
    client: Client, settings: LazySettings, path: str, headers: dict[str, str]
) -> None:
    settings.SANDBOX_PASSWORD = "s3cret"
    response = client.get(path, headers=headers)
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("password", ["s3cret", "with:colon", "pässword"])
def test_and_opens_to_it(client: Client, settings: LazySettings, password: str) -> None:
    settings.SANDBOX_PASSWORD = password
    assert client.get("/sandbox/", headers=with_password(password)).status_code == 200


def test_its_password_is_guessed_twenty_times_and_the_right_one_is_then_refused(
    client: Client, settings: LazySettings
) -> None:
    settings.SANDBOX_PASSWORD = "s3cret"

    def tried(password: str, network: str = "192.0.2.1") -> int:
        return client.get("/sandbox/", headers=with_password(password), REMOTE_ADDR=network).status_code

    assert [tried("s3cret") for _ in range(25)] == [200] * 25
    assert [tried(f"guess {number}") for number in range(21)] == [401] * 20 + [429]
    assert tried("s3cret") == 429
    assert tried("s3cret", "192.0.2.2") == 200


@pytest.mark.parametrize("path", ["/sandbox/", "/sandbox/messages.json"])
def test_what_it_shows_is_kept_nowhere(client: Client, path: str) -> None:
    response = client.get(path)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
