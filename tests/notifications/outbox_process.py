"""One step of the outbox in a process of its own, which a test may kill.

`python -m tests.notifications.outbox_process enqueue '[{"context": {}}]'`, `drain` or `recover`.
"""

from __future__ import annotations

import json
import sys

import django

django.setup()

from notifications import outbox, worker  # noqa: E402
from tests.notifications.greeting import draft  # noqa: E402


def main(step: str, *arguments: str) -> None:
    if step == "enqueue":
        outbox.enqueue_many(draft(**fields) for fields in json.loads(arguments[0]))
    elif step == "drain":
        worker.drain()
    elif step == "recover":
        worker.sweep()
        worker.drain()
    else:
        raise SystemExit(f"{step} is no step")


main(*sys.argv[1:])
