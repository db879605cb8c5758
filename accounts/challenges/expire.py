"""Ending challenges whose time is over. Who types a code too late is refused by the clock, without this."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.limits import ATTEMPTS_WINDOW, SENDS_WINDOW
from accounts.models import Challenge, CodeAddress

INTERVAL_SECONDS = 60
KEPT_FOR = timedelta(days=30)  # for the list of what happened; without an account, an address is kept a day


def expire_challenges() -> int:
    """End every living challenge whose time is over, and erase its nonce. Returns how many there were."""
    now = timezone.now()
    with transaction.atomic():
        over = Challenge.objects.living().filter(expires_at__lte=now).order_by("pk")
        held = [challenge.pk for challenge in over.select_for_update(skip_locked=True, of=("self",))]
        return Challenge.objects.filter(pk__in=held).end(Challenge.EndReason.EXPIRED, now)


def forget_challenges() -> int:
    """Delete what counts for nothing any more. Returns how many challenges there were."""
    now = timezone.now()
    ended = Challenge.objects.filter(ended_at__isnull=False)
    nobodys = ended.filter(account=None, ended_at__lte=now - max(timedelta(days=1), ATTEMPTS_WINDOW))
    CodeAddress.objects.filter(newest__lte=now - SENDS_WINDOW).delete()
    return nobodys.delete()[0] + ended.filter(ended_at__lte=now - KEPT_FOR).delete()[0]
