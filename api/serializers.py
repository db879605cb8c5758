"""Serializers shape and check the form of input. Rules live elsewhere."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from api.fields import NumberField, QueryNumberField, TextField


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know, so that a typo never becomes a silent default."""

    def to_internal_value(self, data: Any) -> Any:
        errors: dict[str, Any] = {}
        if isinstance(data, Mapping):
            known = {field.field_name for field in self._writable_fields}
            message = serializers.ErrorDetail("This field is not known here.", code="unknown_field")
            errors = {name: [message] for name in data if name not in known}
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as refused:
            if not isinstance(refused.detail, dict):
                raise
            raise serializers.ValidationError({**errors, **refused.detail}) from refused
        if errors:
            raise serializers.ValidationError(errors)
        return value


class NothingSerializer(StrictSerializer):
    """For a body or a query in which nothing is expected."""


class PositionSerializer(StrictSerializer):
    """A WGS 84 position: degrees, and the radius in metres within which the device believes to be."""

    latitude = NumberField(min_value=-90, max_value=90)
    longitude = NumberField(min_value=-180, max_value=180)
    accuracy_m = NumberField(min_value=0, max_value=1_000_000, required=False, allow_null=True)


class ListQuery(StrictSerializer):
    """What every list takes in its query. Lists with filters derive from it."""

    limit = QueryNumberField(min_value=1, max_value=200, default=50, help_text="How many at once.")
    cursor = TextField(max_length=100, required=False, help_text="`next` of the page before.")
