"""The people who work here."""

import secrets

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User

RANDOM_PASSWORD_BYTES = 15


def create_staff(*, email: str, role: str, name: str = "", password: str | None = None) -> tuple[User, str]:
    """A member of staff with this role, and their password: a random one unless told which, stored nowhere.

    Raises Group.DoesNotExist for a role that there is not, IntegrityError for an address that is taken.
    """
    password = password or secrets.token_urlsafe(RANDOM_PASSWORD_BYTES)
    with transaction.atomic():
        group = Group.objects.get(name=role)
        user = User.objects.create_user(email, password, name=name, is_staff=True)
        user.groups.add(group)
    return user, password
