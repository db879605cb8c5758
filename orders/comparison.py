"""Is this order the one that is wanted?"""

from typing import Any

from api.refusals import Refusal
from orders.checking import checked
from orders.drafts import OrderDraft
from orders.models import Order
from orders.place import unplaced

_COLUMNS = (
    *("currency", "placed_at", "name", "company", "phone", "email", "locale"),
    *("line1", "line2", "city", "region", "postal_code", "country", "latitude", "longitude", "timezone"),
    *("instructions", "metadata"),
)


def differences(order: Order, draft: OrderDraft) -> list[str]:
    """The fields in which a placed order is another than the draft, which must be one that can be placed.

    A time zone that the draft leaves to us is not compared. Prefetch `shipments__parcels` for many.
    """
    fit = checked(draft)
    assert not isinstance(fit, Refusal), "what cannot be placed cannot have been placed"
    wanted = unplaced(order.merchant, order.livemode, fit)
    found = [name for name in _COLUMNS if getattr(order, name) != getattr(wanted, name)]
    if not draft.address.timezone and "timezone" in found:
        found.remove("timezone")
    return found + _shipment_differences(order, fit)


def _shipment_differences(order: Order, fit: OrderDraft) -> list[str]:
    stored: dict[str, dict[str, Any]] = {
        shipment.reference: {
            "declared_value": shipment.declared_value,
            "category": shipment.category,
            "code": shipment.code_choice,
            "barcode": sorted(parcel.barcode for parcel in shipment.parcels.all()),
        }
        for shipment in order.shipments.all()
    }
    if set(stored) != {shipment.reference for shipment in fit.shipments}:
        return ["shipments"]
    found: dict[str, None] = {}
    for shipment in fit.shipments:
        wanted = {
            "declared_value": shipment.declared_value,
            "category": shipment.category,
            "code": shipment.code,
            "barcode": sorted(shipment.barcodes),
        }
        is_stored = stored[shipment.reference]
        found |= {name: None for name, value in wanted.items() if is_stored[name] != value}
    return list(found)
