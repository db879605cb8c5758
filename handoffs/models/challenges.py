"""What proves that whoever changes a preference reads the contact it is for. The digits are derived, never
stored, as those of a delivery code are, under a label of their own."""

import datetime
import hmac
from functools import partial
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from api.ids import new_id
from codes import comparison, derivation
from handoffs.limits import PREFERENCE_ATTEMPTS
from orders.models import DeliveryPreference, Shipment

LABEL = "preference-code/v1"
DIGITS = 6


class PreferenceChallengeQuerySet(models.QuerySet["PreferenceChallenge"]):
    def living(self) -> Self:
        return self.filter(ended_at=None)

    def end(self, because: "PreferenceChallenge.EndReason", now: datetime.datetime) -> int:
        """End the living ones among these and erase what their codes are derived from."""
        return self.living().update(nonce=None, ended_at=now, ended_because=because)


class PreferenceChallenge(models.Model):
    """One code sent to one contact, to be typed on the page through which it was asked for.

    At most one of a contact and address lives. Its column counts the attempts.
    """

    class EndReason(models.TextChoices):
        USED = "used"
        SUPERSEDED = "superseded"
        EXPIRED = "expired"
        LOCKED = "locked"

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "pch"), editable=False)
    preference = models.ForeignKey(DeliveryPreference, on_delete=models.PROTECT, related_name="challenges")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="preference_challenges")
    key_id = models.CharField(max_length=40)
    nonce = models.BinaryField(max_length=derivation.NONCE_BYTES, null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_allowed = models.PositiveSmallIntegerField(help_text="What the caps left when it was issued.")
    sends = models.PositiveSmallIntegerField(default=0)
    last_sent_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=20, choices=EndReason, blank=True)

    objects: ClassVar[PreferenceChallengeQuerySet] = PreferenceChallengeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("preference",), condition=Q(ended_at=None), name="one_living_challenge_per_preference"
            ),
            models.CheckConstraint(
                condition=Q(attempts__lte=F("attempts_allowed")), name="challenge_attempts_limited"
            ),
            models.CheckConstraint(
                condition=Q(attempts_allowed__lte=PREFERENCE_ATTEMPTS),
                name="challenge_attempts_allowed_limited",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, nonce__isnull=False, ended_because="")
                | (Q(ended_at__isnull=False, nonce=None) & ~Q(ended_because="")),
                name="challenge_nonce_erased_when_ended",
            ),
        )
        indexes = (
            models.Index(
                fields=("expires_at",), condition=Q(ended_at=None), name="living_challenge_by_expiry"
            ),
        )

    def __str__(self) -> str:
        return self.public_id

    # --- Facts -----------------------------------------------------------------------------------

    @property
    def attempts_left(self) -> int:
        return self.attempts_allowed - self.attempts

    def is_usable(self, now: datetime.datetime) -> bool:
        return self.ended_at is None and now < self.expires_at and self.attempts_left > 0

    # --- The secrets, in memory only -------------------------------------------------------------

    def code_of(self) -> str:
        """The digits. ValueError once the challenge has ended: nobody can compute them then."""
        if self.nonce is None:
            raise ValueError(f"{self} has ended: its nonce is erased")
        return derivation.derive_code(
            self._master, self._derived_from(bytes(self.nonce)), self._holder, DIGITS
        )

    def matches(self, typed: str) -> bool:
        """Whether these cleaned digits are the code, compared in constant time."""
        return comparison.matches(typed, self.code_of())

    def way_back_proof(self) -> str:
        """What opens the page that takes this opt-out back, for as long as it stands.

        It needs no nonce, because it can do nothing else than make deliveries more careful.
        """
        return derivation.derive_link_proof(self._master, self._derived_from(b""), self._holder)

    def leads_back(self, proof: str) -> bool:
        """Whether this is its `way_back_proof`, compared in constant time; not once its key is gone."""
        return self.key_id in settings.DELIVERY_CODE_KEYS and hmac.compare_digest(
            self.way_back_proof().encode(), proof.encode("utf-8", "replace")
        )

    @property
    def _master(self) -> bytes:
        return settings.DELIVERY_CODE_KEYS[self.key_id]

    @property
    def _holder(self) -> str:
        """The contact and address it is for, so that a row turned to another one gives another code."""
        return f"{self.preference.contact}\n{self.preference.address_key}"

    def _derived_from(self, nonce: bytes) -> derivation.Generation:
        return derivation.Generation(LABEL, self.public_id, 1, nonce)

    # --- The charge ------------------------------------------------------------------------------

    def charge(self, *, consume: bool, now: datetime.datetime) -> bool:
        """Count one attempt in one conditional UPDATE, which ends the challenge where it matched.

        False, and nothing written, where no attempt was left or it had ended. The last wrong one ends it.
        """
        ours = PreferenceChallenge.objects.living().filter(pk=self.pk)
        used = {"ended_at": now, "ended_because": self.EndReason.USED, "nonce": None} if consume else {}
        if not ours.filter(attempts__lt=F("attempts_allowed")).update(attempts=F("attempts") + 1, **used):
            return False
        self.attempts += 1
        ours.filter(attempts__gte=F("attempts_allowed")).end(self.EndReason.LOCKED, now)
        return True
