"""Whose handheld a request comes from."""

from api.tokens import Caller
from fleet.models import Device


def caller_of(digest: str) -> Caller | None:
    """The courier whose device has this token; None where it is unknown or revoked, or the courier has left.

    A handoff asks again, inside the transaction that holds the stop.
    """
    device = (
        Device.objects.filter(token_digest=digest, revoked_at=None, courier__active=True)
        .select_related("courier__depot")
        .first()
    )
    if device is None:
        return None
    return Caller(kind="courier", id=device.courier.public_id, row=device, livemode=True)
