"""Ending challenges whose time is over. Who types a code too late is refused by the clock, without this."""

from django.utils import timezone

from handoffs.models import PreferenceChallenge

INTERVAL_SECONDS = 60


def expire_challenges() -> int:
    """End every living challenge whose time is over, and erase its nonce. Returns how many there were."""
    now = timezone.now()
    over = PreferenceChallenge.objects.filter(expires_at__lte=now)
    return over.end(PreferenceChallenge.EndReason.EXPIRED, now)
