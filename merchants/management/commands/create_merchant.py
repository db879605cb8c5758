import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from merchants.models import ApiKey
from orders.models import Merchant


class Command(BaseCommand):
    help = "Create a merchant with the default policy, and a key for its programs. The key is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name")
        parser.add_argument("--live", action="store_true", help="a live key: its messages go to real people")
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            merchant = Merchant.open(options["name"])
            key, token = ApiKey.issue(merchant, livemode=options["live"], name="first key")
        if options["json"]:
            self.stdout.write(json.dumps({"merchant": merchant.public_id, "api_key": token}))
            return
        kind = "live" if key.livemode else "test"
        self.stdout.write(f"Merchant {merchant.public_id} ({merchant.name}) is created.")
        self.stdout.write(f"Its {kind} key, shown only now: {token}")
