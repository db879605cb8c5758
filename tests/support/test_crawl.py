"""Every page of the admin as every role: no code, no whole contact, no error, and nothing is changed."""

import re

import pytest
from django.test import Client

from support.roles import AGENT, AUDITOR, DEPOT, LEAD, MERCHANTS, SUPERVISOR
from tests.support.stories import EMAIL, PHONE, STREET, signed_in
from tests.support.world import World, a_world, addresses, rows, superuser

pytestmark = pytest.mark.django_db

ROLES = ("nobody", "no staff", AGENT, LEAD, SUPERVISOR, MERCHANTS, DEPOT, AUDITOR, "superuser")
SECRETS = (
    "nonce",
    "predecessor_mark",
    "key_digest",
    "fingerprint",
    "token_digest",
    "likeness",
    "pbkdf2",
    "md5$",
)


def browser(role: str) -> Client:
    if role == "nobody":
        return Client()
    if role == "superuser":
        return signed_in(user=superuser())
    if role == "no staff":
        user = superuser()
        user.is_staff = user.is_superuser = False
        user.save()
        return signed_in(user=user)
    return signed_in(role)


def linked(body: str) -> set[str]:
    """The addresses of the site that a page leads to, those of lists with their filters too."""
    found = re.findall(r'href="([^"#]*)"', body.replace("&amp;", "&"))
    return {each for each in found if each.startswith("/admin/")}


@pytest.fixture
def world() -> World:
    return a_world()


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_a_code_or_a_whole_contact_or_changes_anything(world: World, role: str) -> None:
    client = browser(role)
    before = rows()
    codes = [*world.live_codes(), *world.link_proofs()]
    waiting, seen = addresses(world), set()
    shown = 0
    while waiting:
        address = waiting.pop()
        seen.add(address)
        response = client.get(address)
        assert response.status_code in (200, 301, 302, 403, 404, 405), (address, response.status_code)
        body = response.content.decode() + response.get("Location", "")
        if response.status_code == 200:
            shown += 1
            assert "default-src 'self'" in response["Content-Security-Policy"]
            assert "<style" not in body
            assert not re.search(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)", body), address
            assert not re.search(r'\s(style|on\w+)="', body), address
            waiting += [each for each in linked(body) if each not in seen and each not in waiting]
        for hidden in (*codes, PHONE, PHONE[1:], EMAIL, STREET, *SECRETS):
            assert hidden not in body, (address, hidden)
    assert rows() == before
    assert shown >= (0 if role in ("nobody", "no staff") else 4)


@pytest.mark.parametrize("role", ["nobody", "no staff"])
def test_who_is_not_staff_sees_the_sign_in_alone(world: World, role: str) -> None:
    client = browser(role)
    for address in addresses(world):
        response = client.get(address)
        if address in ("/admin/login/", "/admin/jsi18n/", "/admin/logout/"):
            continue
        assert response.status_code in (302, 405, 404), address
        if response.status_code == 302:
            assert response["Location"].startswith("/admin/login/"), address
