"""Doing something and writing down who did it, in one transaction."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from api.refusals import Refusal
from api.request_ids import current_request_id
from orders.models import Actor
from support.models import DONE, StaffAction

T = TypeVar("T")
ALREADY_DONE = Refusal("already_done", "This was done already: a form works once.")
# A code has six to eight digits, a phone number more; people put spaces, dots and hyphens between them.
_DIGITS = re.compile(r"(?:\d[ .()/-]*){6}")


@dataclass(frozen=True)
class Entry:
    """What is written down of an action besides its outcome. `form_key` is of the form that was sent."""

    staff: User
    action: str
    about: str
    reason: str = ""
    form_key: str | None = None
    details: dict[str, Any] = field(default_factory=dict)


def audited(entry: Entry, do: Callable[[], T | Refusal]) -> T | Refusal:
    """Run `do` and keep the entry with what came of it; both or neither.

    A refusal is kept too. Refuses with already_done, and undoes everything, where the same form has been sent
    before, also by a second click at the same moment.
    """
    at = timezone.now()
    try:
        with transaction.atomic():
            outcome = do()
            _write(entry, at=at, outcome=outcome.code if isinstance(outcome, Refusal) else DONE)
            return outcome
    except IntegrityError:
        if entry.form_key and StaffAction.objects.filter(form_key=entry.form_key).exists():
            return ALREADY_DONE
        raise


def note(entry: Entry) -> None:
    """Keep an entry of what was done in the caller's transaction."""
    _write(entry, at=timezone.now(), outcome=DONE)


def _write(entry: Entry, *, at: Any, outcome: str) -> None:
    StaffAction.objects.create(
        **vars(entry) | {"at": at, "outcome": outcome, "request_id": current_request_id()}
    )


def actor_of(staff: User) -> Actor:
    """Who it was, for the shipment's chain of events."""
    return Actor("staff", staff.public_id)


def holds_personal_data(reason: str) -> bool:
    """Whether a reason looks as if it held a code, a phone number or an e-mail address. It is kept for good
    and read by others, so none of them may be in it."""
    return "@" in reason or _DIGITS.search(reason) is not None
