"""Pages about an order are kept nowhere, found by no search, and their address is sent on to nobody."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from orders.models import Shipment
from tests.customers.stories import bare_path, own_path
from tests.handoffs.stories import living_code, out_for_delivery

pytestmark = pytest.mark.django_db


def manifest_path(shipment: Shipment) -> str:
    return own_path(shipment) + "manifest/"


@pytest.mark.parametrize("path_of", [bare_path, own_path, manifest_path])
@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_every_answer_carries_them(client: Client, path_of: Callable[[Shipment], str], method: str) -> None:
    response = getattr(client, method)(path_of(out_for_delivery()[0]))
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


ACTIONS = (
    *("resend/", "new-code/", "here/", "not-received/"),
    *("preferences/send/", "preferences/confirm/", "preferences/codes-again/"),
)


@pytest.mark.parametrize("action", ACTIONS)
def test_the_answers_to_its_forms_too(client: Client, action: str) -> None:
    response = client.post(own_path(out_for_delivery()[0]) + action)
    assert response.status_code == 302
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"


def test_nothing_on_the_page_needs_what_the_policy_forbids(client: Client) -> None:
    for page in pages(client):
        assert page.count("<script") == 1
        assert '<script src="/static/' in page
        assert not re.search(r"style=|<style|<svg| on[a-z]+=", page)


def test_each_page_weighs_less_than_50_kb_in_all(client: Client) -> None:
    for page in pages(client):
        files = static_files(page)
        assert {"site.css", "favicon.svg"} < {file.name for file in files}
        bodies = [page.encode(), *(client.get(path).content for path in kept_for_later(page))]
        assert sum(map(len, bodies)) + sum(file.stat().st_size for file in files) < 50_000


def static_files(page: str) -> set[Path]:
    """All that the page names, the icon on a home screen too, and the modules that its script is made of."""
    names = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    named = {Path(str(finders.find(name))) for name in names}
    modules = {
        script.parent / module
        for script in named
        if script.suffix == ".js"
        for module in re.findall(r'"\./(\w+\.js)"', script.read_text())
    }
    assert all(file.is_file() for file in named | modules)
    return named | modules


def kept_for_later(page: str) -> list[str]:
    """What a browser fetches besides, where the page can be installed."""
    if "manifest" not in page:
        return []
    code = living_code(Shipment.objects.get())
    own = f"/o/{code.shipment.tracking_number}.{code.link_proof_of()}/"
    return ["/o/worker.js", own + "manifest/"]


def pages(client: Client) -> list[str]:
    """Both of Ada's own, as full as they get."""
    shipment, _ = out_for_delivery(barcodes=("JD-one", "JD-two", "JD-three"))
    own = own_path(shipment)
    client.post(own + "preferences/send/", {"channel": "sms"})
    return [client.get(path).content.decode() for path in (own, own + "preferences/")]
