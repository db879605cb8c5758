"""What a recipient prefers."""

from django.db import models


class DeliveryPreference(models.Model):
    """One contact's wish for one address, so that a shared phone does not opt a household out."""

    class Wish(models.TextChoices):
        USUAL = "usual"
        OPTED_OUT = "opted_out"
        ALWAYS = "always"

    contact = models.CharField(max_length=254, help_text="A verified phone (E.164) or e-mail address.")
    address_key = models.CharField(max_length=64)
    wish = models.CharField(max_length=16, choices=Wish, default=Wish.USUAL)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("contact", "address_key"), name="one_preference_per_contact_address"
            ),
        )

    def __str__(self) -> str:
        return f"preference {self.pk}"
