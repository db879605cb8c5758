"""`manage.py verify_proof`: does a proof of delivery hold, and if not, what is wrong with it?"""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from handoffs.proofs.signing import PublicKeys, keys_from, public_keys
from handoffs.proofs.verifying import MAX_BYTES, Verdict, verify


class Command(BaseCommand):
    help = (
        "Verify a proof of delivery, with the events that lead to it. Exit status 1 where it does not hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", help="the proof as the API answers it, or its signature alone; - for stdin"
        )
        parser.add_argument("--keys", help="a JSON Web Key Set instead of this installation's keys")
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        keys = _kept_keys(options["keys"]) if options["keys"] else public_keys()
        verdict = verify(_read(options["file"]), keys)
        self.stdout.write(json.dumps(as_json(verdict)) if options["json"] else as_text(verdict))
        if not verdict.holds:
            sys.exit(1)


def as_json(verdict: Verdict) -> dict[str, Any]:
    problem = verdict.problem
    return {
        "valid": verdict.holds,
        "problem": {"code": problem.code, "detail": problem.detail} if problem else None,
        "key_id": verdict.key_id,
        "statement": verdict.statement,
        "events": {"file": verdict.told_events, "database": verdict.kept_events},
    }


def as_text(verdict: Verdict) -> str:
    if verdict.problem is not None:
        return f"This proof does not hold: {verdict.problem.detail}"
    lines = [f"This proof holds. It is signed with the key {verdict.key_id} and says:"]
    lines += [f"    {name:<13}{value}" for name, value in (verdict.statement or {}).items()]
    where = (("the file", verdict.told_events), ("this database", verdict.kept_events))
    for place, events in where:
        if events is not None:
            lines.append(f"The {events} events of {place} lead to it, unchanged.")
    if verdict.kept_events is None:
        lines.append("This database does not know the shipment, so no events of it were compared.")
    return "\n".join(lines)


def _read(name: str) -> bytes:
    try:
        if name == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{name} cannot be read: {error.strerror}.") from error


def _kept_keys(name: str) -> PublicKeys:
    try:
        return keys_from(json.loads(_read(name)))
    except ValueError as error:
        raise CommandError(f"{name} is not a JSON Web Key Set of Ed25519 keys.") from error
