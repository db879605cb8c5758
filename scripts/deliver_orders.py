#!/usr/bin/env python3
"""Have scripted couriers deliver every order of an import file, over HTTP, by a running service.

    scripts/deliver_orders.py orders.csv --url http://127.0.0.1:8000 --key mk_test_…

The orders must have been imported for the key's merchant, and the sandbox phone must be on: couriers are told
the codes that are on it. Couriers are made and their handhelds enrolled over the API; each has a route of up
to --stops shipments, sets out, arrives, scans, types. The --seed chooses what happens at the doors: some
codes are mistyped once (--typos), some recipients are absent and another courier tries again the same day
(--absent), some refuse and the shipment is returned (--refused).

Where the service is busy or down, the same request goes out again with the same Idempotency-Key. What was
closed before is left alone, so that a run that was cut short can be repeated. Orders that are not there,
because the import refused them, are counted as missing. Exit status 1 if any shipment does not end as
planned.
"""

import argparse
import json
import os
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from delivering.audit import RECEIPT_SECONDS, Audit
from delivering.client import Client, GaveUpError
from delivering.courier import Courier
from delivering.jobs import Job, Line, Shares, jobs_of, lines_of, plan
from delivering.phone import Phone
from delivering.target import Target

T = TypeVar("T")
R = TypeVar("R")
CLOSED = {"delivered", "returned", "cancelled"}
MOST_TRIES = 5
PROBLEMS_SHOWN = 20


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description="Deliver every order of an import file with scripted couriers."
    )
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--url", required=True, help="where the service is, such as http://127.0.0.1:8000")
    parser.add_argument(
        "--key", default=os.environ.get("API_KEY", ""), help="the merchant's API key ($API_KEY)"
    )
    parser.add_argument("--sandbox-password", default=os.environ.get("SANDBOX_PASSWORD", ""))
    parser.add_argument("--threads", type=int, default=8, help="how many couriers are under way at once (8)")
    parser.add_argument("--stops", type=int, default=120, help="the most stops of a courier (120)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--typos", type=float, default=0.02, help="share of codes mistyped once (0.02)")
    parser.add_argument(
        "--absent", type=float, default=0.04, help="share of recipients absent at first (0.04)"
    )
    parser.add_argument("--refused", type=float, default=0.02, help="share refused and returned (0.02)")
    parser.add_argument("--code-wait", type=float, default=120.0, help="seconds a code is waited for (120)")
    parser.add_argument("--json", action="store_true", help="one JSON object, the last line of the output")
    options = parser.parse_args()
    if not options.key:
        parser.error("an API key is needed: --key, or API_KEY in the environment")
    if min(options.threads, options.stops) < 1:
        parser.error("--threads and --stops must be 1 or more")
    return options


class Day:
    """One run over one file."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.target = Target(
            options.url.rstrip("/"), options.key, options.sandbox_password, options.code_wait
        )
        self.shares = Shares(typos=options.typos, absent=options.absent, refused=options.refused)
        self.pool = ThreadPoolExecutor(options.threads)
        self.of_thread = threading.local()
        self.jobs: list[Job] = []
        self.seconds: dict[str, float] = {}

    def find(self) -> Counter[str]:
        """The shipments of the file's orders; those that are to be delivered become `jobs`."""
        found = self.each(self.lookup, list(lines_of(self.options.file)), "looking them up")
        every = jobs_of(found)
        plan(every, self.shares, self.options.seed)
        self.jobs = [job for job in every if job.status not in CLOSED]
        there = sum(bool(shipments) for _, shipments in found)
        missing, closed = len(found) - there, len(every) - len(self.jobs)
        return Counter({"imported": there, "missing": missing, "closed before": closed})

    def shop(self) -> Client:
        """The merchant's program: a connection for each thread."""
        if not hasattr(self.of_thread, "shop"):
            self.of_thread.shop = self.target.shop()
        client: Client = self.of_thread.shop
        return client

    def phone(self) -> Phone:
        if not hasattr(self.of_thread, "phone"):
            self.of_thread.phone = self.target.phone()
        phone: Phone = self.of_thread.phone
        return phone

    def lookup(self, line: Line) -> tuple[Line, list[dict[str, Any]]]:
        found = self.shop().get(f"/orders?reference={quote(line.reference)}")["data"]
        return line, [shipment for order in found for shipment in order["shipments"]]

    def deliver(self) -> None:
        """Every job in runs of couriers, and those that failed again with another courier."""
        waiting = self.on_the_way_back()
        couriers = self.hire(-(-len(waiting) // self.options.stops) + 1)  # one more, for who has to try again
        runs = {at: waiting[at :: len(couriers)] for at in range(len(couriers))}
        for number in range(MOST_TRIES):
            under_way = [(couriers[at], jobs) for at, jobs in runs.items() if jobs]
            what = "delivering" if number == 0 else f"trying again ({number})"
            left = self.each(lambda run: run[0].run(run[1]), under_way, what)
            again = [job for jobs in left for job in jobs]
            if not again:
                return
            places = {courier.id: at for at, courier in enumerate(couriers)}
            runs = defaultdict(list)
            for job in again:
                runs[(places[job.last_courier] + 1) % len(couriers)].append(job)
        for job in again:
            job.problems.append(f"{MOST_TRIES} couriers tried")

    def on_the_way_back(self) -> list[Job]:
        """The jobs that are left once those that an earlier run was sending back have come back."""
        for job in self.jobs:
            if job.status == "returning":
                self.shop().post(f"/shipments/{job.id}/returned")
        return [job for job in self.jobs if job.status != "returning"]

    def hire(self, number: int) -> list[Courier]:
        names = [f"Courier {at + 1}" for at in range(number)]
        return self.each(lambda name: Courier(self.target, name=name), names, "enrolling couriers")

    def audit(self) -> Counter[str]:
        deadline = time.monotonic() + RECEIPT_SECONDS

        def checked(job: Job) -> Counter[str]:
            return Audit(self.shop(), self.phone(), deadline=deadline).check(job)

        return sum(self.each(checked, self.jobs, "looking at how they ended"), Counter())

    def each(self, do: Callable[[T], R], things: Iterable[T], what: str) -> list[R]:
        """`do` for each, so many at once; the time it took is kept under `what`."""
        started = time.monotonic()
        done = list(self.pool.map(do, things))
        self.seconds[what] = round(time.monotonic() - started, 1)
        print(f"{what}: {len(done)} in {self.seconds[what]} s", file=sys.stderr, flush=True)
        return done


def report(day: Day, found: Counter[str], ended: Counter[str]) -> dict[str, Any]:
    on_the_road = sum(took for what, took in day.seconds.items() if what.startswith(("delivering", "trying")))
    handoffs = day.target.tally.requests["handoffs"]
    counts = ("delivered", "returned", "with a code", "codes issued", "messages", "receipts")
    return {
        **{name.replace(" ", "_"): found[name] for name in ("imported", "missing", "closed before")},
        **{name.replace(" ", "_"): ended[name] for name in counts},
        **{
            name.replace(" ", "_"): ended[name]
            for name in ("wrong codes", "given back", "visits that failed")
        },
        "handoffs": handoffs,
        "handoffs_per_second": round(handoffs / on_the_road, 1) if on_the_road else 0.0,
        "requests": day.target.tally.requests["requests"],
        "tried_again": day.target.tally.requests["tried again"],
        "seconds": day.seconds,
        "not_as_planned": [
            {"reference": j.reference, "why": "; ".join(j.problems)} for j in day.jobs if j.problems
        ],
    }


def main() -> int:
    options = arguments()
    day = Day(options)
    try:
        found = day.find()
        if day.jobs:
            day.deliver()
        told = report(day, found, day.audit())
    except GaveUpError as error:
        print(f"deliver_orders: {error}", file=sys.stderr)
        return 1
    wrong = told["not_as_planned"]
    if options.json:
        print(json.dumps(told))
    else:
        for name, value in told.items():
            if name not in {"not_as_planned", "seconds"}:
                print(f"{name.replace('_', ' '):>20} {value}")
        for job in wrong[:PROBLEMS_SHOWN]:
            print(f"NOT AS PLANNED {job['reference']}: {job['why']}")
        print(f"{len(wrong)} of {len(day.jobs)} shipments did not end as planned.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
