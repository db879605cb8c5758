"""`manage.py check_invariants`: does the data hold what must always hold?"""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from delivery_otp.invariants import CHECKS, broken


class Command(BaseCommand):
    help = "Check what must always hold of the data. Exit status 1 if anything is broken. Reads only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(broken())
        if options["json"]:
            self.stdout.write(json.dumps({"checked": CHECKS, "broken": [asdict(item) for item in found]}))
        else:
            for item in found:
                self.stdout.write(f"BROKEN ({item.number}): {item.says}: {', '.join(item.rows)}")
            self.stdout.write(f"{CHECKS} checked, {len(found)} broken.")
        if found:
            sys.exit(1)
