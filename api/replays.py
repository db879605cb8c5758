"""A request with an Idempotency-Key is done once and answered the same each time.

What the request did and the answer it got are one transaction, so a crash after the commit finds both,
before it neither.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone

from api.idempotency import idempotency_keys
from api.models import IdempotentRequest
from api.problems import PROBLEM_JSON
from api.refusals import Refusal

KEPT_FOR = timedelta(hours=48)
_LEAVE_THE_KEY_UNUSED = {400, 401, 404, 413, 415, 429}


@dataclass(frozen=True)
class KeyedRequest:
    """A request and its Idempotency-Key. `parts` are what makes two requests the same: method, path, body."""

    scope: str
    key: str
    parts: tuple[str | bytes, ...]


def uses_key_up(status: int) -> bool:
    """Whether an answer of this status is final for its key. Others may be tried again with the same one."""
    return status < 500 and status not in _LEAVE_THE_KEY_UNUSED


def answer_once(asked: KeyedRequest, answer: Callable[[], HttpResponse]) -> HttpResponse | Refusal:
    """Call `answer` for a rendered response, and store that in the same transaction; or replay what is
    stored.

    A status that does not use the key up undoes what `answer` did, as does an exception, which passes
    through.
    """
    try:
        with transaction.atomic():
            if not _lock(asked):
                return Refusal("idempotency_in_progress")
            stored = _find(asked)
            if stored is not None:
                return _replay(stored, asked)
            response = answer()
            if uses_key_up(response.status_code):
                _store(response, asked)
            else:
                transaction.set_rollback(True)
            return response
    except _OvertakenError:
        return Refusal("idempotency_in_progress")


def forget_old_requests(batch: int = 1_000) -> int:
    """Delete stored answers older than 48 hours, some at a time. Returns how many went; call again while
    not 0."""
    old = IdempotentRequest.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).order_by("created_at")
    ids = list(old.values_list("pk", flat=True)[:batch])
    return IdempotentRequest.objects.filter(pk__in=ids).delete()[0]


class _OvertakenError(Exception):
    """Another request stored its answer under this key first. Raised to undo what this one did."""


def _lock(asked: KeyedRequest) -> bool:
    """On PostgreSQL, be the only request with this key until the transaction ends. SQLite's transactions
    are one at a time as it is (IMMEDIATE), so a second request waits, and then finds the stored answer."""
    if connection.vendor != "postgresql":
        return True
    digest = hashlib.sha256(f"{asked.scope}\n{asked.key}".encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], "big", signed=True)]
        )
        return bool(cursor.fetchone()[0])


def _find(asked: KeyedRequest) -> IdempotentRequest | None:
    key_hash = idempotency_keys().digest(asked.key)
    return IdempotentRequest.objects.filter(scope=asked.scope, key_hash=key_hash).first()


def _replay(stored: IdempotentRequest, asked: KeyedRequest) -> HttpResponse | Refusal:
    keys = idempotency_keys()
    if not keys.recognises(stored.fingerprint, asked.key, *asked.parts):
        return Refusal("idempotency_key_reused")
    body = keys.unseal(asked.key, bytes(stored.sealed_body), bound_to=asked.scope)
    content_type = PROBLEM_JSON if stored.status >= 400 else "application/json"
    response = HttpResponse(body, status=stored.status, content_type=content_type)
    if not body:
        del response["Content-Type"]
    response["Idempotent-Replayed"] = "true"
    return response


def _store(response: HttpResponse, asked: KeyedRequest) -> None:
    keys = idempotency_keys()
    try:
        IdempotentRequest.objects.create(
            scope=asked.scope,
            key_hash=keys.digest(asked.key),
            fingerprint=keys.fingerprint(asked.key, *asked.parts),
            status=response.status_code,
            sealed_body=keys.seal(asked.key, response.content, bound_to=asked.scope),
        )
    except IntegrityError as error:
        raise _OvertakenError from error
