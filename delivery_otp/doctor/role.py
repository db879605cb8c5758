"""The database role that the service works as: can it rewrite what is append-only?"""

from collections.abc import Iterator

from django.db import connection
from django.db.utils import Error

from delivery_otp.app_role import find_role, lacking_for, owned_by, rewritable_by
from delivery_otp.doctor.findings import Finding, ok, problem, warning

TWO_ROLES = (
    "Let another role own the tables, and run: manage.py grant_app_role (docs/operators.md, Two roles)."
)


def check() -> Iterator[Finding]:
    if connection.vendor != "postgresql":
        return
    try:
        role = find_role()
    except Error:
        return  # the check of the database has said so
    if role is None:
        return
    if role.superuser or role.creates_roles:
        yield warning(f"The service's role, {role.name}, is a superuser or may make roles.", TWO_ROLES)
    elif owned_by(role.name):
        yield warning(
            f"The service's role, {role.name}, owns its tables: it could switch off what keeps events and "
            "checks append-only.",
            TWO_ROLES,
        )
    elif rewritable := rewritable_by(role.name):
        yield warning(f"The service's role may rewrite: {', '.join(rewritable)}.", TWO_ROLES)
    elif lacking := lacking_for(role.name):
        yield problem(
            f"The service's role lacks rights on: {', '.join(lacking)}.",
            f"As the tables' owner, after each migrate: manage.py grant_app_role {role.name}",
        )
    else:
        yield ok("The service's role can add to append-only tables, and cannot rewrite them.")
