"""The order page can be put among a phone's apps, and gives nothing away by it."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client

from orders.models import Order
from tests.base import a_shipment, acme
from tests.couriers.stories import statements
from tests.customers.stories import bare_path, own_path
from tests.handoffs.stories import out_for_delivery, right_code

pytestmark = pytest.mark.django_db

WORKER, MANIFEST = "/o/worker.js", "manifest/"


def test_her_own_page_names_its_manifest_and_the_bare_one_none(client: Client) -> None:
    shipment, _ = out_for_delivery()
    assert f'rel="manifest" href="{MANIFEST}"' in client.get(own_path(shipment)).content.decode()
    assert "manifest" not in client.get(bare_path(shipment)).content.decode()


def test_the_app_is_this_page_and_no_other(client: Client) -> None:
    shipment, _ = out_for_delivery(acme("Acme"))
    told = client.get(own_path(shipment) + MANIFEST).json()
    assert (told["name"], told["start_url"], told["scope"]) == ("Parcel from Acme", "../", "../")
    assert told["display"] == "standalone"


def test_the_manifest_is_told_in_her_language_and_direction(client: Client) -> None:
    shipment, _ = out_for_delivery()
    Order.objects.filter(pk=shipment.order_id).update(locale="ar")
    told = client.get(own_path(shipment) + MANIFEST).json()
    assert (told["lang"], told["dir"]) == ("ar", "rtl")


def test_the_manifest_has_neither_link_nor_code_and_is_kept_nowhere(client: Client) -> None:
    shipment, _ = out_for_delivery()
    answer = client.get(own_path(shipment) + MANIFEST)
    proof = own_path(shipment).rpartition(".")[2].strip("/")
    assert proof not in answer.content.decode()
    assert right_code(shipment) not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "no-referrer"


def test_the_manifest_of_a_made_up_link_is_the_same(client: Client) -> None:
    shipment, _ = out_for_delivery()
    made_up = bare_path(shipment)[:-1] + ".AAAABBBBCCCCDDDD/"
    answers = [client.get(path + MANIFEST) for path in (own_path(shipment), made_up)]
    assert answers[0].content == answers[1].content
    assert client.get(f"/o/AAAAAAAAAAA.AAAABBBBCCCCDDDD/{MANIFEST}").status_code == 404


def test_every_icon_is_there(client: Client) -> None:
    told = client.get(bare_path(a_shipment())[:-1] + f".x/{MANIFEST}").json()
    for icon in told["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon


def test_the_manifest_takes_one_statement_and_the_worker_none(client: Client) -> None:
    path = own_path(out_for_delivery()[0]) + MANIFEST
    for address, number in ((path, 1), (WORKER, 0)):
        cache.clear()
        with statements() as asked:
            assert client.get(address).status_code == 200
        assert len(asked) == number, "\n".join(asked)


def test_the_worker_is_the_same_for_everybody_and_asked_for_anew(client: Client) -> None:
    answer = client.get(WORKER)
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert not answer.cookies
    assert client.post(WORKER).status_code == 405


def test_only_a_code_that_shows_may_be_kept(client: Client) -> None:
    shown, _ = out_for_delivery()
    waits, _ = out_for_delivery(acme(code_shows="arrival"))
    page = client.get(own_path(shown)).content.decode()
    until = re.search(r'id="code-kept" data-until="(\d+)"', page)
    assert until
    code = shown.codes.get()
    assert int(until[1]) == int(code.expires_at.timestamp())
    for path in (own_path(waits), bare_path(shown)):
        assert "code-kept" not in client.get(path).content.decode()
