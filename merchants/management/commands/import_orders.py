import json
import sys
import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from merchants.imports import COLUMNS, Import, ImportFileError
from merchants.management.progress import ProgressBar
from orders.models import Merchant

HELP = f"""
Place the orders of a CSV file: UTF-8, separated by commas, with the header {",".join(COLUMNS)}.
Rows with one reference are the parcels of one shipment, wherever they stand; they differ in barcode only.
What is wrong is listed with its line, field and reason, and the rest is placed; the exit status is 1 then.
A second run adds nothing.
"""


class Command(BaseCommand):
    help = " ".join(HELP.split())

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument(
            "--merchant", required=True, help="whose orders they are: the id (mer_…) or the name"
        )
        parser.add_argument("--live", action="store_true", help="live orders: messages go to real people")
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        merchant = _merchant(options["merchant"])
        bar = ProgressBar(sys.stderr, shown=not options["json"] and sys.stderr.isatty())
        started = time.monotonic()
        with Import(merchant, livemode=options["live"], progress=bar.show) as run:
            try:
                run.run(options["file"])
            except ImportFileError as error:
                raise CommandError(f"Nothing was imported. {error}") from error
            except KeyboardInterrupt:
                bar.clear()
                raise CommandError(
                    f"Stopped. {_told(run)} Run it again for the rest.", returncode=130
                ) from None
            bar.clear()
            refused = self._tell_json(run) if options["json"] else self._tell(run, time.monotonic() - started)
        if refused:
            sys.exit(1)

    def _tell(self, run: Import, seconds: float) -> int:
        lines = 0
        for fault in run.refused():
            lines += 1
            where = f"line {fault.line}, {fault.field}" if fault.field else f"line {fault.line}"
            self.stdout.write(f"{where}: {fault.reason}")
        rate = f" {run.orders / seconds:.0f} orders a second." if run.orders else ""
        self.stdout.write(f"{_told(run)} {lines} faults in the file.{rate}")
        return lines

    def _tell_json(self, run: Import) -> int:
        """Written piece by piece: the list can be longer than memory."""
        counts = {"orders": run.orders, "shipments": run.shipments, "unchanged": run.unchanged}
        self.stdout.write(json.dumps(counts)[:-1] + ', "refused": [', ending="")
        lines = 0
        for fault in run.refused():
            self.stdout.write((", " if lines else "") + json.dumps(asdict(fault)), ending="")
            lines += 1
        self.stdout.write("]}")
        return lines


def _told(run: Import) -> str:
    return f"{run.orders} orders with {run.shipments} shipments placed, {run.unchanged} were there unchanged."


def _merchant(named: str) -> Merchant:
    found = list(Merchant.objects.filter(Q(public_id=named) | Q(name=named))[:2])
    if len(found) == 1:
        return found[0]
    several = f"Several merchants are called {named}: give the id (mer_…)."
    raise CommandError(several if found else f"There is no merchant {named}. create_merchant makes one.")
