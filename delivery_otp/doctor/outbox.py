"""The outbox: does what is due go out?"""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Min
from django.utils import timezone

from delivery_otp.doctor.findings import Finding, ok, problem, warning
from notifications.models import Message

LATE, STUCK = timedelta(minutes=1), timedelta(minutes=15)
WORKER = "Is a worker running? Without Redis the server is one; with it: python manage.py run_worker"


def check() -> Iterator[Finding]:
    yield from _oldest_due()
    yield from _failed()


def _oldest_due() -> Iterator[Finding]:
    now = timezone.now()
    waiting = Message.objects.filter(next_try_at__lte=now).aggregate(at=Min("next_try_at"))["at"]
    claimed = Message.objects.filter(claimed_until__lte=now).aggregate(at=Min("claimed_until"))["at"]
    oldest = min((at for at in (waiting, claimed) if at is not None), default=None)
    late = timedelta() if oldest is None else now - oldest
    if late <= LATE:
        yield ok("No message that is due waits.")
        return
    says = f"The oldest message that is due has waited for {late.total_seconds() / 60:.0f} minutes."
    yield problem(says, WORKER) if late > STUCK else warning(says, WORKER)


def _failed() -> Iterator[Finding]:
    since = timezone.now() - timedelta(days=1)
    failed = Message.objects.filter(state=Message.State.FAILED, created_at__gte=since)
    by_channel = failed.order_by("channel").values_list("channel").annotate(count=Count("pk"))
    counts = [f"{count} by {channel}" for channel, count in by_channel]
    if counts:
        yield warning(
            f"Messages of the last day that failed for good: {', '.join(counts)}.",
            "The admin shows each with the provider's reason: /admin/",
        )
    else:
        yield ok("No message of the last day has failed for good.")
