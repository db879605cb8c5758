"""What messages are estimated to cost, as the environment says it."""

import re
from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import ImproperlyConfigured

_PRICE = re.compile(r"(sms|voice|email):([A-Z]{2}|\*)=(\d{1,4}(?:\.\d{1,6})?)")


def parse_prices(entries: Iterable[str]) -> dict[tuple[str, str], Decimal]:
    """Prices by channel and country (ISO 3166-1 alpha-2, or `*`) from entries like `sms:GB=0.0463`.

    Raises ImproperlyConfigured where one is not of this form.
    """
    prices = {}
    for entry in entries:
        found = _PRICE.fullmatch(entry.strip())
        if not found:
            raise ImproperlyConfigured(
                f"MESSAGE_PRICES has {entry!r}; write channel:country=price, sms:GB=0.0463."
            )
        prices[found[1], found[2]] = Decimal(found[3])
    return prices
