"""Lists in pages. A cursor holds the id of the last row seen, so rows that come or go meanwhile shift
nothing."""

import base64
import binascii
from dataclasses import dataclass
from typing import Generic, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import Model, QuerySet
from rest_framework.exceptions import ValidationError

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and the cursor that continues it; None at its end."""

    rows: list[Row]
    next: str | None


def page_of(
    rows: QuerySet[Row], *, path: str, limit: int, cursor: str | None = None, oldest_first: bool = False
) -> Page[Row]:
    """The next `limit` rows by primary key, newest first unless told otherwise.

    `path` is the list's own: a cursor continues only the list that gave it. Raises ValidationError for any
    other.
    """
    if cursor is not None:
        last_seen = _open(cursor, path)
        rows = rows.filter(pk__gt=last_seen) if oldest_first else rows.filter(pk__lt=last_seen)
    found = list(rows.order_by("pk" if oldest_first else "-pk")[: limit + 1])
    more = len(found) > limit
    return Page(found[:limit], _seal(found[limit - 1].pk, path) if more else None)


def _seal(last_seen: int, path: str) -> str:
    """Row numbers tell how busy an installation is, so cursors are encrypted (AES-SIV, RFC 5297: one id,
    one text)."""
    sealed = _cipher().encrypt(last_seen.to_bytes(8, "big"), [path.encode()])
    return base64.urlsafe_b64encode(sealed).decode()


def _open(cursor: str, path: str) -> int:
    try:
        sealed = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True)
        return int.from_bytes(_cipher().decrypt(sealed, [path.encode()]), "big")
    except (binascii.Error, ValueError, InvalidTag) as error:
        raise ValidationError(
            {"cursor": ["This is not a cursor of this list."]}, code="invalid_cursor"
        ) from error


def _cipher() -> AESSIV:
    hkdf = HKDF(algorithm=SHA256(), length=64, salt=None, info=b"cursor/v1")
    return AESSIV(hkdf.derive(settings.SECRET_KEY.encode()))
