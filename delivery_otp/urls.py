"""Every address of the service, by surface."""

from django.urls import URLPattern, URLResolver, path

from delivery_otp import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", health.live),
    path("readyz", health.ready),
]
