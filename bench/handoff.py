"""A handoff: ours beside the floor, two bare views, and what a user would assemble from django-otp."""

import argparse
import itertools
from contextlib import ExitStack
from itertools import chain, islice

from bench.floor import floor_script, run_floor
from bench.load import Outcome
from bench.report import ratios, show
from bench.rounds import Cell, cell, measure, summaries
from bench.seed import make_samples, parcels, seed
from bench.seed_shop import seed_shop
from bench.sites import Site, environment, ours, setup_django, shop, started_postgres
from tests.servers import PostgresServer, ValkeyServer
from tests.servers.service import manage

CONNECTIONS = (1, 8, 32)
PRIMING_SECONDS = 2.0  # until every thread of every process has its connection
PER_SECOND = {"ours": 1600, "floor": 7000, "otp-tuned": 400, "otp-startproject": 150}  # at the very most


def run(options: argparse.Namespace) -> None:
    """Seed, start everything, measure in interleaved rounds, tell."""
    with ExitStack() as owned:
        server = started_postgres()
        owned.callback(server.stop)
        valkey = owned.enter_context(ValkeyServer())
        wanted = options.only.split(",") if options.only else [*PER_SECOND, "bare", "token"]
        sites, script, start = _prepared(server, valkey, options, wanted)
        for site in sites:
            site.start()
            owned.callback(site.stop)
            measure(site, 32, seconds=0.1, warm_up=PRIMING_SECONDS, database=server.pid)
        cells: list[Cell] = []
        for number in range(options.rounds):
            for connections in options.connections or CONNECTIONS:
                if script:
                    made, start = _floor(server, script, connections, options.seconds, start)
                    cells.append(made)
                cells += [
                    measure(
                        site,
                        connections,
                        seconds=options.seconds,
                        warm_up=options.warm_up,
                        database=server.pid,
                    )
                    for site in sites
                ]
            print(f"round {number + 1} of {options.rounds} is done", flush=True)
        found = summaries(cells)
        show("handoff", found, cells, ratios(found), options)


def _prepared(
    server: PostgresServer, valkey: ValkeyServer, options: argparse.Namespace, wanted: list[str]
) -> tuple[list[Site], str, int]:
    """The databases filled and the sites to start; the floor's script and its first number."""
    need = {
        name: 2000 + int(_measured_seconds(options) * rate)
        for name, rate in PER_SECOND.items()
        if name in wanted
    }
    mine = need.get("ours", 0)
    database = server.create_database("ours")
    setup_django(database)
    manage(environment(database), "migrate", "--verbosity=0")
    manage(environment(database), "collectstatic", "--noinput", "--verbosity=0")
    delivered, out = make_samples()
    superuser = server.superuser_url("ours")
    floor_need = need.get("floor", 0)
    print(f"seeding {options.shipments} delivered shipments and {mine + floor_need} fresh ones …", flush=True)
    seed(superuser, delivered, out, history=options.shipments, fresh=mine + floor_need + 1)
    fresh = list(parcels(superuser, 1, max(mine, 2000)))
    sites: list[Site] = []
    if "ours" in wanted:
        redis = valkey.url if options.redis else ""
        sites.append(ours(database, fresh, redis))
    names = {
        "bare": "DRF view, no authentication",
        "token": "DRF view, TokenAuthentication",
        "otp-tuned": "django-otp EmailDevice, tuned",
        "otp-startproject": "django-otp EmailDevice, startproject's settings",
    }
    shops = [name for name in names if name in wanted]
    if shops:
        url = server.create_database("shop")
        there = {**environment(url), "DJANGO_SETTINGS_MODULE": "bench.otp_shop.settings"}
        manage(there, "migrate", "--verbosity=0")
        otp = need.get("otp-tuned", 0) + need.get("otp-startproject", 0)
        more = list(
            islice(chain(fresh, parcels(superuser, mine + 1, max(0, otp - len(fresh)))), max(otp, 2000))
        )
        seed_shop(url, more)
        split = need.get("otp-tuned", 0)
        slices = {
            "bare": itertools.cycle(more[:2000]),
            "token": itertools.cycle(more[:2000]),
            "otp-tuned": more[:split],
            "otp-startproject": more[split:],
        }
        sites += [
            shop(name, names[name], url, slices[name], tuned=name != "otp-startproject") for name in shops
        ]
    script = floor_script(superuser, delivered) if "floor" in wanted else ""
    return sites, script, mine + 1


def _floor(
    server: PostgresServer, script: str, connections: int, seconds: float, start: int
) -> tuple[Cell, int]:
    outcomes: list[Outcome] = []

    def work() -> Outcome:
        outcomes.append(
            run_floor(server, "ours", script, connections=connections, seconds=seconds, start=start)
        )
        return outcomes[0]

    made = cell("floor", connections, work, server=None, database=server.pid)
    return made, start + outcomes[0].successes + connections * 200


def _measured_seconds(options: argparse.Namespace) -> float:
    return float(
        options.rounds * len(options.connections or CONNECTIONS) * (options.seconds + options.warm_up)
        + PRIMING_SECONDS
    )
