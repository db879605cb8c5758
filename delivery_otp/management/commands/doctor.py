"""`manage.py doctor`: what is wrong with this installation, and how to mend it."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from delivery_otp.doctor import Finding, Level, examine, trial

MARKS = {Level.OK: "ok", Level.WARNING: "WARNING", Level.PROBLEM: "PROBLEM"}


class Command(BaseCommand):
    help = "Check keys, database, queue, outbox, channels and addresses. Exit status 1 on any problem."

    # What the checks would stop for is what this is to tell.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--send",
            metavar="TO",
            help="send one real test message to this phone (+…) or mailbox, and wait for its receipt",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        found: list[tuple[str, Finding]] = []
        sent: dict[str, Any] = {}
        for check, finding in self._sent(options["send"], sent) if options["send"] else examine():
            found.append((check, finding))
            if not options["json"]:
                self.stdout.write(as_text(check, finding))
        counts = Counter(finding.level for _, finding in found)
        totals = {"problems": counts[Level.PROBLEM], "warnings": counts[Level.WARNING]}
        if options["json"]:
            rows = [{"check": check, **vars(finding)} for check, finding in found]
            self.stdout.write(json.dumps({"findings": rows, **sent, **totals}))
        else:
            self.stdout.write(f"Problems: {totals['problems']}. Warnings: {totals['warnings']}.")
        if totals["problems"]:
            sys.exit(1)

    def _sent(self, address: str, told: dict[str, Any]) -> Iterator[tuple[str, Finding]]:
        """What sending one message shows; the figures go into `told` as `sent`."""
        try:
            done, findings = trial.send(address)
        except ValueError as error:
            raise CommandError(f"--send {address}: {error}.") from error
        told["sent"] = done.as_json()
        for finding in findings:
            yield "message", finding


def as_text(check: str, finding: Finding) -> str:
    mend = f"\n{'':22}{finding.mend}" if finding.mend else ""
    return f"{MARKS[finding.level]:<9}{check:<13}{finding.says}{mend}"
