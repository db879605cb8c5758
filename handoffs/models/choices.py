"""What an account has chosen for one of its addresses: routine parcels without a code."""

import hmac
import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from codes import derivation
from orders.models import DeliveryPreference

LABEL = "account-opt-out/v1"


def new_choice_id() -> str:
    """64 random bits in 11 characters: its link has to fit into a text message."""
    return secrets.token_urlsafe(8)


class AccountOptOut(models.Model):
    """One opt-out that somebody chose in their account, with a fresh code, and the wishes that it wrote.

    It stands until it is taken back. It is to those wishes what a used challenge is to one that was made on
    an order's page.
    """

    public_id = models.CharField(max_length=16, unique=True, default=new_choice_id, editable=False)
    # Its wishes stand on it, so it does not vanish with the account: they are taken back before.
    account = models.ForeignKey(User, on_delete=models.PROTECT, related_name="opt_outs")
    preferences = models.ManyToManyField(DeliveryPreference, related_name="account_opt_outs")
    key_id = models.CharField(max_length=40)
    chosen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, default=None)

    objects: ClassVar[models.Manager["AccountOptOut"]] = models.Manager()

    class Meta:
        indexes = (models.Index(fields=("account",), condition=Q(ended_at=None), name="standing_opt_out"),)

    def __str__(self) -> str:
        return self.public_id

    def way_back_proof(self) -> str:
        """What opens the page that takes it back, while it stands. Like that of a `PreferenceChallenge` it
        needs no nonce: it can do nothing else than make deliveries more careful."""
        master = settings.DELIVERY_CODE_KEYS[self.key_id]
        of_it = derivation.Generation(LABEL, self.public_id, 1, nonce=b"")
        return derivation.derive_link_proof(master, of_it, self.account.public_id)

    def leads_back(self, proof: str) -> bool:
        """Whether this is its `way_back_proof`, compared in constant time; not once its key is gone."""
        return self.key_id in settings.DELIVERY_CODE_KEYS and hmac.compare_digest(
            self.way_back_proof().encode(), proof.encode("utf-8", "replace")
        )
