"""Every address of the service, by surface."""

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularJSONAPIView

from delivery_otp import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.live),
    path("readyz", health.ready),
    path("api/v1/", include("merchants.urls")),
    path("api/v1/courier/", include("couriers.urls")),
    path("api/schema/", SpectacularJSONAPIView.as_view()),
]
