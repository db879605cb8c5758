"""Every address of the service, by surface."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularJSONAPIView

from api import docs
from couriers import pages as courier_pages
from delivery_otp import health, pages, proof_page, sandbox
from notifications.hooks import email as email_hook
from support.site import site as staff

urlpatterns: list[URLPattern | URLResolver] = [
    # Read from the first on, and the handhelds ask most.
    path("api/v1/courier/", include("couriers.urls")),
    path("api/v1/", include("merchants.urls")),
    path("", pages.start),
    path("o/", include("customers.urls")),
    path("account/", include("customers.account.urls")),
    path("courier/", courier_pages.handheld, name="handheld"),
    path("proof/", proof_page.check_proof, name="proof"),
    path("proof/keys", proof_page.keys, name="proof-keys"),
    path("sandbox/", sandbox.phone, name="sandbox"),
    path("sandbox/messages.json", sandbox.messages),
    path("admin/", staff.urls),
    path("hooks/twilio/", include("notifications.hooks.urls")),
    path("hooks/email/<str:provider>/", email_hook.events),
    path("livez", health.live),
    path("readyz", health.ready),
    path("api/docs/", docs.reference, name="api-reference"),
    path("api/docs/problems", docs.problems),
    path("api/schema/", SpectacularJSONAPIView.as_view()),
]
