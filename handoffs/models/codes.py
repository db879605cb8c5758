"""One generation of the secret that releases a shipment. The digits are derived, never stored."""

import datetime
import hmac
from collections.abc import Iterable
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from codes import derivation
from handoffs.limits import ATTEMPTS_PER_GENERATION, DELEGATES_PER_SHIPMENT
from orders.models import Shipment

LABEL = "delivery-code/v1"
RECIPIENT = "recipient"


class EndReason(models.TextChoices):
    USED = "used"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    CONTACT_CHANGED = "contact_changed"
    CLOSED = "closed"


class DeliveryCodeQuerySet(models.QuerySet["DeliveryCode"]):
    def latest_of(self, shipment: Shipment) -> "DeliveryCode | None":
        """The newest generation, whether it lives or has ended."""
        return self.filter(shipment=shipment).order_by("-generation").first()

    def latest_of_all(self, shipments: Iterable[Shipment]) -> "dict[Shipment, DeliveryCode]":
        """The newest generation of each of these that has one, in one statement."""
        by_key = {shipment.pk: shipment for shipment in shipments}
        # They are few: to read them all costs less than to look for the last of each.
        codes = self.filter(shipment__in=by_key).order_by("generation") if by_key else ()
        return {by_key[code.shipment_id]: code for code in codes}

    def living(self) -> Self:
        return self.filter(ended_at=None)

    def end(self, because: EndReason, now: datetime.datetime) -> int:
        """End the living ones among these and erase what their codes and links are derived from."""
        return self.living().update(nonce=None, predecessor_mark=None, ended_at=now, ended_because=because)

    def forget_marks(self) -> int:
        """Forget what the ended ones among these could have been recognised by."""
        return self.exclude(mark=None).update(mark=None)

    def close(self, shipment: Shipment, now: datetime.datetime) -> None:
        """End what lives and forget the rest, of a shipment that nobody will hand over any more."""
        codes = self.filter(shipment=shipment)
        codes.end(EndReason.CLOSED, now)
        codes.forget_marks()


class DeliveryCode(models.Model):
    """One generation. At most one of a shipment lives; its column counts the attempts of all its holders."""

    # Found by its constraint with the generation.
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="codes", db_index=False)
    generation = models.PositiveIntegerField()
    key_id = models.CharField(max_length=40)
    digits = models.PositiveSmallIntegerField()
    nonce = models.BinaryField(max_length=derivation.NONCE_BYTES, null=True)
    MARKS_BYTES = derivation.MARK_BYTES * (1 + DELEGATES_PER_SHIPMENT)  # one for each code of a generation
    predecessor_mark = models.BinaryField(
        max_length=MARKS_BYTES, null=True, help_text="Of each code of the generation before."
    )
    mark = models.BinaryField(
        max_length=MARKS_BYTES, null=True, help_text="Of each of its own codes, once that has expired."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_before = models.PositiveSmallIntegerField(help_text="Charged to the shipment's earlier codes.")
    attempts_allowed = models.PositiveSmallIntegerField(
        help_text="This generation's own, or what was left of the shipment's when it was issued."
    )
    sends = models.PositiveSmallIntegerField(default=0)
    last_sent_at = models.DateTimeField(null=True)
    unheard_since = models.DateTimeField(
        null=True,
        help_text="Since when nobody is known to have received it; empty where nothing is to be done.",
    )
    held_back = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Told to nobody yet: the merchant wants it shown only once the courier comes.",
    )
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=20, choices=EndReason, blank=True)

    objects: ClassVar[DeliveryCodeQuerySet] = DeliveryCodeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("shipment", "generation"), name="one_code_per_generation"),
            models.UniqueConstraint(
                fields=("shipment",), condition=Q(ended_at=None), name="one_living_code_per_shipment"
            ),
            models.CheckConstraint(
                condition=Q(attempts__lte=F("attempts_allowed")), name="code_attempts_limited"
            ),
            models.CheckConstraint(
                condition=Q(attempts_allowed__lte=ATTEMPTS_PER_GENERATION),
                name="code_attempts_allowed_limited",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, nonce__isnull=False, ended_because="")
                | (Q(ended_at__isnull=False, nonce=None, predecessor_mark=None) & ~Q(ended_because="")),
                name="code_nonce_erased_when_ended",
            ),
            models.CheckConstraint(
                condition=Q(mark=None) | Q(ended_because="expired"), name="code_mark_only_after_expiry"
            ),
        )
        indexes = (
            models.Index(fields=("expires_at",), condition=Q(ended_at=None), name="living_code_by_expiry"),
            models.Index(
                fields=("unheard_since",),
                condition=Q(unheard_since__isnull=False, ended_at=None),
                name="living_code_unheard",
            ),
        )

    def __str__(self) -> str:
        return f"generation {self.generation} of {self.shipment_id}"

    # --- Facts -----------------------------------------------------------------------------------

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None

    def is_over(self, now: datetime.datetime) -> bool:
        """Whether its time is over, by the clock alone or because the sweep has already ended it for that."""
        return self.ended_because == EndReason.EXPIRED or (not self.has_ended and now >= self.expires_at)

    @property
    def attempts_left(self) -> int:
        return self.attempts_allowed - self.attempts

    @property
    def is_locked(self) -> bool:
        return self.attempts_left <= 0 and self.ended_because != EndReason.USED

    def is_usable(self, now: datetime.datetime) -> bool:
        return not self.has_ended and now < self.expires_at and self.attempts_left > 0

    # --- The secret, in memory only --------------------------------------------------------------

    def code_of(self, holder: str = RECIPIENT) -> str:
        """The holder's digits. ValueError once the generation has ended: nobody can compute them then."""
        return derivation.derive_code(self._master, self._derived_from(), holder, self.digits)

    def link_proof_of(self, holder: str = RECIPIENT) -> str:
        """What makes the holder's link their own. ValueError once the generation has ended."""
        return derivation.derive_link_proof(self._master, self._derived_from(), holder)

    def opens_for(self, proof: str, holder: str = RECIPIENT) -> bool:
        """Whether this is the proof of the holder's link, compared in constant time."""
        return not self.has_ended and hmac.compare_digest(
            self.link_proof_of(holder).encode(), proof.encode("utf-8", "replace")
        )

    @property
    def key_is_known(self) -> bool:
        """Whether the master key that it was derived from is still in the environment."""
        return self.key_id in settings.DELIVERY_CODE_KEYS

    def mark_of(self, code: str) -> bytes:
        """What recognises this code of this generation after its end."""
        return self._mark(code, self.generation)

    def _mark(self, code: str, generation: int) -> bytes:
        return derivation.superseded_mark(self._master, LABEL, self.shipment.public_id, generation, code)

    def was_of_the_one_before(self, typed: str) -> bool:
        """Whether it was a code of the generation before this one, compared in constant time."""
        mark, size = self._mark(typed, self.generation - 1), derivation.MARK_BYTES
        kept = bytes(self.predecessor_mark or b"")
        each = [kept[place : place + size] for place in range(0, len(kept), size)]
        return max([hmac.compare_digest(mark, other) for other in each], default=False)

    @property
    def _master(self) -> bytes:
        return settings.DELIVERY_CODE_KEYS[self.key_id]

    def _derived_from(self) -> derivation.Generation:
        if self.nonce is None:
            raise ValueError(f"{self} has ended: its nonce is erased")
        return derivation.Generation(LABEL, self.shipment.public_id, self.generation, bytes(self.nonce))

    # --- The charge ------------------------------------------------------------------------------

    def charge(self, *, consume: bool, now: datetime.datetime) -> bool:
        """Count one attempt in one conditional UPDATE and, where it matched, end the generation with it.

        False, and nothing written, where no attempt was left or the generation had ended.
        """
        ended = {
            "ended_at": now,
            "ended_because": EndReason.USED,
            "nonce": None,
            "predecessor_mark": None,
        }
        charged = (
            DeliveryCode.objects.living()
            .filter(pk=self.pk, attempts__lt=F("attempts_allowed"))
            .update(attempts=F("attempts") + 1, **(ended if consume else {}))
        )
        if charged:
            self.attempts += 1
        return bool(charged)
