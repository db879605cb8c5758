"""How a merchant's programs prove who they are."""

from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models import User
from api.tokens import Caller, new_token
from orders.models import Merchant

TEST_PREFIX, LIVE_PREFIX = "mk_test_", "mk_live_"


class ApiKey(models.Model):
    """A key, kept hashed, shown once, revocable at once. What a test key makes never reaches a phone."""

    merchant = models.ForeignKey(Merchant, on_delete=models.CASCADE, related_name="api_keys")
    livemode = models.BooleanField()
    name = models.CharField(max_length=100, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    last4 = models.CharField(max_length=4)
    issued_by = models.ForeignKey(
        User,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who was shown the key, and so could enrol a handheld with it. Empty: made by a command.",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        prefix = LIVE_PREFIX if self.livemode else TEST_PREFIX
        return f"{prefix}…{self.last4}"

    @classmethod
    def issue(
        cls, merchant: Merchant, *, livemode: bool, name: str = "", by: User | None = None
    ) -> tuple[Self, str]:
        """A new key and its token, which is stored nowhere: show it once, to `by`."""
        plain, digest = new_token(LIVE_PREFIX if livemode else TEST_PREFIX)
        key = cls.objects.create(
            merchant=merchant, livemode=livemode, name=name, digest=digest, last4=plain[-4:], issued_by=by
        )
        return key, plain

    def revoke(self) -> None:
        """End the key at once. A second time changes nothing."""
        ApiKey.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now())


def caller_of(digest: str) -> Caller | None:
    """Whose key this is, for requests; None where it is unknown or revoked."""
    key = ApiKey.objects.filter(digest=digest, revoked_at=None).select_related("merchant").first()
    if key is None:
        return None
    return Caller(kind="merchant", id=key.merchant.public_id, row=key, livemode=key.livemode)
