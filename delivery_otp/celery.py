"""Celery over the same plain functions that the loop calls, for installations with Redis.

Tasks carry nothing but names, and every one may run twice, late or not at all: the database alone says what
is to be done. A task that a lost worker had taken comes back after the visibility timeout.
"""

from __future__ import annotations

import logging
import logging.config
import os
from typing import Any

import django
from celery import Celery
from celery.signals import beat_init, setup_logging
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "delivery_otp.settings")
# The apps come first, with all that they register.
if not apps.ready:
    django.setup()

from django.conf import settings

from notifications import worker
from notifications.sending import BATCH

DRAIN = "notifications.drain"
PERIODIC = "notifications.periodic"
DRAIN_SECONDS = 2.0
# What waits longer than this has been overtaken by its successors. Not less: clocks of machines differ.
EXPIRES_SECONDS = 60

app = Celery("delivery_otp", set_as_current=True)


def beat_schedule() -> dict[str, dict[str, Any]]:
    """The schedule: the outbox, and whatever the apps registered with `worker.every`."""
    options = {"expires": EXPIRES_SECONDS}
    jobs = {
        job.name: {"task": PERIODIC, "schedule": job.seconds, "args": [job.name], "options": options}
        for job in worker.periodic().values()
    }
    return jobs | {"drain": {"task": DRAIN, "schedule": DRAIN_SECONDS, "options": options}}


app.conf.update(
    broker_url=settings.REDIS_URL or None,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    broker_transport_options={
        # Without a timeout a publish to a machine that is gone hangs for ever.
        "socket_timeout": 5,
        "socket_connect_timeout": 3,
        "visibility_timeout": 120,
        # With the defaults, what a killed worker had taken came back only after 106 s.
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,
    },
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=600,
    # No limit: one used up by acknowledgements that a lost Redis never took has the worker neither ask
    # for more nor notice that the connection is gone. What it holds too much of are names, and expires.
    worker_prefetch_multiplier=0,
    worker_enable_remote_control=False,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    enable_utc=True,
    timezone="UTC",
    beat_scheduler="celery.beat:Scheduler",
    beat_max_loop_interval=1,
    beat_schedule=beat_schedule(),
)


def use_our_logging(**_: Any) -> None:
    """Keep Celery from setting up logging of its own: a line for each task is too much."""
    logging.config.dictConfig(settings.LOGGING)
    for name in ("celery.app.trace", "celery.worker.strategy", "celery.beat"):
        logging.getLogger(name).setLevel(logging.WARNING)


def drain_outbox() -> None:
    """Send one batch; where there is more, another worker is told to go on meanwhile."""
    worker.guarded(DRAIN, lambda: worker.drain(BATCH, more=worker.wake))


def run_periodic(name: str) -> None:
    """Run what `worker.every` registered under this name; a name of another release is passed over."""
    job = worker.periodic().get(name)
    if job:
        worker.guarded(name, job.run)


def publish_drain() -> None:
    """Tell the workers that there is something to send. Raises what the broker's client raises."""
    app.send_task(DRAIN, retry=False, expires=EXPIRES_SECONDS)


def publish_all(**_: Any) -> None:
    """Publish all of the schedule once. Beat itself waits for a whole interval after each start: one that is
    ended again and again would never come to give back what lost workers held."""
    for entry in app.conf.beat_schedule.values():
        app.send_task(entry["task"], args=entry.get("args", ()), **entry["options"])


app.task(name=DRAIN)(drain_outbox)
app.task(name=PERIODIC)(run_periodic)
setup_logging.connect(use_our_logging)
beat_init.connect(publish_all)
