"""In which language a page speaks: the recipients' in theirs, everything for people at work in English."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Staff, couriers, programs and developers. Django and DRF have words of their own for some of these, in more
# languages than we do: without this, such a page would mix two.
ENGLISH = ("/admin/", "/api/", "/courier/", "/sandbox/", "/hooks/")


class LanguageMiddleware:
    """Activates what the browser asks for (Accept-Language), and leaves nothing of it to the next request.

    An order's pages then change to the recipient's own language, where we have its words.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/" or request.path_info.startswith(ENGLISH):
            with translation.override(settings.LANGUAGE_CODE):
                return self.get_response(request)
        with translation.override(translation.get_language_from_request(request)):
            response = self.get_response(request)
            response.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        patch_vary_headers(response, ("Accept-Language",))
        return response
