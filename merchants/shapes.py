"""What a merchant is shown, and how to load it without a query for each row."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from api.fields import DayField, MetadataField, TimeField
from fleet.models import Route, Stop
from handoffs.models import ProofOfDelivery
from handoffs.models.proof import Method, ReceivedBy
from handoffs.state import CodeState, attempts_left, code_state, newest_code_of, newest_codes
from orders import money
from orders.models import CodeReason, Event, Order, Shipment, Status
from orders.models.shipments import ShipmentQuerySet

Shape = serializers.Serializer[Any]


def shown_shipments() -> ShipmentQuerySet:
    """Shipments with all that their shape needs. No code's secret is read."""
    return Shipment.objects.select_related("order", "proof__courier").prefetch_related(
        "parcels",
        newest_codes(),
        Prefetch("stops", Stop.objects.current().select_related("route__courier"), to_attr="current_stops"),
    )


def shown_orders() -> QuerySet[Order]:
    """Orders with all that their shape needs."""
    return Order.objects.prefetch_related(Prefetch("shipments", shown_shipments().order_by("pk")))


class ParcelSerializer(Shape):
    barcode = serializers.CharField()


class ShipmentSerializer(Shape):
    """What is handed over in one visit. It says how its code stands, never what it is."""

    id = serializers.CharField(source="public_id")
    order = serializers.CharField(source="order.public_id")
    reference = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    tracking_number = serializers.CharField()
    tracking_url = serializers.URLField(help_text="The bare page: status, never a code.")
    declared_value = serializers.SerializerMethodField()
    currency = serializers.CharField(source="order.currency")
    category = serializers.CharField()
    parcels = serializers.SerializerMethodField()
    code_required = serializers.BooleanField()
    code_reason = serializers.ChoiceField(CodeReason.choices)
    code_state = serializers.SerializerMethodField()
    attempts_left = serializers.SerializerMethodField()
    courier = serializers.SerializerMethodField()
    delivered_at = TimeField(allow_null=True)
    disputed_at = TimeField(
        allow_null=True, help_text="When the recipient said that they did not get what was handed over."
    )
    proof = serializers.SerializerMethodField()

    def get_declared_value(self, shipment: Shipment) -> str:
        return money.text(shipment.declared_value, shipment.order.currency)

    @extend_schema_field(ParcelSerializer(many=True))
    def get_parcels(self, shipment: Shipment) -> list[dict[str, str]]:
        ordered = sorted(shipment.parcels.all(), key=lambda parcel: parcel.pk)
        return [{"barcode": parcel.barcode} for parcel in ordered]

    @extend_schema_field(serializers.ChoiceField([state.value for state in CodeState]))
    def get_code_state(self, shipment: Shipment) -> str:
        return code_state(shipment, newest_code_of(shipment), timezone.now())

    def get_attempts_left(self, shipment: Shipment) -> int | None:
        return attempts_left(shipment, newest_code_of(shipment))

    def get_courier(self, shipment: Shipment) -> str | None:
        stops: list[Stop] = getattr(shipment, "current_stops")  # noqa: B009 - a prefetch's attribute
        return stops[0].route.courier.public_id if stops else None

    def get_proof(self, shipment: Shipment) -> str | None:
        proof = getattr(shipment, "proof", None)
        return proof.public_id if proof else None


class RecipientSerializer(Shape):
    name = serializers.CharField()
    company = serializers.CharField()
    phone = serializers.CharField(help_text="E.164, or empty.")
    email = serializers.CharField()
    locale = serializers.CharField()


class AddressSerializer(Shape):
    line1 = serializers.CharField()
    line2 = serializers.CharField()
    city = serializers.CharField()
    region = serializers.CharField()
    postal_code = serializers.CharField()
    country = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    timezone = serializers.CharField()
    instructions = serializers.CharField()


class OrderSerializer(Shape):
    """What was bought, for whom, and where it goes."""

    id = serializers.CharField(source="public_id")
    livemode = serializers.BooleanField()
    reference = serializers.CharField()
    currency = serializers.CharField()
    placed_at = TimeField()
    created_at = TimeField()
    recipient = RecipientSerializer(source="*")
    address = AddressSerializer(source="*")
    metadata = MetadataField()
    shipments = serializers.SerializerMethodField()

    @extend_schema_field(ShipmentSerializer(many=True))
    def get_shipments(self, order: Order) -> Any:
        return ShipmentSerializer(order.shipments.all(), many=True).data


class ActorSerializer(Shape):
    kind = serializers.ChoiceField(["merchant", "courier", "recipient", "delegate", "staff", "system"])
    id = serializers.CharField(allow_null=True)


class EventSerializer(Shape):
    """One append-only fact in a shipment's life. It holds ids, no personal data."""

    id = serializers.CharField(source="public_id")
    type = serializers.CharField()
    at = TimeField()
    shipment = serializers.CharField(source="shipment.public_id")
    actor = serializers.SerializerMethodField()
    # The metaclass takes fields out of the class, so that Serializer.data stays the property it is.
    data = serializers.DictField()  # type: ignore[assignment]

    @extend_schema_field(ActorSerializer)
    def get_actor(self, event: Event) -> dict[str, str | None]:
        return {"kind": event.actor_kind, "id": event.actor_id}


class PositionShapeSerializer(Shape):
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    accuracy_m = serializers.IntegerField(allow_null=True)


class ProofSerializer(Shape):
    """How, when, where, by whom and to whom a shipment was handed over."""

    id = serializers.CharField(source="public_id")
    shipment = serializers.CharField(source="shipment.public_id")
    method = serializers.ChoiceField(Method.choices)
    received_by = serializers.ChoiceField(ReceivedBy.choices)
    delegate = serializers.IntegerField(
        source="delegate_number",
        allow_null=True,
        help_text="Whose code it was, by number among those whom the recipient has named; null: nobody's of "
        "them. Whoever named them knows the name.",
    )
    delivered_at = TimeField()
    location = serializers.SerializerMethodField()
    courier = serializers.CharField(source="courier.public_id")
    events_head = serializers.CharField()
    signature = serializers.SerializerMethodField(
        help_text="A compact JWS over the proof and the head of the shipment's events, which anyone can "
        "verify with the keys at `/proof/keys`. Null for what was delivered before there were signatures."
    )

    @extend_schema_field(PositionShapeSerializer(allow_null=True))
    def get_location(self, proof: ProofOfDelivery) -> Any:
        return None if proof.latitude is None else PositionShapeSerializer(proof).data

    def get_signature(self, proof: ProofOfDelivery) -> str | None:
        return proof.signature or None


class PlannedStopSerializer(Shape):
    shipment = serializers.CharField(source="shipment.public_id")
    sequence = serializers.IntegerField()
    eta_from = TimeField(allow_null=True)
    eta_to = TimeField(allow_null=True)


class PlannedRouteSerializer(Shape):
    """A courier's run on one day of their depot. Its stops are those of the caller's shipments; on a shared
    courier's run they are numbered among themselves."""

    id = serializers.CharField(source="public_id")
    courier = serializers.CharField(source="courier.public_id")
    date = DayField()
    started_at = TimeField(allow_null=True)
    closed_at = TimeField(allow_null=True)
    stops = serializers.SerializerMethodField()

    @extend_schema_field(PlannedStopSerializer(many=True))
    def get_stops(self, route: Route) -> Any:
        stops: list[Stop] = getattr(route, "own_stops")  # noqa: B009 - a prefetch's attribute
        if route.courier.depot.merchant_id is None:
            # What lies between them belongs to others, and how much it is, is not for this merchant.
            for place, stop in enumerate(stops, start=1):
                stop.sequence = place
        return PlannedStopSerializer(stops, many=True).data


def shown_routes(among: ShipmentQuerySet) -> QuerySet[Route]:
    """Routes with their current stops of these shipments only: couriers of shared depots carry for many."""
    stops = Stop.objects.current().filter(shipment__in=among).select_related("shipment")
    return Route.objects.select_related("courier__depot").prefetch_related(
        Prefetch("stops", stops.order_by("sequence", "pk"), to_attr="own_stops")
    )


class NewEnrolmentSerializer(Shape):
    enrolment_code = serializers.CharField(help_text="Typed once into a handheld. Shown only now.")
    expires_at = TimeField()
