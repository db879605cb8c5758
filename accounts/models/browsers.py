"""Browsers that need no code to sign in, because their person said so after giving one."""

import datetime
from functools import partial
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from accounts.models.users import User
from api.ids import new_id


class TrustedBrowserQuerySet(models.QuerySet["TrustedBrowser"]):
    def living(self, now: datetime.datetime) -> Self:
        return self.filter(ended_at=None, expires_at__gt=now)

    def end(self, now: datetime.datetime) -> int:
        return self.filter(ended_at=None).update(ended_at=now)


class TrustedBrowser(models.Model):
    """One browser that one account trusts. Its cookie holds a token, kept here as its digest."""

    public_id = models.CharField(max_length=32, unique=True, default=partial(new_id, "tbr"), editable=False)
    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="trusted_browsers")
    token_digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80, help_text="What the browser said it was, in short.")
    trusted_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, default=None)

    objects: ClassVar[TrustedBrowserQuerySet] = TrustedBrowserQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = (
            models.Index(fields=("account",), condition=Q(ended_at=None), name="living_trusted_browser"),
        )

    def __str__(self) -> str:
        return self.public_id


class KnownPlace(models.Model):
    """About where an account has signed in from with a code: see `accounts.places`. `place` is an HMAC."""

    account = models.ForeignKey(User, on_delete=models.CASCADE, related_name="known_places")
    place = models.CharField(max_length=64)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("account", "place"), name="one_row_for_a_known_place"),
        )

    def __str__(self) -> str:
        return f"known place {self.pk}"
