"""`manage.py erase_recipient`: forget a recipient's personal data; chains and proofs stay valid."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from api.refusals import Refusal
from handoffs.erase import erase_recipient, orders_of
from handoffs.erase_account import erase_account, forget_phone
from orders.models import SYSTEM

# What it is called, its id, and what came of it.
Outcome = tuple[str, str, object]


class Command(BaseCommand):
    help = (
        "Erase names, contacts, addresses and positions of the recipient of an order, or of a contact's; "
        "with --contact also the account of that e-mail address, or that number in every account. "
        "Exit status 1 where something could not be erased yet. It cannot be undone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("order", nargs="?", help="the order's id (ord_…)")
        whose.add_argument("--contact", help="a phone (E.164) or e-mail address: every order of theirs")
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        contact = options["contact"]
        outcomes = _of_contact(contact.strip()) if contact else [_order(options["order"])]
        erased, refused = [], []
        for what, name, outcome in outcomes:
            if isinstance(outcome, Refusal):
                refused.append({what: name, "code": outcome.code, "why": _why(outcome)})
                said = f"{name}: not erased. {_why(outcome)}"
            else:
                erased.append(name)
                said = f"{name}: the recipient's personal data is erased."
            if not options["json"]:
                self.stdout.write(said)
        if options["json"]:
            self.stdout.write(json.dumps({"erased": erased, "refused": refused}))
        if refused:
            sys.exit(1)


def _order(order_id: str) -> Outcome:
    return "order", order_id, erase_recipient(order_id=order_id, actor=SYSTEM)


def _of_contact(contact: str) -> Iterator[Outcome]:
    accounts = list(User.objects.filter(email=contact.lower()))
    orders = list(orders_of(contact).values_list("public_id", flat=True))
    is_known = bool(orders or accounts) | bool(forget_phone(contact))
    if not is_known:
        raise CommandError(
            "No order and no account is known for this contact. A phone is written like +447400123456."
        )
    for account in accounts:
        yield "account", account.public_id, erase_account(account)
    for order_id in orders:
        yield _order(order_id)


def _why(refusal: Refusal) -> str:
    if refusal.code == "not_found":
        return "There is no such order."
    if refusal.code == "illegal_transition" and "shipment_status" in refusal.members:
        return f"A shipment of it is still {refusal.members['shipment_status']}."
    return refusal.detail
