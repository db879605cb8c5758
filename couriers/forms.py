"""The form of what a handheld sends."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from api.fields import FlagField, OpaqueTextField, TextField, TimeField
from api.multipart import FileField
from api.serializers import PositionSerializer, StrictSerializer
from fleet.position import Position
from handoffs.models import DeliveryAttempt, ReleaseRequest
from handoffs.models.proof import ReceivedBy
from notifications.models import Message

CLOCK_TOLERANCE = timedelta(minutes=5)
MAX_BARCODES = 200
PHOTO_HELP = "Of `POST /courier/photos`: your own, not used before. Never of an identity document."


class OccurredAtField(TimeField):
    """When it happened by the handheld's clock, which may run ahead of ours a little."""

    default_error_messages = {"in_the_future": "Must not be more than 5 minutes in the future."}

    def to_internal_value(self, data: Any) -> datetime:
        moment = super().to_internal_value(data)
        if moment > timezone.now() + CLOCK_TOLERANCE:
            self.fail("in_the_future")
        return moment


class PhotoIdField(TextField):
    """The id of a photo that this courier sent and has not used."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=100, required=False, allow_null=True, **kwargs)


class NewDeviceSerializer(StrictSerializer):
    """A handheld to be bound to a courier."""

    enrolment_code = TextField(max_length=40, help_text="As shown, with or without its hyphens.")
    name = TextField(
        max_length=100, required=False, allow_blank=True, default="", help_text="For people to tell it by."
    )


class ArrivalSerializer(StrictSerializer):
    """The courier at the door."""

    location = PositionSerializer(required=False, allow_null=True)
    occurred_at = OccurredAtField(required=False, allow_null=True)


class FailureSerializer(StrictSerializer):
    """A visit without a handoff."""

    reason = serializers.ChoiceField(DeliveryAttempt.Reason.choices)
    note = TextField(max_length=500, multiline=True, required=False, allow_blank=True, default="")
    location = PositionSerializer(required=False, allow_null=True)
    occurred_at = OccurredAtField(required=False, allow_null=True)
    photo = PhotoIdField(help_text=PHOTO_HELP)


class PhotoSerializer(StrictSerializer):
    """A picture, as multipart/form-data."""

    photo = FileField(help_text="JPEG, PNG or WebP, at most 25 megapixels. Never of an identity document.")


class ResendSerializer(StrictSerializer):
    """The code, once more."""

    channel = serializers.ChoiceField(
        Message.Channel.choices, required=False, allow_null=True, help_text="null: the recipient's best one."
    )


class ReleaseSerializer(StrictSerializer):
    """Why the code cannot be had, and what was seen instead: `identity_seen`, or a `photo`."""

    reason = serializers.ChoiceField(ReleaseRequest.Reason.choices)
    note = TextField(max_length=500, multiline=True, required=False, allow_blank=True, default="")
    identity_seen = FlagField(
        required=False,
        default=False,
        help_text="You saw an identity document with the recipient's name. Never take a photo of it.",
    )
    photo = PhotoIdField(help_text=PHOTO_HELP)


class HandoffSerializer(StrictSerializer):
    """With `code` or `qr`; with neither where no code is required."""

    code = OpaqueTextField(
        required=False, allow_null=True, help_text="As it was typed; spaces and hyphens do not matter."
    )
    qr = OpaqueTextField(required=False, allow_null=True, help_text="In place of `code`.")
    barcodes = serializers.ListField(
        child=TextField(max_length=100), max_length=MAX_BARCODES, required=False, allow_null=True
    )
    location = PositionSerializer(required=False, allow_null=True)
    occurred_at = OccurredAtField(required=False, allow_null=True)
    photo = PhotoIdField(help_text=PHOTO_HELP)
    received_by = serializers.ChoiceField(
        ReceivedBy.choices, required=False, default=ReceivedBy.RECIPIENT.value
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs.get("code") is not None and attrs.get("qr") is not None:
            message = serializers.ErrorDetail("Send the code or the QR, not both.", code="both")
            raise serializers.ValidationError({"qr": [message]})
        return attrs


def position_of(location: Mapping[str, Any] | None) -> Position | None:
    """A valid `location` in the precision in which positions are kept: six places, about 11 cm."""
    if location is None:
        return None
    accuracy = location.get("accuracy_m")
    return Position(
        latitude=Decimal(f"{location['latitude']:.6f}"),
        longitude=Decimal(f"{location['longitude']:.6f}"),
        accuracy_m=None if accuracy is None else round(accuracy),
    )
