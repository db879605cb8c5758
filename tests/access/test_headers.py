"""What every page of the site tells the browser, and that no form of it is taken from elsewhere."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.test import Client

from delivery_otp.headers import PERMISSIONS
from orders.models import Shipment
from support.site import site
from tests.access.test_every_url import ACCOUNT, OWN_PAGES, PUBLIC
from tests.customers.stories import bare_path, own_path
from tests.servers.environment import service_environment
from tests.servers.service import ROOT
from tests.support import world as staff_world
from tests.support.stories import signed_in

pytestmark = pytest.mark.django_db

ALIKE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
}
EVERY_POLICY = {"default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"}
KEPT_NOWHERE = ("/admin/", "/account/", "/o/", "/sandbox/", "/proof/")


def pages() -> Iterator[tuple[Client, str]]:
    """Every address of a page, with a browser that may open it."""
    world = staff_world.a_world()
    shipment = Shipment.objects.filter(status="out_for_delivery").earliest("pk")
    anybody, administrator = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    administrator.cookies = signed_in(user=staff_world.superuser()).cookies
    for route in (*PUBLIC, "no/such/page"):
        yield anybody, f"/{route}"
    yield anybody, bare_path(shipment)
    for page in OWN_PAGES:
        yield anybody, own_path(shipment) + page
    for route in ACCOUNT:
        yield administrator, f"/{route}"
        yield anybody, f"/{route}"
    for pattern in staff_world._patterns(site.get_urls()):
        if pattern[1] != "logout":
            yield administrator, sorted(staff_world._filled(pattern, world))[-1]


def test_every_page_says_what_a_browser_may_do_with_it() -> None:
    seen = 0
    for client, address in pages():
        answer = client.get(address)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        seen += 1
        told = {name: answer.get(name) for name in ALIKE}
        assert told == ALIKE, address
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin", address
        assert answer["Referrer-Policy"] in ("same-origin", "no-referrer"), address
        policy = answer["Content-Security-Policy"]
        assert set(policy.split("; ")) >= EVERY_POLICY, address
        assert "unsafe" not in policy, address
        if address.startswith(KEPT_NOWHERE) and answer.status_code == 200 and "jsi18n" not in address:
            assert "no-store" in answer.get("Cache-Control", ""), address
        for cookie in answer.cookies.values():
            assert cookie["httponly"], (address, cookie.key)
            assert cookie["samesite"] in ("Lax", "Strict"), (address, cookie.key)
            assert not cookie["domain"], (address, cookie.key)
    assert seen > 50


def test_no_form_is_taken_without_its_token() -> None:
    """As another site would send it: with the cookies, without the token of the page."""
    refused = 0
    for client, address in pages():
        if address.startswith(("/api/", "/livez", "/readyz")):
            continue  # no cookies there: a token in a header, or nothing to change
        answer = client.post(address, {"reason": "x"}, headers={"Origin": "https://evil.example"})
        assert answer.status_code in (403, 404, 405), (address, answer.status_code)
        refused += answer.status_code == 403
    assert refused > 40


def test_behind_https_cookies_are_bound_to_this_host() -> None:
    settings = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
    settings += "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS)"
    told = subprocess.run(
        [sys.executable, "-c", settings],
        env=service_environment(PUBLIC_URL="https://codes.example.com", SANDBOX="0")
        | {"DJANGO_SETTINGS_MODULE": "delivery_otp.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.split() == ["__Host-sessionid", "__Host-csrftoken", "True", "True", "31536000"]
