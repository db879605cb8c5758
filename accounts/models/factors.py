"""What proves a person besides their password and a message: an authenticator app, and recovery codes.

Passkeys are django-allauth's `Authenticator` rows (`accounts.factors.passkeys`).
"""

import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.users import User
from codes import sealing, totp

LABEL = "authenticator-app/v1"


class AuthenticatorApp(models.Model):
    """The app of an account, from the moment its picture is shown; it counts once a code has confirmed it.

    The key is sealed under a master key. `last_step`: the newest step of time whose code was accepted; no
    code of that step or before it is accepted again.
    """

    account = models.OneToOneField(User, on_delete=models.CASCADE, related_name="authenticator_app")
    key_id = models.CharField(max_length=40)
    sealed_key = models.BinaryField(max_length=80)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, default=None)
    last_step = models.BigIntegerField(default=-1)
    last_used_at = models.DateTimeField(null=True, default=None)

    def __str__(self) -> str:
        return f"app of {self.account.public_id}"

    @classmethod
    def begin(cls, account: User, now: datetime.datetime) -> Self:
        """A new app with a new key, in the place of one that was never confirmed."""
        cls.objects.filter(account=account, confirmed_at=None).delete()
        app = cls(account=account, made_at=now)
        app.keep_key(totp.new_key())
        app.save()
        return app

    def keep_key(self, key: bytes) -> None:
        """Seal the key under the newest master key."""
        self.key_id, master = list(settings.DELIVERY_CODE_KEYS.items())[-1]
        self.sealed_key = sealing.seal(master, LABEL, key, bound_to=self.account.public_id)

    @property
    def key(self) -> bytes | None:
        """None where the master key it is sealed under is no longer configured."""
        master = settings.DELIVERY_CODE_KEYS.get(self.key_id)
        sealed = bytes(self.sealed_key)
        return sealing.unseal(master, LABEL, sealed, bound_to=self.account.public_id) if master else None

    def accept(self, step: int, now: datetime.datetime) -> bool:
        """Use the code of this step up, in one conditional UPDATE. False where it or a later one was."""
        unused = AuthenticatorApp.objects.filter(pk=self.pk, last_step__lt=step)
        return unused.update(last_step=step, last_used_at=now) == 1


class RecoveryCode(models.Model):
    """One of the codes that somebody keeps on paper: 120 random bits, kept as their SHA-256, used once."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, default=None)

    class Meta:
        indexes = (models.Index(fields=("account",), condition=Q(used_at=None), name="unused_recovery_code"),)

    objects: ClassVar[models.Manager["RecoveryCode"]] = models.Manager()

    def __str__(self) -> str:
        return f"recovery code {self.pk}"
