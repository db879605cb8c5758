"""What was bought, by whom, and where it goes."""

import hashlib
import re
import unicodedata
from functools import partial
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models.functions import Lower, Right

from api.ids import new_id
from orders.models.merchants import Merchant

_WORD = re.compile(r"[^\W\d_]+|\d+")


class Order(models.Model):
    """What was bought: reference, currency, recipient, address. Holds the personal data of a delivery."""

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "ord"), editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="orders")
    livemode = models.BooleanField()
    reference = models.CharField(max_length=100)
    currency = models.CharField(max_length=3)
    placed_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    metadata = models.JSONField(default=dict, blank=True)

    name = models.CharField(max_length=200)
    company = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=20, blank=True, help_text="E.164")
    email = models.EmailField(blank=True)
    locale = models.CharField(max_length=35, default="en", help_text="BCP 47")

    line1 = models.CharField(max_length=200)
    line2 = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100)
    region = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2, help_text="ISO 3166-1 alpha-2")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True, blank=True)
    timezone = models.CharField(max_length=64, help_text="IANA name")
    instructions = models.CharField(max_length=500, blank=True)
    address_key = models.CharField(max_length=64, editable=False)
    name_key = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "livemode", "reference"), name="one_order_per_reference"
            ),
        )
        indexes = (
            models.Index(fields=("merchant", "address_key"), name="order_by_address"),
            # What people on the phone know of their order.
            models.Index(fields=("reference",), name="order_by_reference"),
            models.Index(fields=("phone",), name="order_by_phone"),
            models.Index(Right("phone", 4), name="order_by_last_digits"),
            models.Index(Lower("email"), name="order_by_email"),
        )

    def __str__(self) -> str:
        return self.reference

    @property
    def zone(self) -> ZoneInfo:
        """The address's time zone, which decides when its day ends."""
        return ZoneInfo(self.timezone)

    @property
    def contacts(self) -> list[str]:
        """The phone and e-mail address that are known, in this order."""
        return [contact for contact in (self.phone, self.email) if contact]


def address_key(*, line1: str, line2: str = "", postal_code: str, country: str) -> str:
    """One key for the ways people write one address: capitals, spaces, full-width forms, the order of the
    words and which of the lines they stand in do not matter."""
    parts = ("".join(_words(country)), "".join(_words(postal_code)), *sorted(_words(f"{line1} {line2}")))
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def name_key(name: str) -> str:
    """One key for the ways people write one name: capitals, spaces and the order of its words do not
    matter."""
    return hashlib.sha256("\x00".join(sorted(_words(name))).encode()).hexdigest()


def _words(text: str) -> list[str]:
    """Letters and digits apart, so that `12a` is `12 A`."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
