"""A morning's dispatch: all runs set out, and how long until the last code is with the provider."""

import argparse
import time
from contextlib import ExitStack

from bench.messages import CODES, Stage
from bench.report import keep


def run(options: argparse.Namespace) -> None:
    """Start every run while the workers send, at the rate that the provider was told to allow."""
    with ExitStack() as owned:
        stage = Stage(owned, options, TWILIO_MESSAGES_PER_SECOND=str(options.per_second))
        with stage.workers(options.workers) as process:
            began = time.perf_counter()
            issuing = stage.set_out(stage.runs)
            stage.wait_until_sent(process)
            waited = time.perf_counter() - began
        taken = stage.one(
            "SELECT extract(epoch FROM max(sent_at) - min(created_at))::float FROM notifications_message "
            f"WHERE {CODES}"
        )
        codes = stage.one(f"SELECT count(*) FROM notifications_message WHERE {CODES}")
    rate = f"{options.per_second:g} a second" if options.per_second else "as fast as it goes"
    print(f"{codes} codes by {options.workers} workers, {rate}: issued in {issuing:.0f} s, ", end="")
    print(f"the last one sent after {taken:.0f} s ({codes / taken:.0f} a second; seen after {waited:.0f} s)")
    keep(f"morning-{options.per_second:g}", {"issuing": issuing, "taken": taken, "codes": codes}, options)
