"""A NUL leads nowhere, whichever part of an address it is in, whoever sends it. PostgreSQL takes none."""

import json
import re
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from accounts.factors import passkeys
from accounts.models import User
from tests.accounts.authenticator import Keeper, a_passkey, options
from tests.accounts.stories import an_account
from tests.accounts.stories import signed_in as signed_in_as
from tests.support import world as staff_world
from tests.support.stories import signed_in

pytestmark = pytest.mark.django_db
# What takes any text for a part of its address; all else takes no NUL by its own pattern.
ANY_TEXT = re.compile(r"<(str|path):\w+>|\(\?P<proof>[^)]*\)")


def test_no_part_of_an_address_may_hold_one() -> None:
    addresses = {filled(route) for route in routes() if ANY_TEXT.search(route)}
    assert len(addresses) > 20
    for client in callers():
        for address in sorted(addresses):
            assert statuses(client, address) == {404}, address


def test_no_query_may_hold_one() -> None:
    addresses = [route for route in routes() if re.fullmatch(r"[\w/.-]*", route)]
    assert len(addresses) > 50
    for client in callers():
        for address in addresses:
            for query in ("q=%00", "%00=1"):
                assert statuses(client, f"/{address}?{query}") == {400}, address


@pytest.mark.parametrize("key", ["\0" + "a" * 31, "\0" * 10, "é" * 32, "a" * 5000])
def test_what_cannot_be_a_session_is_none(client: Client, key: str) -> None:
    quoted = "".join(each if each.isalnum() and each.isascii() else f"\\{ord(each):03o}" for each in key)
    client.raise_request_exception = False
    for address in ("/account/", "/admin/", "/"):
        answer = client.get(address, headers={"Cookie": f'sessionid="{quoted}"'})
        assert answer.status_code < 400, address


FORMS = {
    "browsers/forget/": ("browser",),
    "security/sessions/end/": ("session",),
    "security/passkeys/rename/": ("passkey", "name"),
    "security/passkeys/remove/": ("passkey",),
    "phone/way/": ("way", "next"),
    "phone/": ("phone", "channel", "country"),
    "email/": ("email",),
    "deliveries/no-codes/": ("address",),
    "deliveries/codes-again/": ("address",),
    "deliveries/way/": ("channel", "language"),
}


@pytest.fixture
def desk(settings: Settings) -> Client:
    """Signed in, with a passkey."""
    settings.PUBLIC_HOST, settings.PUBLIC_URL = "localhost", "http://localhost:8000"
    an_account()
    return signed_in_as()


def test_no_form_of_an_account_breaks_on_one(desk: Client) -> None:
    a_passkey(desk)
    number = str(passkeys.passkeys_of(User.objects.get())[0].pk)
    desk.raise_request_exception = False
    for form, fields in FORMS.items():
        for field in fields:
            data = {"passkey": number, "name": "x"} | {field: "\0"}
            assert desk.post(f"/account/{form}", data).status_code in (200, 302), (form, field)
    assert passkeys.name_of(passkeys.passkeys_of(User.objects.get())[0]) == "Phone"


def test_a_name_is_kept_without_it(desk: Client) -> None:
    credential = Keeper().makes(options(desk, "add"))
    desk.post("/account/security/passkeys/add/", {"name": "Ph\0one", "credential": credential})
    assert passkeys.name_of(passkeys.passkeys_of(User.objects.get())[0]) == "Phone"


@pytest.mark.parametrize("junk", ["\0", "\ud800", float("nan"), float("inf")])
@pytest.mark.parametrize("part", ["id", "rawId", "type", "clientExtensionResults", "besides"])
def test_no_part_of_a_passkeys_answer_breaks_anything(desk: Client, part: str, junk: Any) -> None:
    desk.raise_request_exception = False
    made = json.loads(Keeper().makes(options(desk, "add"))) | {part: junk}
    answer = desk.post("/account/security/passkeys/add/", {"name": "x", "credential": json.dumps(made)})
    assert answer.status_code == 302
    assert not passkeys.passkeys_of(User.objects.get())


def callers() -> list[Client]:
    clients = [Client(), signed_in(user=staff_world.superuser())]
    for client in clients:
        client.raise_request_exception = False
    return clients


def statuses(client: Client, address: str) -> set[int]:
    """What GET and POST answer. Each is undone: one that broke the transaction breaks no other."""
    found = set()
    for method in (client.get, client.post):
        with transaction.atomic():
            found.add(method(address).status_code)
            transaction.set_rollback(True)
    return found


def filled(route: str) -> str:
    """An address of this pattern, with a NUL wherever there may be any text."""
    tracking = re.sub(r"\(\?P<tracking>[^)]*\)", "AAAAAAAAAAA", ANY_TEXT.sub("%00", route))
    known = re.sub(r"<slug:\w+>", "resend", re.sub(r"<int:\w+>", "1", tracking))
    return "/" + known.replace(r"\.", ".").replace("^", "").replace("$", "")


def routes(entries: list[Any] | None = None, prefix: str = "") -> list[str]:
    """Every pattern outside the API."""
    found = []
    for entry in get_resolver().url_patterns if entries is None else entries:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += routes(entry.url_patterns, route)
        elif isinstance(entry, URLPattern) and not route.startswith("api/v1/"):
            found.append(route)
    return found
