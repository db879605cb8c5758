"""Writing messages: in the same transaction as the fact they tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from api.rows import unsaved
from notifications import kinds, worker
from notifications.models import Message


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message to be written; the fields mean what they mean in `Message`.

    `context` must not hold anything secret: it is stored. `not_before` holds the message back until then.
    `payer`: the public id of whose cost it is.
    """

    kind: str
    about: str
    to: str = field(repr=False)
    channel: str
    locale: str
    livemode: bool
    context: dict[str, Any] = field(default_factory=dict)
    not_before: datetime | None = None
    payer: str = ""


def enqueue(
    *,
    kind: str,
    about: str,
    to: str,
    channel: str,
    locale: str,
    livemode: bool,
    context: dict[str, Any] | None = None,
    not_before: datetime | None = None,
    payer: str = "",
) -> Message:
    """Write one message inside the caller's transaction; a worker is woken once that has committed.

    Raises kinds.UnknownKindError.
    """
    draft = Draft(
        kind=kind,
        about=about,
        to=to,
        channel=channel,
        locale=locale,
        livemode=livemode,
        context=context or {},
        not_before=not_before,
        payer=payer,
    )
    return enqueue_many([draft])[0]


def enqueue_many(drafts: Iterable[Draft]) -> list[Message]:
    """Write many messages with one statement; otherwise like `enqueue`, in the same order."""
    messages = Message.objects.bulk_create(written_out(draft) for draft in drafts)
    if messages:
        wake_after_commit()
    return messages


def wake_after_commit() -> None:
    """Have a worker look at the outbox once this transaction has committed."""
    transaction.on_commit(worker.wake, robust=True)


def written_out(draft: Draft) -> Message:
    """The message of this draft, not yet stored."""
    kinds.get(draft.kind)
    now = timezone.now()
    return unsaved(
        Message,
        kind=draft.kind,
        about=draft.about,
        to=draft.to,
        channel=draft.channel,
        locale=draft.locale,
        livemode=draft.livemode,
        context=draft.context,
        payer=draft.payer,
        created_at=now,
        next_try_at=draft.not_before or now,
    )
