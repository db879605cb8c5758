"""How a courier is shown, to merchants and on their own handheld."""

from typing import Any

from rest_framework import serializers


class CourierSerializer(serializers.Serializer[Any]):
    """A person who delivers, from one depot."""

    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    depot = serializers.CharField(source="depot.public_id")
    active = serializers.BooleanField()
