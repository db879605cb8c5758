"""An order as somebody wants it placed: of the right form, its rules not yet checked."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from orders.models.shipments import Shipment


@dataclass(frozen=True, kw_only=True)
class RecipientDraft:
    """`phone` in E.164 or in the address's national format; either contact may be empty."""

    name: str
    company: str = ""
    phone: str = ""
    email: str = ""
    locale: str = ""


@dataclass(frozen=True, kw_only=True)
class AddressDraft:
    """`country` is ISO 3166-1 alpha-2, the position WGS 84 degrees, `timezone` an IANA name or empty."""

    line1: str
    line2: str = ""
    city: str
    region: str = ""
    postal_code: str = ""
    country: str
    latitude: float | None = None
    longitude: float | None = None
    timezone: str = ""
    instructions: str = ""


@dataclass(frozen=True, kw_only=True)
class ShipmentDraft:
    reference: str
    declared_value: Decimal
    category: str = ""
    barcodes: tuple[str, ...] = ()
    code: Shipment.Choice = Shipment.Choice.AUTO


@dataclass(frozen=True, kw_only=True)
class OrderDraft:
    reference: str
    currency: str
    placed_at: datetime
    recipient: RecipientDraft
    address: AddressDraft
    shipments: tuple[ShipmentDraft, ...]
    metadata: dict[str, str] = field(default_factory=dict)
