"""Holding the stop that a courier acts on."""

from api.refusals import Refusal
from fleet.models import Device, Stop


def hold_stop(device: Device, shipment_id: str) -> Stop | Refusal:
    """The stop of this shipment, locked with its shipment and courier, where it is this device's courier's.

    The device is looked at after the lock: one that was revoked while we waited for it does nothing more.
    Refuses with not_found or authentication_failed. Call inside a transaction, first of all.
    """
    stop = Stop.objects.hold(device.courier_id, shipment_id)
    if stop is None:
        return Refusal("not_found")
    if not Device.objects.filter(pk=device.pk, revoked_at=None).exists():
        return Refusal("authentication_failed")
    return stop
