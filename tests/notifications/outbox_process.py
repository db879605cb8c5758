"""One step of the outbox in a process of its own, which a test may kill.

With `drain`, `recover`, `count 20 5`, or `enqueue` and drafts as JSON.
"""

from __future__ import annotations

import json
import sys
import threading

import django

django.setup()

from django.db import connection  # noqa: E402

from notifications import caps, outbox, worker  # noqa: E402
from tests.notifications.greeting import draft  # noqa: E402


def counted_at_once(threads: int, *, most: int) -> int:
    """So many ask one cap at one moment; answers how many of them may go."""
    cap, together, done = caps.Cap("address", "ada", most, ""), threading.Barrier(threads), []

    def ask() -> None:
        together.wait()
        if caps.count_under([cap]) is None:
            done.append(1)
        connection.close()

    asking = [threading.Thread(target=ask) for _ in range(threads)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    return len(done)


def main(step: str, *arguments: str) -> None:
    if step == "enqueue":
        outbox.enqueue_many(draft(**fields) for fields in json.loads(arguments[0]))
    elif step == "drain":
        worker.drain()
    elif step == "count":
        sys.stdout.write(str(counted_at_once(int(arguments[0]), most=int(arguments[1]))))
    elif step == "recover":
        worker.sweep()
        worker.drain()
    else:
        raise SystemExit(f"{step} is no step")


main(*sys.argv[1:])
