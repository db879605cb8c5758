"""What every answer tells a browser besides what Django and django-csp do."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

# The handheld's page asks where it is and looks at QR codes; nothing else of the device is anybody's.
# https://www.w3.org/TR/permissions-policy/
PERMISSIONS = ", ".join(
    (
        "camera=(self)",
        "geolocation=(self)",
        *(f"{name}=()" for name in ("microphone", "payment", "usb", "bluetooth", "serial", "midi")),
        *(f"{name}=()" for name in ("display-capture", "accelerometer", "gyroscope", "magnetometer")),
    )
)


class HeadersMiddleware:
    """Permissions-Policy, and Cross-Origin-Resource-Policy on what no other site is invited to read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if "Access-Control-Allow-Origin" not in response.headers:
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
