"""How the merchant's endpoints are described in the OpenAPI document."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema, inline_serializer
from rest_framework import serializers

Shape = type[serializers.Serializer[Any]] | serializers.Serializer[Any]
Decorator = Callable[[Any], Any]


def describe(
    operation: str, *, takes: Shape | None = None, answers: Shape | None, status: int = 200
) -> Decorator:
    """One operation: its id, its body, and what it answers with where all is well."""
    return extend_schema(operation_id=operation, request=takes, responses={status: answers})


def describe_list(operation: str, of: type[serializers.Serializer[Any]]) -> Decorator:
    """An operation that answers a page of a list."""
    name = of.__name__.removesuffix("Serializer")
    page = inline_serializer(
        f"{name}List",
        {"data": of(many=True), "next": serializers.CharField(allow_null=True)},
    )
    return extend_schema(operation_id=operation, responses={200: page})
