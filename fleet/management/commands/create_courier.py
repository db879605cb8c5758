import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q

from fleet.models import ENROLMENT_LIFETIME, Courier, Depot, Enrolment


class Command(BaseCommand):
    help = "Create a courier, and a one-time code that enrols their handheld. The code is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--depot", help="a depot's id or name (default: the shared one)")
        parser.add_argument("--live", action="store_true", help="for real parcels only, from the start")
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            # Without --live they carry whatever comes, and are live from their first real parcel on.
            livemode = True if options["live"] else None
            courier = Courier(name=options["name"], depot=_depot(options["depot"]), livemode=livemode)
            courier.save(force_insert=True)
            _, code = Enrolment.issue(courier)
        if options["json"]:
            self.stdout.write(json.dumps({"courier": courier.public_id, "enrolment_code": code}))
            return
        self.stdout.write(f"Courier {courier.public_id} ({courier.name}, {courier.depot.name}) is created.")
        self.stdout.write(f"Their enrolment code, shown only now: {code}")
        self.stdout.write(f"It enrols one handheld, within {ENROLMENT_LIFETIME.days} days.")


def _depot(wanted: str | None) -> Depot:
    if wanted is None:
        return Depot.shared_default()
    found = list(Depot.objects.filter(Q(public_id=wanted) | Q(name=wanted)).order_by("pk")[:2])
    if not found:
        raise CommandError(f"There is no depot {wanted}.")
    if len(found) > 1:
        raise CommandError(f"Several depots are called {wanted}: say which by its id.")
    return found[0]
