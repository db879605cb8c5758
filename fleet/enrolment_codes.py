"""The codes that enrol handhelds: how they are made, read and kept."""

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12  # 30^12 ≈ 2^59, typed once into a handheld
_LABEL = b"enrolment/v1"


def new_enrolment_code() -> str:
    """Without hyphens."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def clean_enrolment_code(typed: str) -> str:
    """As typed in capitals or not, with the hyphens we print or without."""
    return typed.strip().upper().replace("-", "").replace(" ", "")


def enrolment_digests(typed: str) -> list[str]:
    """What may be stored of this code: HMAC-SHA-256 (RFC 2104), 64 hex digits, under `SECRET_KEY` first, then
    under its fallbacks.

    Keyed, because all codes there are can be searched: 2^59 plain SHA-256 are less than a year of one
    graphics card, for all that are outstanding at once. Who only has the database cannot begin.
    """
    code = clean_enrolment_code(typed).encode()
    every = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [hmac.new(_key(str(secret)), code, hashlib.sha256).hexdigest() for secret in every]


def _key(secret: str) -> bytes:
    """HKDF-SHA-256 (RFC 5869); the label keeps this use of the secret apart from others."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=_LABEL).derive(secret.encode())
