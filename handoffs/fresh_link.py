"""A link asked for from a page that shows no code: it goes to the contact on file, and to nobody else."""

from django.db import transaction
from django.utils import timezone

from handoffs.limits import FRESH_LINK_COOLDOWN, FRESH_LINK_SENDS
from handoffs.models import DeliveryCode
from handoffs.resend import resend
from orders.models.shipments import ShipmentQuerySet


def send_fresh_link(*, within: ShipmentQuerySet, shipment_id: str) -> None:
    """Send the message with the code and its link once more, where there is a code to tell.

    Whoever has the tracking number may ask, so nothing comes back, and it takes none of the sends that are
    left for the recipient and the courier: a few in all, and not within minutes of the one before.
    """
    with transaction.atomic():
        shipment = within.hold(shipment_id)
        if shipment is None:
            return
        now = timezone.now()
        latest = DeliveryCode.objects.latest_of(shipment)
        if latest is None or not latest.is_usable(now) or latest.sends >= FRESH_LINK_SENDS:
            return
        if latest.last_sent_at and now < latest.last_sent_at + FRESH_LINK_COOLDOWN:
            return
        resend(within=within, shipment_id=shipment_id, channel=None)
