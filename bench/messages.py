"""Codes on their way: from the outbox to a stand-in of the provider, by one, two and four workers."""

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import psycopg

from bench.cpu import cpu_seconds
from bench.provider import Provider
from bench.report import keep
from bench.seed import FRESH, STOPS_PER_ROUTE, Sample, seed
from bench.sites import environment, setup_django, started_postgres
from tests.servers import PostgresServer, ValkeyServer
from tests.servers.folders import temporary_folder
from tests.servers.process import Process, wait_until
from tests.servers.service import ROOT, manage

FEWEST_RUNS = 60  # as many as `seed` makes couriers for
CODES = "kind = 'delivery_code'"
PATIENCE_SECONDS = 3600
BATCH = 500  # as retention has it


@dataclass
class Drained:
    """What one number of workers came to. Latencies from the fact to the provider's answer, in seconds, with
    half of what they carry on its way; CPU in milliseconds for each message."""

    workers: int
    messages: int
    per_second: float
    p50: float
    p99: float
    worker_cpu: float
    database_cpu: float

    def __str__(self) -> str:
        return (
            f"| {self.workers} | {self.per_second:.0f} | {1000 * self.p50:.0f} | {1000 * self.p99:.0f} "
            f"| {self.worker_cpu:.2f} | {self.database_cpu:.2f} |"
        )


class Stage:
    """A database full of planned runs, and what sends their codes."""

    def __init__(self, owned: ExitStack, options: argparse.Namespace, **settings: str) -> None:
        self.server: PostgresServer = started_postgres()
        owned.callback(self.server.stop)
        self.redis = owned.enter_context(ValkeyServer()).url
        self.provider = owned.enter_context(Provider(options.provider_seconds))
        self.url = self.server.create_database("ours")
        self.variables = {**self.provider.environment, "REDIS_URL": self.redis, **settings}
        manage(environment(self.url), "migrate", "--verbosity=0")
        setup_django(self.url, **self.variables)
        seed(self.server.superuser_url("ours"), *[_planned()] * 2, history=0, fresh=options.messages)
        # Nobody hears of receipts here: with a mailbox the ladder would go on to it after a minute.
        with psycopg.connect(self.server.superuser_url("ours")) as connection:
            connection.execute("UPDATE orders_order SET email = ''")
        self.devices = _devices()
        self.runs = max(FEWEST_RUNS, options.messages // STOPS_PER_ROUTE)

    def set_out(self, runs: int) -> float:
        """Start so many runs of 120; answers the seconds that took."""
        from handoffs.start import start

        begun = time.perf_counter()
        for _ in range(runs):
            start(device=next(self.devices))
        return time.perf_counter() - begun

    @contextmanager
    def workers(self, number: int) -> Iterator[Process]:
        command = [sys.executable, "manage.py", "run_worker", f"--concurrency={number}"]
        process = Process(
            command,
            environment=environment(self.url, **self.variables),
            log=temporary_folder("worker") / "log",
            folder=ROOT,
        )
        yield process
        process.stop()

    def one(self, query: str) -> Any:
        with psycopg.connect(self.url) as connection:
            found = connection.execute(query.encode()).fetchone()
        assert found is not None
        return found[0]

    def wait_until_sent(self, process: Process) -> None:
        sent = self.one(f"SELECT count(*) FROM notifications_message WHERE {CODES}")
        patience = partial(wait_until, seconds=PATIENCE_SECONDS, process=process)
        patience(lambda: self.provider.taken >= sent, what="the provider")  # costs the database nothing
        waiting = (
            f"SELECT count(*) FROM notifications_message WHERE {CODES} AND state IN ('queued', 'sending')"
        )
        patience(lambda: self.one(waiting) == 0, what="the last code")
        unsent = self.one(
            f"SELECT count(*) FROM notifications_message WHERE {CODES} AND state NOT IN ('sent', 'received')"
        )
        assert unsent == 0, f"{unsent} were not sent"
        assert self.provider.taken == sent, f"{self.provider.taken} were taken of {sent}"


def run(options: argparse.Namespace) -> None:
    """Each number of workers drains a full outbox, then sends for runs that set out one after the other."""
    found: list[Drained] = []
    with ExitStack() as owned:
        stage = Stage(owned, options)
        share = stage.runs // len(options.workers)
        print("| workers | messages/s | p50 ms | p99 ms | worker CPU ms | database CPU ms |")
        print("|---:|---:|---:|---:|---:|---:|")
        for workers in options.workers:
            found.append(_drained(stage, workers, share))
            print(found[-1], flush=True)
        forgotten = _forgotten(stage)
    gone, seconds = forgotten
    print(f"{gone} messages forgotten in {seconds:.1f} s, {BATCH} in a transaction")
    keep("messages", {"workers": [asdict(each) for each in found], "forgotten": forgotten}, options)


def _drained(stage: Stage, workers: int, runs: int) -> Drained:
    several = runs * 4 // 5
    sent = stage.one(f"SELECT count(*) FROM notifications_message WHERE {CODES}")
    stage.set_out(several)
    number = stage.one(f"SELECT count(*) FROM notifications_message WHERE {CODES}") - sent
    first = stage.one(
        f"SELECT coalesce(max(id), 0) FROM notifications_message WHERE sent_at IS NOT NULL AND {CODES}"
    )
    before = cpu_seconds(stage.server.pid)
    with stage.workers(workers) as process:
        stage.wait_until_sent(process)
        cpu = (cpu_seconds(process.pid), cpu_seconds(stage.server.pid) - before)
        rate = stage.one(
            "SELECT count(*) / extract(epoch FROM max(sent_at) - min(sent_at)) FROM notifications_message "
            f"WHERE {CODES} AND id > {first}"
        )
        last = stage.one(f"SELECT max(id) FROM notifications_message WHERE {CODES}")
        for _ in range(runs - several):
            began = time.monotonic()
            stage.set_out(1)
            time.sleep(max(0.0, began + 2 * (number / several) / float(rate) - time.monotonic()))
        stage.wait_until_sent(process)
    with psycopg.connect(stage.url) as connection:
        latencies = [
            row[0]
            for row in connection.execute(
                "SELECT extract(epoch FROM sent_at - created_at)::float FROM notifications_message "
                f"WHERE {CODES} AND id > {last}".encode()
            )
        ]
    cuts = statistics.quantiles(latencies, n=100)
    return Drained(
        workers,
        number,
        float(rate),
        cuts[49],
        cuts[98],
        1000 * cpu[0] / number,
        1000 * cpu[1] / number,
    )


def _forgotten(stage: Stage) -> tuple[int, float]:
    """How many messages retention deletes in one go, and the seconds that takes."""
    from django.conf import settings

    from notifications.retention import forget

    with psycopg.connect(stage.url) as connection:
        connection.execute("UPDATE notifications_message SET created_at = created_at - interval '90 d'")
    settings.MESSAGES_KEPT_DAYS = 30
    begun = time.perf_counter()
    return forget(), time.perf_counter() - begun


def _planned() -> Sample:
    """A real shipment that waits on today's run of its courier."""
    from handoffs.plan import StopDraft, plan_route
    from orders.models import Actor, Shipment
    from tests.base import a_shipment, acme, carl
    from tests.handoffs.stories import a_device

    device = a_device(carl(livemode=True))
    shipment = a_shipment(acme(), livemode=True)
    plan_route(
        within=Shipment.objects.all(),
        courier=device.courier,
        date=device.courier.depot.today(),
        stops=[StopDraft(shipment=shipment.public_id)],
        actor=Actor("merchant"),
    )
    stop = shipment.stops.get()
    return Sample(shipment.pk, shipment.order_id, stop.route_id, device.courier_id, device.pk)


def _devices() -> Iterator[Any]:
    """The handhelds of the copied couriers, one after the other."""
    from fleet.models import Device

    return iter(Device.objects.filter(pk__gt=FRESH).order_by("pk"))
