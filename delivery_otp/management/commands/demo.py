"""`manage.py demo`: something to look at in an empty installation."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from delivery_otp.demo import Demo, is_empty, make_demo
from delivery_otp.demo.remembered import remember
from support.roles import AGENT


class Command(BaseCommand):
    help = "Fill an installation with a shop, couriers and a shipment in every state; print links and keys."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there are merchants already"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and not is_empty():
            if options["json"]:
                self.stdout.write(json.dumps({"made": False}))
            return
        demo = make_demo()
        remember(demo)
        self.stdout.write(json.dumps(as_json(demo)) if options["json"] else as_text(demo))


def as_json(demo: Demo) -> dict[str, Any]:
    return {
        "made": True,
        "merchant": demo.merchant.public_id,
        "api_key": demo.api_key,
        "courier": demo.courier.public_id,
        "enrolment_code": demo.enrolment_code,
        "staff": {"email": demo.agent.email, "role": AGENT, "password": demo.agent_password},
        "shipments": [
            {"state": state, "id": shipment.public_id, "tracking_url": shipment.tracking_url}
            for state, shipment in demo.shipments.items()
        ],
    }


def as_text(demo: Demo) -> str:
    """The keys are shown once, here: they are stored hashed."""
    width = max(map(len, demo.shipments))
    pages = [f"    {state:<{width}}  {shipment.tracking_url}" for state, shipment in demo.shipments.items()]
    return "\n".join(
        [
            "The demo is made. These secrets are shown only now:",
            f"    merchant {demo.merchant.name}: API key {demo.api_key}",
            (
                f"    courier {demo.courier.name}: enrolment code {demo.enrolment_code}"
                f" for {settings.PUBLIC_URL}/courier/"
            ),
            (
                f"    support {demo.agent.name}: {demo.agent.email}, password {demo.agent_password}"
                f" at {settings.PUBLIC_URL}/admin/"
            ),
            f"Order pages without codes (the messages with codes are at {settings.PUBLIC_URL}/sandbox/):",
            *pages,
        ]
    )
