"""A file in: strict multipart/form-data (RFC 7578), held in memory and never on disk."""

from collections.abc import Mapping
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser

from api.fields import StrictField


class StrictMultipartParser(BaseParser):
    """Text and files by name, each name once. Only for endpoints that say so.

    Raises ValidationError (400): what could not be parsed has nothing that a pointer could lead to. The size
    was checked before, by BodyMiddleware.
    """

    media_type = "multipart/form-data"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        assert parser_context is not None
        request = parser_context["request"]
        body: Any = stream
        meta = request.META | {"CONTENT_TYPE": media_type}
        try:
            texts, files = MultiPartParser(meta, body, [_InMemory(request)], "utf-8").parse()
        except MultiPartParserError as error:
            message = serializers.ErrorDetail("Not well-formed multipart/form-data.", code="malformed")
            raise ValidationError([message]) from error
        given = [*texts.lists(), *files.lists()]
        values = {name: sent[0] for name, sent in given}
        if len(values) != len(given) or any(len(sent) != 1 for _, sent in given):
            message = serializers.ErrorDetail("Each part must be given once.", code="repeated")
            raise ValidationError([message])
        return values


class _InMemory(MemoryFileUploadHandler):
    """Whatever its size: Django would put what is above 2.5 MB into a file."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True


class FileField(StrictField):
    """The bytes of one file. Its name and its announced type are the sender's words, and not looked at."""

    openapi = {"type": "string", "format": "binary"}
    default_error_messages = {"not_a_file": "Must be a file.", "empty": "The file is empty."}

    def to_internal_value(self, data: Any) -> bytes:
        if not isinstance(data, UploadedFile):
            self.fail("not_a_file")
        content: bytes = data.read()
        if not content:
            self.fail("empty")
        return content
