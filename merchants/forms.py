"""The form of what a merchant sends. Only the form: what an order must fulfil is in `orders.checking`."""

from typing import Any

from rest_framework import serializers

from api.fields import (
    DayField,
    FlagField,
    MetadataField,
    MoneyField,
    NumberField,
    TextField,
    TimeField,
    WholeNumberField,
)
from api.serializers import ListQuery, StrictSerializer
from orders.drafts import AddressDraft, OrderDraft, RecipientDraft, ShipmentDraft
from orders.models import Shipment

MAX_SHIPMENTS, MAX_PARCELS, MAX_BATCH, MAX_STOPS = 100, 200, 1_000, 500
MAX_PARCELS_IN_BATCH = 20_000


def optional_text(max_length: int, help_text: str = "") -> TextField:
    return TextField(max_length=max_length, required=False, allow_blank=True, help_text=help_text)


class NewRecipientSerializer(StrictSerializer):
    """A phone number in any national format is accepted with the address's country, and normalised."""

    name = TextField(max_length=200)
    company = optional_text(200)
    phone = optional_text(40, "It or `email` has to be there where a code is needed.")
    email = optional_text(254)
    locale = optional_text(35, "The language of their messages, such as `en-GB`.")


class NewAddressSerializer(StrictSerializer):
    """Where it goes. The time zone comes from country and position where it is not given."""

    line1 = TextField(max_length=200)
    line2 = optional_text(200)
    city = TextField(max_length=100)
    region = optional_text(100)
    postal_code = optional_text(20)
    country = TextField(max_length=2, help_text="ISO 3166-1, two letters.")
    latitude = NumberField(min_value=-90, max_value=90, required=False, allow_null=True)
    longitude = NumberField(min_value=-180, max_value=180, required=False, allow_null=True)
    timezone = optional_text(64, "An IANA name, such as `Europe/London`.")
    instructions = TextField(
        max_length=500, required=False, allow_blank=True, multiline=True, help_text="For the courier."
    )


class NewParcelSerializer(StrictSerializer):
    """One box of a shipment."""

    barcode = TextField(max_length=100)


class NewShipmentSerializer(StrictSerializer):
    """What is handed over in one visit. `code`: the policy decides, or a code is required, or never."""

    reference = TextField(max_length=100, help_text="Your own, one for each shipment of the order.")
    declared_value = MoneyField(
        max_digits=15,
        decimal_places=3,
        help_text="In the order's currency; decides whether a code is needed.",
    )
    category = optional_text(60, "Some categories always need a code: the merchant's policy says which.")
    parcels = serializers.ListField(child=NewParcelSerializer(), min_length=1, max_length=MAX_PARCELS)
    code = serializers.ChoiceField(Shipment.Choice.choices, required=False)


class NewOrderSerializer(StrictSerializer):
    """What was bought, for whom, and where it goes."""

    reference = TextField(max_length=100, help_text="Your own, one for each order.")
    currency = TextField(max_length=3, help_text="ISO 4217, three letters.")
    placed_at = TimeField(help_text="When the customer bought it.")
    recipient = NewRecipientSerializer()
    address = NewAddressSerializer()
    metadata = MetadataField(required=False, help_text="Your own notes: names up to 40, texts up to 500.")
    shipments = serializers.ListField(child=NewShipmentSerializer(), min_length=1, max_length=MAX_SHIPMENTS)


def order_draft(fields: dict[str, Any]) -> OrderDraft:
    """The draft that a valid NewOrderSerializer describes."""
    return OrderDraft(
        **fields
        | {
            "recipient": RecipientDraft(**fields["recipient"]),
            "address": AddressDraft(**fields["address"]),
            "shipments": tuple(_shipment_draft(shipment) for shipment in fields["shipments"]),
        }
    )


def _shipment_draft(fields: dict[str, Any]) -> ShipmentDraft:
    parcels = fields["parcels"]
    rest = {name: value for name, value in fields.items() if name not in {"parcels", "code"}}
    return ShipmentDraft(
        **rest,
        barcodes=tuple(parcel["barcode"] for parcel in parcels),
        code=Shipment.Choice(fields.get("code", Shipment.Choice.AUTO)),
    )


class OrdersQuery(ListQuery):
    """The list, or the one order with this reference."""

    reference = TextField(max_length=100, required=False)


class DispatchSerializer(StrictSerializer):
    """Who takes it out."""

    courier = TextField(max_length=40, help_text="A courier's id: of your own depots, or of a shared one.")


def _parcels_in(order: Any) -> int:
    """How many parcels something that may be an order has."""
    shipments = order.get("shipments") if isinstance(order, dict) else None
    if not isinstance(shipments, list):
        return 0
    lists = [each.get("parcels") for each in shipments if isinstance(each, dict)]
    return sum(len(parcels) for parcels in lists if isinstance(parcels, list))


class BatchSerializer(StrictSerializer):
    """Each order is checked by itself, so here they may be anything."""

    orders = serializers.ListField(
        child=serializers.JSONField(allow_null=True), min_length=1, max_length=MAX_BATCH
    )

    def validate_orders(self, orders: list[Any]) -> list[Any]:
        """Counted before each order is read, which takes long."""
        if sum(_parcels_in(order) for order in orders) > MAX_PARCELS_IN_BATCH:
            detail = f"At most {MAX_PARCELS_IN_BATCH} parcels in one request: send several."
            raise serializers.ValidationError(detail, code="too_many_parcels")
        return orders


class ChangedRecipientSerializer(StrictSerializer):
    """What is left out stays as it is; an empty text takes it away."""

    name = TextField(max_length=200, required=False)
    company = optional_text(200)
    phone = optional_text(40)
    email = optional_text(254)
    locale = optional_text(35)


class NewStopSerializer(StrictSerializer):
    """One shipment on the run. Without a sequence it comes after those that are there."""

    shipment = TextField(max_length=40)
    sequence = WholeNumberField(min_value=1, max_value=100_000, required=False)
    eta_from = TimeField(required=False, allow_null=True)
    eta_to = TimeField(required=False, allow_null=True)


class NewRouteSerializer(StrictSerializer):
    """A courier's run on one day of their depot."""

    courier = TextField(max_length=40)
    date = DayField()
    stops = serializers.ListField(child=NewStopSerializer(), min_length=1, max_length=MAX_STOPS)


class NewCourierSerializer(StrictSerializer):
    """Without a depot, the merchant's own first one; it is made where there is none."""

    name = TextField(max_length=100)
    depot = TextField(max_length=40, required=False)


class ChangedCourierSerializer(StrictSerializer):
    """What is left out stays as it is."""

    name = TextField(max_length=100, required=False)
    depot = TextField(max_length=40, required=False)
    active = FlagField(required=False)
