"""Every address of the site as every kind of caller. A new address fails until it is decided here.

A cell is one address and method as one caller; what it may answer is written down, by audience.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from api.tokens import new_token
from fleet.models import Courier, Device
from merchants.models import ApiKey
from orders.models import Merchant, Shipment
from support.roles import ROLES as STAFF_ROLES
from support.site import site
from tests.access import operations, staff_pages
from tests.access.operations import BODIES, THEIR_OWN, is_couriers
from tests.customers.stories import bare_path, own_path
from tests.handoffs.stories import right_code
from tests.support import world as staff_world
from tests.support.stories import a_member, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.long]

MERCHANTS = ("merchant", "live key", "other merchant", "revoked key")
COURIERS = ("courier", "other courier", "revoked handheld", "courier who left")
STAFF = ("superuser", *STAFF_ROLES)
NO_STAFF = ("nobody", "a customer", "staff who left")
ROLES = (*NO_STAFF, *MERCHANTS, *COURIERS, *STAFF)

# What everybody may open, whoever they are, and by which methods; all else is 405.
PUBLIC = {
    "": {"GET"},
    "courier/": {"GET"},
    "o/worker.js": {"GET"},
    "proof/": {"GET", "POST"},
    "proof/keys": {"GET"},
    "sandbox/": {"GET"},  # while SANDBOX=1: tests/pages has it closed and with its password
    "sandbox/messages.json": {"GET"},
    "livez": {"GET", "POST"},
    "readyz": {"GET", "POST"},
    "api/docs/": {"GET"},
    "api/docs/problems": {"GET"},
    "api/schema/": {"GET"},
}
# Only their senders' signatures open these: to everybody else, with whatever rights, they are shut.
HOOKS = {
    "hooks/twilio/status": 403,
    "hooks/twilio/inbound": 403,
    "hooks/twilio/voice/{message_id}": 403,
    "hooks/twilio/voice/{message_id}/key": 403,
    "hooks/email/{provider}/": 404,  # no provider is set up here that would send anything
}
# The address is the right: the caller's own tokens and sessions add nothing to it.
OWN_PAGES = {
    "": {"GET"},
    "manifest/": {"GET"},
    "resend/": {"POST"},
    "new-code/": {"POST"},
    "here/": {"POST"},
    "not-received/": {"POST"},
    "delegates/": {"POST"},
    "delegates/revoke/": {"POST"},
    "preferences/": {"GET"},
    "preferences/send/": {"POST"},
    "preferences/confirm/": {"POST"},
    "preferences/codes-again/": {"POST"},
}
# The account's pages. To whom each answers 200 to GET; everybody else is led elsewhere. Nothing is anybody
# else's here: there is no address of another account.
ACCOUNT_OPEN = (
    *("account/password/reset/", "account/password/reset/usr_1/made-up/", "account/signup/"),
    *("account/secure/made-up/", "account/back/made-up/"),
)
ACCOUNT_OWN = ("account/", "account/security/", "account/deliveries/", "account/confirm/other/")
ACCOUNT_FRESH = (
    *("account/password/", "account/phone/", "account/email/"),
    *("account/security/app/", "account/security/passkeys/add/", "account/parcels/AAAAAAAAAAA/release/"),
)  # with a fresh code
ACCOUNT_STEPS = {  # in the middle of something that these callers have not begun
    "account/login/code/": "/account/login/",
    "account/login/other/": "/account/login/",
    "account/signup/code/": "/account/signup/",
    "account/phone/code/": "/account/phone/",
    "account/email/code/": "/account/email/",
}
# By POST alone, and all but those of NOTHING_SHOWN with a fresh code.
NOTHING_SHOWN = {"account/logout/", "account/login/passkey/", "account/passkeys/options/"}
ACCOUNT_FORMS = {
    *("account/browsers/forget/", "account/phone/remove/", "account/phone/way/", *NOTHING_SHOWN),
    *("account/security/app/new/", "account/security/app/remove/", "account/security/recovery/"),
    *("account/security/passkeys/rename/", "account/security/passkeys/remove/"),
    *("account/security/sessions/end/", "account/deliveries/no-codes/", "account/deliveries/way/"),
}
# Without a fresh code: what only protects more, and a parcel, which is nobody's here and so not there.
ACCOUNT_SIGNED_IN = {
    "account/deliveries/codes-again/": 302,
    "account/parcels/AAAAAAAAAAA/new-code/": 404,
    "account/parcels/AAAAAAAAAAA/here/": 404,
}
BY_POST_ALONE = {*ACCOUNT_FORMS, *ACCOUNT_SIGNED_IN}
ACCOUNT_PARCEL = "account/parcels/AAAAAAAAAAA/"
ACCOUNT = {
    *("account/login/", "account/confirm/", *ACCOUNT_OPEN, *ACCOUNT_OWN, *ACCOUNT_FRESH),
    *(*ACCOUNT_STEPS, *ACCOUNT_FORMS, *ACCOUNT_SIGNED_IN, ACCOUNT_PARCEL),
}
FORM = "application/x-www-form-urlencoded"
RELEASE = "/courier/shipments/{shipment_id}/release-request"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ALL_METHODS_CHANGE_NOTHING = {"livez", "readyz"}


@dataclass
class Everyone:
    """One caller of each kind, and what belongs to the first of them."""

    api: operations.World
    tokens: dict[str, str]
    shipment: Shipment

    def client(self, role: str) -> Client:
        if role in self.tokens:
            return Client(headers={"Authorization": f"Bearer {self.tokens[role]}"})
        if role == "superuser":
            return signed_in(user=staff_world.superuser(), is_fresh=False)
        if role in STAFF_ROLES:
            return signed_in(role, is_fresh=False)
        client = Client()
        if role != "nobody":
            user = a_member()
            client.force_login(user)
            gone = {"is_active": False} if role == "staff who left" else {"is_staff": False}
            User.objects.filter(pk=user.pk).update(**gone)
        return client


@pytest.fixture
def everyone() -> Everyone:
    api = operations.a_world()
    shipment = Shipment.objects.get(public_id=api.ids["shipment_id"])
    merchant = Merchant.objects.get(pk=shipment.order.merchant_id)
    courier = Courier.objects.get(public_id=api.ids["courier_id"])
    left = Courier.objects.create(depot=courier.depot, name="Lea", active=False)
    revoked, key = ApiKey.issue(merchant, livemode=False)
    revoked.revoke()
    tokens = {
        "merchant": api.merchant,
        "live key": ApiKey.issue(merchant, livemode=True)[1],
        "other merchant": api.other_merchant,
        "revoked key": key,
        "courier": api.courier,
        "other courier": api.other_courier,
        "revoked handheld": _handheld(courier, revoked=True),
        "courier who left": _handheld(left),
    }
    return Everyone(api, tokens, shipment)


def _handheld(courier: Courier, *, revoked: bool = False) -> str:
    token, digest = new_token("ct_")
    device = Device.objects.create(courier=courier, token_digest=digest)
    if revoked:
        device.revoke()
    return token


def _patterns(entries: list[Any], prefix: str = "") -> Iterator[str]:
    for entry in entries:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route


def test_every_address_of_the_site_is_decided_here() -> None:
    routes = {route for route in _patterns(get_resolver().url_patterns) if not route.startswith("admin/")}
    api = {f"api/v1{path}" for _, path in BODIES}
    found = {re.sub(r"<\w+:(\w+)>", r"{\1}", route) for route in routes}
    bare = r"o/^(?P<tracking>[0-9A-Za-z]{1,16})/"
    orders = {f"{bare}{page}$" for page in ("", "fresh-link/")}
    own = r"o/^(?P<tracking>[0-9A-Za-z]{1,16})\.(?P<proof>[^/]{1,200})/"
    orders |= {f"{own}{page}$" for page in OWN_PAGES}
    account = {each.replace("usr_1/made-up", "{account_id}/{token}") for each in ACCOUNT}
    account = {re.sub("(secure|back)/made-up", r"\1/{token}", each) for each in account}
    account = {each.replace("AAAAAAAAAAA", "{tracking}") for each in account}
    assert found == api | orders | set(PUBLIC) | set(HOOKS) | account
    for _, name, slug in pages_of_staff():
        answer_for("superuser", name, slug)  # KeyError: say in staff_pages what it asks for


@pytest.mark.parametrize("role", ROLES)
def test_what_is_for_everybody_answers_everybody_alike(everyone: Everyone, role: str) -> None:
    client = everyone.client(role)
    for route, allowed in PUBLIC.items():
        for method in METHODS:
            answer = client.generic(method, f"/{route}")
            if method in allowed:
                assert answer.status_code == 200, (route, method, answer.status_code)
            elif route not in ALL_METHODS_CHANGE_NOTHING:
                assert answer.status_code in (403, 405), (route, method, answer.status_code)


@pytest.mark.parametrize("role", ROLES)
def test_an_accounts_pages_are_for_who_is_signed_in(everyone: Everyone, role: str) -> None:
    client = everyone.client(role)
    has_account = role in ("a customer", *STAFF)
    for route in ACCOUNT_OPEN:
        assert client.get(f"/{route}").status_code == 200, route
    for route in (*ACCOUNT_OWN, "account/confirm/"):
        answer = client.get(f"/{route}")
        assert answer.status_code == (200 if has_account else 302), route
    for route in (*ACCOUNT_FRESH, *(ACCOUNT_FORMS - NOTHING_SHOWN)):
        led = "/account/confirm/" if has_account else "/account/login/"
        asked = [client.post(f"/{route}")] + [client.get(f"/{route}")] * (route in ACCOUNT_FRESH)
        for answer in asked:
            assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, led), route
    for route, led in ACCOUNT_STEPS.items():
        for answer in (client.get(f"/{route}"), client.post(f"/{route}", {"code": "000000"})):
            assert (answer.status_code, answer["Location"]) == (302, led), route
    for route, status in ACCOUNT_SIGNED_IN.items():
        assert client.post(f"/{route}").status_code == (status if has_account else 302), route
    assert client.get(f"/{ACCOUNT_PARCEL}").status_code == (404 if has_account else 302)
    for route in ACCOUNT:
        others = set(METHODS) - {"POST"} if route in BY_POST_ALONE else {"PUT", "PATCH", "DELETE"}
        for method in others:
            assert client.generic(method, f"/{route}").status_code == 405, (route, method)
    assert client.post("/account/passkeys/options/", {"for": "add"}).status_code == 403
    assert client.post("/account/login/passkey/", {"credential": "{}"})["Location"] == "/account/login/"
    assert client.post("/account/logout/").status_code == 302


@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_their_senders_opens_the_hooks(everyone: Everyone, role: str) -> None:
    client = everyone.client(role)
    for route, refused in HOOKS.items():
        address = "/" + route.format(message_id="msg_" + "0" * 26, provider="mailgun")
        for method in METHODS:
            answer = client.generic(method, address, b"MessageSid=1", content_type=FORM)
            assert answer.status_code in ({refused} if method == "POST" else {403, 405}), (method, address)


@pytest.mark.parametrize("role", ROLES)
def test_only_the_own_link_opens_the_code_whoever_holds_it(everyone: Everyone, role: str) -> None:
    shipment, client = everyone.shipment, everyone.client(role)
    code = right_code(shipment)
    made_up = f"/o/{shipment.tracking_number}.AAAABBBBCCCCDDDD/"
    bare, own = client.get(bare_path(shipment)), client.get(own_path(shipment))
    assert (bare.status_code, own.status_code) == (200, 200)
    assert code in own.content.decode()
    for address in (bare_path(shipment), made_up):
        assert code not in client.get(address).content.decode()
    assert client.get("/o/00000000000/").status_code == 404
    asked = client.post(bare_path(shipment) + "fresh-link/")
    assert (asked.status_code, asked["Location"]) == (302, bare_path(shipment))
    for method in set(METHODS) - {"POST"}:
        assert client.generic(method, bare_path(shipment) + "fresh-link/").status_code == 405
    for base in (own_path(shipment), made_up):
        for page, allowed in OWN_PAGES.items():
            for method in set(METHODS) - allowed:
                assert client.generic(method, base + page).status_code == 405, (page, method)
    before = list(Shipment.objects.values())
    for page in (page for page, allowed in OWN_PAGES.items() if "POST" in allowed):
        answer = client.post(made_up + page)
        assert (answer.status_code, answer["Location"]) == (302, made_up), page
    assert list(Shipment.objects.values()) == before
    assert right_code(shipment) == code


# What the owner's operations come to, as far as their rights go: they are let in, whatever it then says.
LET_IN = {200, 201, 202, 204, 400, 409, 422, 429}
NOT_THERE_YET = {("GET", "/shipments/{shipment_id}/proof"), ("GET", RELEASE)}
SURFACES = {
    "merchant": "merchant",
    "live key": "merchant",
    "other merchant": "merchant",
    "courier": "courier",
    "other courier": "courier",
}


def allowed_of(role: str, method: str, path: str) -> set[int]:
    """What an operation of the API may answer to this caller."""
    if (method, path) in operations.OPEN_TO_ALL:
        return {401}  # the enrolment code that is sent is nobody's
    if role not in SURFACES:
        return {401}
    if SURFACES[role] != ("courier" if is_couriers(path) else "merchant"):
        return {403}
    if role in ("merchant", "courier"):
        return {404} if (method, path) in NOT_THERE_YET else LET_IN
    if (role, method, path) == ("live key", "POST", "/routes"):
        return {400}  # their own courier, who carries for test keys alone
    return LET_IN if (method, path) in THEIR_OWN else {404}


def test_every_operation_of_the_api(everyone: Everyone) -> None:
    assert [each for role in ROLES for each in wrong_operations(role, everyone)] == []


def undone(everyone: Everyone, client: Client, token: str, method: str, path: str) -> Any:
    """The answer, after what was done has been undone. A session of the pages is no token."""
    with transaction.atomic():
        if token:
            answer = everyone.api.ask(token, method, path)
        else:
            address, kind = f"/api/v1{everyone.api.fill(path)}", "application/json"
            answer = client.generic(method, address, b"{}", content_type=kind)
        transaction.set_rollback(True)
    return answer


def wrong_operations(role: str, everyone: Everyone) -> Iterator[tuple[Any, ...]]:
    client = everyone.client(role)
    token = everyone.tokens.get(role, "")
    for method, path in BODIES:
        if path.endswith("/handoff"):  # it wants to commit its charge by itself
            answer = everyone.api.ask(token, method, path)
        else:
            answer = undone(everyone, client, token, method, path)
        allowed = allowed_of(role, method, path)
        if not token and (method, path) in operations.OPEN_TO_ALL:
            allowed = {400}  # without an enrolment code
        if answer.status_code not in allowed:
            yield role, method, path, answer.status_code


def pages_of_staff() -> list[tuple[str, str, str]]:
    """Every address of the admin with the name of its pattern and, where it has one, what <slug:name> is."""
    world = staff_world.a_world()
    found = []
    for route, name in staff_world._patterns(site.get_urls()):
        addresses = sorted(staff_world._filled((route, name), world))
        for address in addresses if "<slug:name>" in route else addresses[-2:]:
            slug = address.rstrip("/").rpartition("/")[2] if "<slug:name>" in route else ""
            if slug and f"{name} {slug}" not in staff_pages.OURS:
                continue  # a verb of another page
            found.append((address, name or "", slug))
    return found


def answer_for(role: str, name: str, slug: str) -> set[int]:
    """What a page of staff may answer to GET."""
    if name in staff_pages.FOR_ANYBODY:
        return {200, 302}
    if role not in STAFF:
        return {302, 405} if name == "logout" else {302}
    if name in staff_pages.SAME_FOR_ALL_STAFF:
        return {200, 302, 403, 404, 405}
    granted = set(staff_pages.needed_for(name, slug)) <= staff_pages.rights_of(role)
    if not granted or name.endswith("_delete"):
        return {403}
    # 302 and 404: there is no such row, or what was asked for is not to be had now.
    return {302, 403, 404} if name.endswith("_history") else {200, 302, 404}


def test_every_page_of_staff(everyone: Everyone) -> None:
    pages = pages_of_staff()
    wrong = [each for role in ROLES for each in wrong_pages(role, everyone.client(role), pages)]
    assert not wrong, sorted({(each[0], each[1], re.sub(r"\d+", "N", each[2]), each[3]) for each in wrong})[
        :40
    ]


def wrong_pages(role: str, client: Client, pages: list[tuple[str, str, str]]) -> Iterator[tuple[Any, ...]]:
    for address, name, slug in pages:
        allowed = answer_for(role, name, slug)
        for method in ("GET", "POST") if allowed in ({403}, {302}) else ("GET",):
            answer = client.generic(method, address)
            besides = {405} if method == "POST" else set()  # a page that takes no POST says so first
            if answer.status_code not in allowed | besides:
                yield role, method, address, answer.status_code
            if role not in STAFF and answer.status_code == 302 and name != "logout":
                assert answer["Location"].startswith(("/admin/login/", "/account/login/")), address


def test_there_are_thousands_of_cells(everyone: Everyone) -> None:
    """How many they are, for the record (pytest -s shows it); fewer by half would mean that some got lost."""
    pages = len(pages_of_staff())
    each = (
        len(PUBLIC) * len(METHODS)
        + len(OWN_PAGES) * len(METHODS) * 2
        + len(BODIES)
        + pages
        + len(HOOKS) * len(METHODS)
    )
    sys.stdout.write(f"{each * len(ROLES)} cells: {each} addresses and methods, {len(ROLES)} callers\n")
    assert each * len(ROLES) > 4000
