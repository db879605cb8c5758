"""The staff's site: Django's admin with a start page, a search and pages of our own."""

from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from accounts.models import User
from accounts.step_up import has_second_factor
from support.attention import matters
from support.pattern import couriers_asked_about
from support.views import photos, releases, search, secrets, shipments, spend


class Place(NamedTuple):
    """An entry of the navigation, for those with the permission."""

    label: str
    url: str
    permission: str


PLACES = (
    Place("Shipments", "admin:orders_shipment_changelist", "orders.view_shipment"),
    Place("Releases", "admin:releases", releases.DECIDE),
    Place("Merchants", "admin:orders_merchant_changelist", "orders.view_merchant"),
    Place("Couriers", "admin:fleet_courier_changelist", "fleet.view_courier"),
    Place("Depots", "admin:fleet_depot_changelist", "fleet.view_depot"),
    Place("Messages", "admin:notifications_message_changelist", "notifications.view_message"),
    Place("Spend", "admin:spend", spend.VIEW),
    Place("Staff actions", "admin:support_staffaction_changelist", "support.view_staffaction"),
)
PLURALS = {"ProofOfDelivery": "Proofs of delivery", "User": "Staff"}


class SupportSite(AdminSite):
    """Only what is registered here by name is shown: nothing registers itself."""

    site_header = site_title = "Support"
    site_url = None
    index_title = "Support"
    enable_nav_sidebar = False

    def get_urls(self) -> list[Any]:
        """Ours first: Django's own end in a pattern that catches everything."""
        pages: tuple[tuple[str, Any, str], ...] = (
            ("search/", search.search_shipments, "search"),
            ("shipments/<str:shipment_id>/", shipments.show, "shipment"),
            ("shipments/<str:shipment_id>/contact/whole/", shipments.reveal, "shipment-reveal"),
            ("shipments/<str:shipment_id>/<slug:name>/", shipments.act, "shipment-act"),
            ("releases/", releases.queue, "releases"),
            ("releases/<str:release_id>/", releases.show, "release"),
            ("releases/<str:release_id>/<slug:name>/", releases.decide, "release-decide"),
            ("spend/", spend.show, "spend"),
            ("photos/<str:photo_id>/", photos.show, "photo"),
            ("merchants/<str:merchant_id>/key/", secrets.create_key, "key-create"),
            ("keys/<int:key_id>/revoke/", secrets.revoke_key, "key-revoke"),
            ("couriers/<str:courier_id>/enrolment/", secrets.create_enrolment, "courier-enrol"),
            ("devices/<str:device_id>/revoke/", secrets.revoke_device, "device-revoke"),
        )
        ours: list[URLPattern | URLResolver] = [
            path(route, self.admin_view(partial(view, site=self)), name=name) for route, view, name in pages
        ]
        return [*ours, *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Django's list, with a plural that English has."""
        apps: list[Any] = super().get_app_list(request, app_label)
        for model in (model for app in apps for model in app["models"]):
            model["name"] = PLURALS.get(model["object_name"], model["name"])
        return apps

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        user = request.user
        places = [place for place in PLACES if isinstance(user, User) and user.has_perm(place.permission)]
        return super().each_context(request) | {
            "places": [(place.label, reverse(place.url)) for place in places],
            "may_search": self.has_permission(request) and user.has_perm("orders.view_shipment"),
        }

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django lets the pages about one's password be kept by a browser; here nothing of staff is."""
        return super().admin_view(view, cacheable=False)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever has shown no more than a password is not let in, staff or not."""
        return super().has_permission(request) and has_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Staff sign in where everybody does, and always with a code."""
        onward = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': onward})}")

    def password_change(  # type: ignore[override]  # the stubs know of the form's page alone
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one page for everybody's password."""
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What needs attention, for those who may see shipments."""
        may_look = request.user.has_perm("orders.view_shipment")
        context = self.each_context(request) | {
            "title": "Start",
            "matters": matters() if may_look else [],
            "asked_about": couriers_asked_about() if may_look else [],
            "releases": releases.waiting_now() if request.user.has_perm(releases.DECIDE) else None,
            "app_list": self.get_app_list(request),
        }
        return TemplateResponse(request, "support/start.html", context)


site = SupportSite(name="admin")
