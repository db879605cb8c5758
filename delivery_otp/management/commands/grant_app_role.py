"""`manage.py grant_app_role ROLE`: let the service work as a database role that cannot rewrite history."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from delivery_otp.app_role import APPENDING, find_role, owned_by, rights, statements


class Command(BaseCommand):
    help = (
        "Give a PostgreSQL role what the service needs, and nothing more. Run it as the owner of the tables, "
        "after each migrate. docs/operators.md tells the whole way."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("role")
        parser.add_argument("--sql", action="store_true", help="print the statements, and run none")
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        role = options["role"]
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL has roles. On SQLite triggers alone keep events and checks.")
        _refuse_the_mighty(role)
        wanted = statements(role)
        if options["sql"]:
            self.stdout.write("\n".join(f"{statement};" for statement in wanted))
            return
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in wanted:
                cursor.execute(statement)
        tables = rights()
        appended = [table for table, needed in tables.items() if needed == APPENDING]
        if options["json"]:
            self.stdout.write(json.dumps({"role": role, "tables": len(tables), "append_only": appended}))
        else:
            self.stdout.write(
                f"{role} may now work with {len(tables)} tables; in {', '.join(appended)} it may only add."
            )


def _refuse_the_mighty(name: str) -> None:
    role = find_role(name)
    if role is None:
        raise CommandError(f"There is no role {name}. Make it first: CREATE ROLE {name} LOGIN PASSWORD '…'.")
    if role.superuser or role.creates_roles:
        raise CommandError(f"{name} is a superuser or may make roles: no grant can bound it.")
    if owned_by(name):
        raise CommandError(f"{name} owns the tables, or may act as who does: it has to be another role.")
