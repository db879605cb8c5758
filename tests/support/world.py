"""One of everything that staff can look at, and every address at which they can."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import URLPattern, URLResolver
from django.utils import timezone

from accounts.models import User
from fleet.models import Device
from handoffs.models import DeliveryCode, Photo, ReleaseRequest
from merchants.models import ApiKey
from notifications.models import Message
from orders.models import Merchant, Shipment
from support.roles import AGENT, LEAD
from support.site import site
from tests.base import a_shipment
from tests.couriers.pictures import kept_photo
from tests.customers.stories import everything
from tests.handoffs.release_stories import ask
from tests.handoffs.stories import a_device, leave, out_for_delivery, right_code, submit, wrong_code
from tests.support.stories import a_member, act, locked, page_of, send, signed_in

# Signing in and looking at a list of hits write these; nothing else may change.
OWN = {"sessions.Session", "admin.LogEntry"}


@dataclass(frozen=True)
class World:
    """Shipments in every state that a page treats in its own way, and the rows around them."""

    shipments: list[Shipment]
    merchant: Merchant
    key: ApiKey
    device: Device
    release: ReleaseRequest
    photo: Photo

    def live_codes(self) -> list[str]:
        living = DeliveryCode.objects.living().select_related("shipment")
        codes = [code.code_of() for code in living]
        assert len(codes) >= 3
        return codes

    def link_proofs(self) -> list[str]:
        return [code.link_proof_of() for code in DeliveryCode.objects.living().select_related("shipment")]


def a_world() -> World:
    device = a_device()
    out, _ = out_for_delivery(device=device)
    submit(device, out, wrong_code(out))
    given, _ = out_for_delivery(device=device)
    submit(device, given, right_code(given))
    failed, _ = out_for_delivery(device=device)
    leave(device, failed)
    waiting, stuck = a_shipment(), locked()
    Message.objects.filter(about=out.public_id).update(
        state="failed", next_try_at=None, error="refused by Twilio (HTTP 400, error 21614)"
    )
    act(signed_in(AGENT), failed, "rotate")
    send(signed_in(LEAD), f"{page_of(out)}contact/whole/")
    merchant = out.order.merchant
    key, _ = ApiKey.issue(merchant, livemode=False, name="shop")
    DeliveryCode.objects.update(last_sent_at=timezone.now() - timedelta(minutes=2))
    asking, _ = out_for_delivery(device=device)
    photo = kept_photo(device)
    release = ask(device, asking, note="Phone is broken", photo_id=photo.public_id)
    return World([out, given, failed, waiting, stuck, asking], merchant, key, device, release, photo)


def addresses(world: World) -> list[str]:
    """Every address of the site, by its patterns: a new page is crawled without being named here."""
    found: set[str] = set()
    for pattern in _patterns(site.get_urls()):
        found |= _filled(pattern, world)
    return sorted(found)


def _patterns(entries: list[Any], prefix: str = "/admin/") -> list[tuple[str, str | None]]:
    patterns: list[tuple[str, str | None]] = []
    for entry in entries:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            patterns += _patterns(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            patterns.append((route, entry.name))
    return patterns


def _filled(pattern: tuple[str, str | None], world: World) -> set[str]:
    route, _ = pattern
    route = route.replace("^", "").replace("(?P<url>.*)$", "no/such/page")
    if "(?P<app_label>" in route:
        return {f"/admin/{label}/" for label in ("orders", "fleet", "handoffs", "notifications", "support")}
    values = {
        "<str:shipment_id>": [each.public_id for each in world.shipments],
        "<slug:name>": ["resend", "rotate", "unlock", "contact", "return", "approve", "refuse"],
        "<str:release_id>": [world.release.public_id],
        "<str:photo_id>": [world.photo.public_id],
        "<str:merchant_id>": [world.merchant.public_id],
        "<int:key_id>": [str(world.key.pk)],
        "<str:courier_id>": [world.device.courier.public_id],
        "<str:device_id>": [world.device.public_id],
        "<path:object_id>": ["1", *_keys(route)],
        "<path:content_type_id>": ["1"],
    }
    routes = {route}
    for placeholder, chosen in values.items():
        routes = {
            each.replace(placeholder, value)
            for each in routes
            for value in (chosen if placeholder in each else [""])
        }
    assert not any("<" in each for each in routes), routes
    return routes


def _keys(route: str) -> list[str]:
    """Primary keys of the rows that an address of Django's admin can show."""
    for model in site._registry:
        if route.startswith(f"/admin/{model._meta.app_label}/{model._meta.model_name}/"):
            return [str(key) for key in model._default_manager.values_list("pk", flat=True)[:8]]
    return []


def rows() -> dict[str, list[dict[str, Any]]]:
    """All that a GET may not change."""
    tables = {name: table for name, table in everything().items() if name not in OWN}
    for user in tables["accounts.User"]:
        user.pop("last_login")
    return tables


def superuser() -> User:
    user = a_member(LEAD)
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    return User.objects.get(pk=user.pk)
