"""What a courier is shown, and how to load it with the same few queries however many stops there are."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.fields import DayField, TimeField
from fleet.models import Route, Stop
from fleet.shapes import CourierSerializer
from handoffs.messages import DELIVERY_CODE
from handoffs.models import ReleaseRequest
from handoffs.models.proof import Method, ReceivedBy
from handoffs.models.releases import ReleaseState
from handoffs.state import attempts_left, newest_code_of, newest_codes
from handoffs.word import word_of
from notifications.channels import says
from notifications.models import Message
from orders.models import Status

Shape = serializers.Serializer[Any]


class StopAddressSerializer(Shape):
    company = serializers.CharField()
    line1 = serializers.CharField()
    line2 = serializers.CharField()
    city = serializers.CharField()
    region = serializers.CharField()
    postal_code = serializers.CharField()
    country = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)


class StopParcelSerializer(Shape):
    barcode = serializers.CharField()


class StopMessageSerializer(Shape):
    channel = serializers.ChoiceField(Message.Channel.choices)
    state = serializers.ChoiceField(Message.State.choices)
    at = TimeField(source="settled_or_created_at")
    why = serializers.SerializerMethodField(help_text="Why it did not arrive, in words; empty otherwise.")

    def get_why(self, message: Message) -> str:
        return says(message) if message.state == Message.State.FAILED else ""


class ReleaseShapeSerializer(Shape):
    """A request to hand over without the code."""

    id = serializers.CharField(source="public_id")
    state = serializers.SerializerMethodField()
    expires_at = TimeField(help_text="Of the waiting; once approved, of the time to hand over.")
    approvals_needed = serializers.IntegerField()

    @extend_schema_field(serializers.ChoiceField(["waiting", "approved", "refused", "expired"]))
    def get_state(self, release: ReleaseRequest) -> str:
        state = release.state_at(timezone.now())
        return str(ReleaseState.EXPIRED if state == ReleaseState.WITHDRAWN else state)


class StopSerializer(Shape):
    """One shipment on a run."""

    shipment = serializers.CharField(source="shipment.public_id")
    tracking_number = serializers.CharField(source="shipment.tracking_number")
    status = serializers.ChoiceField(Status.choices, source="shipment.status")
    sequence = serializers.IntegerField()
    recipient_name = serializers.CharField(source="shipment.order.name")
    address = StopAddressSerializer(source="shipment.order")
    instructions = serializers.CharField(source="shipment.order.instructions")
    parcels = serializers.SerializerMethodField()
    code_required = serializers.BooleanField(source="shipment.code_required")
    attempts_left = serializers.SerializerMethodField()
    arrived_at = TimeField(allow_null=True)
    recipient_here_at = TimeField(
        allow_null=True, help_text="When the recipient last said on their page that they are there."
    )
    word = serializers.SerializerMethodField(
        help_text="The recipient's page shows it too: say it first, so that they know that it is you. Empty "
        "where no code is needed."
    )
    livemode = serializers.BooleanField(source="shipment.order.livemode", help_text="False: a test parcel.")
    messages = serializers.SerializerMethodField(help_text="Those with the code, the newest last.")
    release = serializers.SerializerMethodField(help_text="The open request, if there is one.")

    @extend_schema_field(StopParcelSerializer(many=True))
    def get_parcels(self, stop: Stop) -> Any:
        ordered = sorted(stop.shipment.parcels.all(), key=lambda parcel: parcel.pk)
        return StopParcelSerializer(ordered, many=True).data

    def get_word(self, stop: Stop) -> str:
        return word_of(stop) if stop.shipment.code_required else ""

    def get_attempts_left(self, stop: Stop) -> int | None:
        return attempts_left(stop.shipment, newest_code_of(stop.shipment))

    @extend_schema_field(StopMessageSerializer(many=True))
    def get_messages(self, stop: Stop) -> Any:
        return StopMessageSerializer(self.context["messages"][stop.shipment.public_id], many=True).data

    @extend_schema_field(ReleaseShapeSerializer(allow_null=True))
    def get_release(self, stop: Stop) -> Any:
        release = self.context["releases"].get(stop.shipment_id)
        return ReleaseShapeSerializer(release).data if release else None


class RouteSerializer(Shape):
    """A courier's run on one day."""

    id = serializers.CharField()
    date = DayField(help_text="The depot's day.")
    timezone = serializers.CharField(help_text="The depot's, an IANA name.")
    stops = StopSerializer(many=True)
    qr_keys = serializers.ListField(child=serializers.DictField(), help_text="None yet.")


class NewDeviceShapeSerializer(Shape):
    token = serializers.CharField(help_text="Shown only now: it is kept hashed.")
    device = serializers.CharField(help_text="The device's id.")
    courier = CourierSerializer()


class PhotoShapeSerializer(Shape):
    id = serializers.CharField(help_text="To be named as `photo`.")


class ResentSerializer(Shape):
    channel = serializers.ChoiceField(Message.Channel.choices)
    to = serializers.CharField(help_text="The contact, masked.")
    next_allowed_at = TimeField()


class HandoffProofSerializer(Shape):
    id = serializers.CharField()
    method = serializers.ChoiceField(Method.choices)
    delivered_at = TimeField()
    received_by = serializers.ChoiceField(ReceivedBy.choices)


class HandedOverSerializer(Shape):
    """A handoff that was taken."""

    status = serializers.CharField(help_text="`delivered`")
    shipment = serializers.CharField()
    proof = HandoffProofSerializer()


def stops_as_shown(stops: QuerySet[Stop]) -> list[dict[str, Any]]:
    """The Stop shapes of these, in four statements, and one more where a release is open. No code's secret
    is read."""
    loaded = list(
        stops.select_related("shipment__order").prefetch_related(
            "shipment__parcels", newest_codes("shipment__codes")
        )
    )
    messages: dict[str, list[Message]] = defaultdict(list)
    with_code = Message.objects.filter(about__in=[s.shipment.public_id for s in loaded], kind=DELIVERY_CODE)
    for message in with_code.order_by("pk"):
        messages[message.about].append(message)
    asking = [stop.shipment_id for stop in loaded if stop.shipment.release_open]
    found = ReleaseRequest.objects.open().filter(shipment__in=asking) if asking else ()
    releases = {release.shipment_id: release for release in found}
    context = {"messages": messages, "releases": releases}
    return list(StopSerializer(loaded, many=True, context=context).data)


def route_as_shown(route: Route, stops: QuerySet[Stop]) -> dict[str, Any]:
    """The Route shape. Load the route with its courier and depot."""
    return {
        "id": route.public_id,
        "date": route.date,
        "timezone": route.courier.depot.timezone,
        "stops": stops_as_shown(stops),
        "qr_keys": [],
    }
