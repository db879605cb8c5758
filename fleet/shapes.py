"""How a courier is shown, to merchants and on their own handheld."""

from typing import Any

from rest_framework import serializers


class CourierSerializer(serializers.Serializer[Any]):
    """Load it with its depot."""

    id = serializers.CharField(source="public_id")
    name = serializers.CharField()
    depot = serializers.CharField(source="depot.public_id")
    active = serializers.BooleanField()
