"""How the service is served, under bin/run and in production. gunicorn reads this file by itself.

HOST and PORT say where; WEB_CONCURRENCY (1) processes of WEB_THREADS (16) threads. Without REDIS_URL
the worker loop runs in each process; WORKER_IN_PROCESS=0 leaves it to a `manage.py run_worker`.
"""

import gc
import os
import sys
from pathlib import Path

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker

_host = os.environ.get("HOST") or "127.0.0.1"
bind = (
    f"[{_host}]:{os.environ.get('PORT') or 8000}"
    if ":" in _host
    else f"{_host}:{os.environ.get('PORT') or 8000}"
)
wsgi_app = "delivery_otp.wsgi"
worker_class = "delivery_otp.server.Worker"
workers = int(os.environ.get("WEB_CONCURRENCY") or 1)
threads = int(os.environ.get("WEB_THREADS") or 16)
control_socket_disable = True
graceful_timeout = 5  # seconds for running requests once asked to end
keepalive = 5
accesslog = None  # the recipient's links are secrets: they must not reach a log
logger_class = "delivery_otp.logs.ServerLog"  # nor the words about a request that broke


def on_starting(server: Arbiter) -> None:
    """Say at once what every page would fail with."""
    collected = Path(__file__).parent / "var/static/staticfiles.json"
    if (os.environ.get("DEBUG") or "0").lower() in {
        "1",
        "true",
        "yes",
        "on",
        "ok",
        "y",
    } or collected.exists():
        return
    sys.exit("The static files are not collected. Run: python manage.py collectstatic --noinput")


def post_worker_init(worker: Worker) -> None:
    """Keep what was loaded out of every later garbage collection, and start the worker loop in this process,
    where nothing else works the outbox."""
    gc.collect()
    gc.freeze()
    if os.environ.get("REDIS_URL") or os.environ.get("WORKER_IN_PROCESS") == "0":
        return
    from notifications.worker import start_in_process

    start_in_process()
