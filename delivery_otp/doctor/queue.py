"""The queue, where there is one, and whether somebody works."""

from collections.abc import Iterator

import redis
from django.conf import settings

from delivery_otp.doctor.findings import Finding, ok, problem
from delivery_otp.heartbeat import seconds_since_worker

SILENT_SECONDS = 60.0
TIMEOUT_SECONDS = 3


def check() -> Iterator[Finding]:
    if not settings.REDIS_URL:
        yield ok("No REDIS_URL: the server works the outbox in its own process, or run_worker does.")
        return
    try:
        client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
        )
        client.ping()
    except (redis.RedisError, ValueError) as error:
        yield problem(
            f"The queue does not answer ({type(error).__qualname__}). Messages go out late, nothing is lost.",
            "Is Redis or Valkey running? Check host and password in REDIS_URL.",
        )
        return
    yield ok("The queue answers.")
    seconds = seconds_since_worker()
    if seconds is None or seconds > SILENT_SECONDS:
        when = "not within the last hour" if seconds is None else f"last {seconds:.0f} s ago"
        yield problem(
            f"No worker has been seen: {when}.",
            "Start one, and keep it running: python manage.py run_worker",
        )
    else:
        yield ok("A worker and the schedule are alive.")
