"""One-time codes of an account. The digits are derived, never stored, as those of a delivery code are, under
a label of their own."""

import datetime
from functools import partial
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.limits import ATTEMPTS, CODE_LIFETIME, DIGITS, SEND_COOLDOWN, SENDS_WINDOW
from accounts.models.users import User
from api.ids import new_id
from codes import comparison, derivation

LABEL = "account-code/v1"


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def living(self) -> Self:
        return self.filter(ended_at=None)

    def end(self, because: "Challenge.EndReason", now: datetime.datetime) -> int:
        """End the living ones among these and erase what their codes are derived from."""
        return self.living().update(nonce=None, ended_at=now, ended_because=because)


class Challenge(models.Model):
    """One demand for a code, for one purpose, by one browser: its session holds the public id.

    At most one lives for each account and purpose, or for each address where there is no account yet. Its
    column counts the attempts. `is_decoy`: nothing was sent and no code is right, because the address is not
    the asker's to learn about; all else is as with any other.
    """

    class Purpose(models.TextChoices):
        SIGN_UP = "sign_up"
        SIGN_IN = "sign_in"
        STEP_UP = "step_up"
        PHONE = "phone"
        EMAIL = "email"

        @property
        def is_anybodys(self) -> bool:
            """Whether it sends codes to an address on the word of somebody it may not belong to."""
            return self not in (Challenge.Purpose.SIGN_IN, Challenge.Purpose.STEP_UP)

    class Channel(models.TextChoices):
        SMS = "sms"
        EMAIL = "email"
        VOICE = "voice"

    class EndReason(models.TextChoices):
        USED = "used"
        SUPERSEDED = "superseded"
        EXPIRED = "expired"
        LOCKED = "locked"

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "chl"), editable=False)
    purpose = models.CharField(max_length=8, choices=Purpose)
    account = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="challenges")
    channel = models.CharField(max_length=5, choices=Channel)
    address = models.CharField(max_length=254)
    locale = models.CharField(max_length=35, default="en")
    is_decoy = models.BooleanField(default=False)
    key_id = models.CharField(max_length=40)
    nonce = models.BinaryField(max_length=derivation.NONCE_BYTES, null=True)
    number = models.PositiveSmallIntegerField(default=1, help_text="Which code of this challenge it is.")
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_allowed = models.PositiveSmallIntegerField(help_text="What was left when it was issued.")
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_attempt_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=10, choices=EndReason, blank=True)

    objects: ClassVar[ChallengeQuerySet] = ChallengeQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("account", "purpose"), condition=Q(ended_at=None), name="one_living_account_challenge"
            ),
            models.UniqueConstraint(
                fields=("address", "purpose"),
                condition=Q(ended_at=None, account=None),
                name="one_living_address_challenge",
            ),
            models.CheckConstraint(
                condition=Q(attempts__lte=F("attempts_allowed")), name="account_challenge_attempts_limited"
            ),
            models.CheckConstraint(
                condition=Q(attempts_allowed__lte=ATTEMPTS), name="account_challenge_allowed_limited"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, nonce__isnull=False, ended_because="")
                | (Q(ended_at__isnull=False, nonce=None) & ~Q(ended_because="")),
                name="account_challenge_nonce_erased",
            ),
        )
        indexes = (
            models.Index(fields=("expires_at",), condition=Q(ended_at=None), name="living_account_challenge"),
            models.Index(fields=("address", "purpose"), name="account_challenge_by_address"),
        )

    def __str__(self) -> str:
        return self.public_id

    # --- Facts -----------------------------------------------------------------------------------

    @property
    def attempts_left(self) -> int:
        return self.attempts_allowed - self.attempts

    def is_usable(self, now: datetime.datetime) -> bool:
        return self.ended_at is None and now < self.expires_at and self.attempts_left > 0

    # --- The secret, in memory only ----------------------------------------------------------------

    def code_of(self) -> str:
        """The digits. ValueError once the challenge has ended: nobody can compute them then."""
        if self.nonce is None:
            raise ValueError(f"{self} has ended: its nonce is erased")
        derived_from = derivation.Generation(LABEL, self.public_id, self.number, bytes(self.nonce))
        return derivation.derive_code(
            settings.DELIVERY_CODE_KEYS[self.key_id], derived_from, self._holder, DIGITS
        )

    def matches(self, typed: str) -> bool:
        """Whether these cleaned digits are the code, compared in constant time. A decoy has no right ones."""
        return comparison.matches(typed, self.code_of()) and not self.is_decoy

    @property
    def _holder(self) -> str:
        """All that it is for, so that a row turned to another purpose, account or address gives another."""
        account = self.account.public_id if self.account else ""
        return "\n".join((self.purpose, account, self.channel, self.address))

    def renew(self, now: datetime.datetime) -> None:
        """Make the next code of this challenge. Its attempts stay as they are."""
        self.number, self.nonce, self.expires_at = (
            self.number + 1,
            derivation.new_nonce(),
            now + CODE_LIFETIME,
        )
        self.save(update_fields=("number", "nonce", "expires_at"))

    def note_sent(self, now: datetime.datetime) -> None:
        """Its code goes out now."""
        self.last_sent_at = now
        self.save(update_fields=("last_sent_at",))

    # --- The charge --------------------------------------------------------------------------------

    def charge(self, *, consume: bool, now: datetime.datetime) -> bool:
        """Count one attempt in one conditional UPDATE, which ends the challenge where it matched.

        False, and nothing written, where no attempt was left or it had ended. The last wrong one ends it.
        """
        ours = Challenge.objects.living().filter(pk=self.pk)
        used = {"ended_at": now, "ended_because": self.EndReason.USED, "nonce": None} if consume else {}
        counted = {"attempts": F("attempts") + 1, "last_attempt_at": now}
        if not ours.filter(attempts__lt=F("attempts_allowed")).update(**counted, **used):
            return False
        self.attempts += 1
        ours.filter(attempts__gte=F("attempts_allowed")).end(self.EndReason.LOCKED, now)
        return True


class CodeAddress(models.Model):
    """When codes last went to one address: a row whoever asked for them, and one for what anybody may ask.

    `whom` is an HMAC under SECRET_KEY of the address. The first row is also what all those who ask for a code
    to one address have in common, and so what they lock.
    """

    whom = models.CharField(max_length=64, unique=True)
    sent = models.JSONField(default=list, help_text="Unix times of the last sends, oldest first.")
    newest = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"code address {self.pk}"

    def next_allowed_at(self, now: datetime.datetime, most: int) -> datetime.datetime:
        """From when on a code may go there again, `most` in the window; not later than `now` if one may."""
        recent = self._recent(now)
        if not recent:
            return now
        times = [recent[-1] + SEND_COOLDOWN.total_seconds()]
        if len(recent) >= most:
            times.append(recent[-most] + SENDS_WINDOW.total_seconds())
        return datetime.datetime.fromtimestamp(max(times), tz=datetime.UTC)

    def note_sent(self, now: datetime.datetime) -> None:
        """Count one send. Call with the row locked, after `next_allowed_at` has allowed it."""
        self.sent, self.newest = [*self._recent(now), now.timestamp()], now
        self.save(update_fields=("sent", "newest"))

    def _recent(self, now: datetime.datetime) -> list[float]:
        since = (now - SENDS_WINDOW).timestamp()
        return [each for each in self.sent if each > since]
