"""`manage.py erase_recipient`: forget a recipient's personal data; chains and proofs stay valid."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from api.refusals import Refusal
from handoffs.erase import erase_recipient, orders_of
from orders.models import SYSTEM


class Command(BaseCommand):
    help = (
        "Erase names, contacts, addresses and positions of the recipient of an order, or of a contact's. "
        "Exit status 1 where an order could not be erased yet. It cannot be undone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("order", nargs="?", help="the order's id (ord_…)")
        whose.add_argument("--contact", help="a phone (E.164) or e-mail address: every order of theirs")
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        erased, refused = [], []
        for order_id in _orders(options["order"], options["contact"]):
            outcome = erase_recipient(order_id=order_id, actor=SYSTEM)
            if isinstance(outcome, Refusal):
                refused.append({"order": order_id, "code": outcome.code, "why": _why(outcome)})
            else:
                erased.append(order_id)
        if options["json"]:
            self.stdout.write(json.dumps({"erased": erased, "refused": refused}))
        else:
            for order_id in erased:
                self.stdout.write(f"{order_id}: the recipient's personal data is erased.")
            for each in refused:
                self.stdout.write(f"{each['order']}: not erased. {each['why']}")
        if refused:
            sys.exit(1)


def _orders(order_id: str | None, contact: str | None) -> list[str]:
    if order_id is not None:
        return [order_id]
    found = list(orders_of(str(contact).strip()).values_list("public_id", flat=True))
    if not found:
        raise CommandError("No order is known for this contact. A phone is written like +447400123456.")
    return found


def _why(refusal: Refusal) -> str:
    if refusal.code == "not_found":
        return "There is no such order."
    if refusal.code == "illegal_transition":
        return f"A shipment of it is still {refusal.members['shipment_status']}."
    return refusal.detail
