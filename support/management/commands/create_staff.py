import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.models import User
from support.roles import ROLES
from support.staff import create_staff


class Command(BaseCommand):
    help = "Create a member of staff, who signs in at /admin/. A random password is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--role", required=True, choices=list(ROLES), help="what they may do")
        parser.add_argument("--name", default="", help="as shown on timelines")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password from the standard input"
        )
        parser.add_argument("--json", action="store_true", help="one JSON object, for scripts")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        given = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else None
        try:
            validate_email(email)
            if given is not None:
                validate_password(given)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if given == "":
            raise CommandError("No password came on the standard input.")
        if User.objects.filter(email=email).exists():
            raise CommandError("Somebody with this e-mail address is there already.")
        user, password = create_staff(email=email, role=options["role"], name=options["name"], password=given)
        self._tell(user, options["role"], None if given else password, as_json=options["json"])

    def _tell(self, user: User, role: str, shown: str | None, *, as_json: bool) -> None:
        if as_json:
            told = {"staff": user.public_id, "email": user.email, "role": role, "password": shown}
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write(f"{user.email} ({role}) can sign in at /admin/.")
        if shown:
            self.stdout.write(f"Their password, shown only now: {shown}")
