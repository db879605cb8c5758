"""JSON in, JSON out, whatever `Accept` says."""

from collections.abc import Iterable, Mapping
from email.message import Message
from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from api.encoding import to_json


class JSONRenderer(BaseRenderer):
    """Writes an answer's data as `api.encoding` does."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else to_json(data)


class FixedNegotiation(BaseContentNegotiation):
    """A view's first renderer always; a parser only for exactly its media type, in UTF-8."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        if request.content_type == "application/json":  # nearly always, and quicker than to read a header
            return next((parser for parser in parsers if parser.media_type == "application/json"), None)
        header = Message()
        header["Content-Type"] = request.content_type or "none/none"
        if str(header.get_param("charset", "utf-8")).lower() not in {"utf-8", "utf8", "us-ascii"}:
            return None
        return next((parser for parser in parsers if parser.media_type == header.get_content_type()), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first = next(iter(renderers))
        return first, first.media_type
