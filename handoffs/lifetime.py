"""How long a code lives."""

from datetime import UTC, datetime, time, timedelta

from orders.models import Order

AFTER_MIDNIGHT = timedelta(hours=3)


def expiry_of(order: Order, issued_at: datetime) -> datetime:
    """The end of the delivery day at the address, or the hours of the merchant's policy. In UTC."""
    if order.merchant.code_hours:
        return issued_at + timedelta(hours=order.merchant.code_hours)
    return end_of_day(order, issued_at)


def end_of_day(order: Order, now: datetime) -> datetime:
    """Three hours after the next midnight at the address, in UTC.

    The three hours are elapsed ones, so that a change to or from summer time in that night neither shortens
    nor lengthens them. Where the change skips midnight itself, the day begins when the change has been made.
    """
    tomorrow = now.astimezone(order.zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(0), tzinfo=order.zone)
    return midnight.astimezone(UTC) + AFTER_MIDNIGHT
