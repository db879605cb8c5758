"""What a recipient prefers."""

from typing import ClassVar

from django.db import models


class PreferenceQuerySet(models.QuerySet["DeliveryPreference"]):
    def hold(self, *, livemode: bool, contact: str, address_key: str) -> "DeliveryPreference":
        """This contact's row for this address, made where there is none, locked. Call in a transaction."""
        contact = contact.lower()
        self.get_or_create(livemode=livemode, contact=contact, address_key=address_key)
        held = self.select_for_update(no_key=True)
        return held.get(livemode=livemode, contact=contact, address_key=address_key)


class DeliveryPreference(models.Model):
    """One contact's wish for one address, so that a shared phone does not opt a household out.

    What is wished through a test order counts for test orders alone: whoever has a test key reads its codes.
    """

    class Wish(models.TextChoices):
        USUAL = "usual"
        OPTED_OUT = "opted_out"
        ALWAYS = "always"

    livemode = models.BooleanField()
    contact = models.CharField(
        max_length=254, help_text="A verified phone (E.164) or e-mail address, in small letters."
    )
    address_key = models.CharField(max_length=64)
    wish = models.CharField(max_length=16, choices=Wish, default=Wish.USUAL)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects: ClassVar[PreferenceQuerySet] = PreferenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("contact", "address_key", "livemode"), name="one_preference_per_contact_address"
            ),
        )

    def __str__(self) -> str:
        return f"preference {self.pk}"

    @property
    def is_opted_out(self) -> bool:
        return self.wish == self.Wish.OPTED_OUT

    def become(self, wish: Wish) -> None:
        """Write the wish. Call with the row locked."""
        self.wish = wish
        self.save(update_fields=("wish", "updated_at"))
