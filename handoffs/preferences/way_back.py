"""Back to codes for every parcel that the shop protects: one tap, no proof, because it only protects more."""

from django.db import transaction

from accounts.models import SecurityEvent
from api.refusals import Refusal
from handoffs.models import PreferenceChallenge
from handoffs.preferences.noted import note_for_account
from orders.models import Actor, DeliveryPreference, Fact, Shipment
from orders.models.shipments import ShipmentQuerySet


def opt_back_in(
    *, within: ShipmentQuerySet, shipment_id: str, contact: str | None = None
) -> Shipment | Refusal:
    """End the opt-outs at this shipment's address: of this contact, or of all its order's contacts.

    A second time changes nothing. Refuses with not_found.
    """
    with transaction.atomic():
        shipment = within.hold(shipment_id)
        if shipment is None:
            return Refusal("not_found")
        order = shipment.order
        contacts = [contact] if contact else order.contacts
        opted_out = DeliveryPreference.objects.filter(
            livemode=order.livemode,
            contact__in={each.lower() for each in contacts},
            address_key=order.address_key,
            wish=DeliveryPreference.Wish.OPTED_OUT,
        )
        held = list(opted_out.order_by("pk").select_for_update(no_key=True))
        for preference in held:
            preference.become(DeliveryPreference.Wish.USUAL)
            note_for_account(preference, SecurityEvent.What.CODES_ON)
        if held:
            shipment.record([Fact("preference.opted_in", Actor("recipient"))])
        return shipment


def confirmed_by(shipment: Shipment, proof: str) -> PreferenceChallenge | None:
    """The opt-out, still standing, whose notice carried a link with this proof; compared in constant time."""
    used = PreferenceChallenge.objects.filter(
        shipment=shipment,
        ended_because=PreferenceChallenge.EndReason.USED,
        preference__wish=DeliveryPreference.Wish.OPTED_OUT,
    )
    found = [challenge for challenge in used.select_related("preference") if challenge.leads_back(proof)]
    return found[0] if found else None
