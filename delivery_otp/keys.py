"""Secrets from the environment; in development, made once and kept in a file that git ignores."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

MASTER_KEY_BYTES = 32
KEY_ID_LENGTH = 40  # as long as the columns that name a key


def parse_master_keys(text: str, variable: str = "DELIVERY_CODE_KEYS") -> dict[str, bytes]:
    """Read ``key_id:base64[,key_id:base64…]``; the last one is the newest and issues.

    Raises ImproperlyConfigured, naming `variable` and the entry but never showing it, where one is not of
    that form.
    """
    keys: dict[str, bytes] = {}
    for position, entry in enumerate(text.split(","), start=1):
        key_id, separator, encoded = entry.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        named = separator and 0 < len(key_id) <= KEY_ID_LENGTH and key_id not in keys
        if not named or len(key) < MASTER_KEY_BYTES:
            raise ImproperlyConfigured(
                f"{variable}: entry {position} is not key_id:base64 of at least "
                f"{MASTER_KEY_BYTES} bytes with a key_id of its own, of at most {KEY_ID_LENGTH} characters."
            )
        keys[key_id] = key
    return keys


def development_secrets(folder: Path) -> dict[str, str]:
    """The secrets of a development machine, made at the first call and the same ever after.

    A file of an earlier release gets the ones that it lacks; those that it has stay.
    """
    path = folder / "development-secrets.json"
    stored = _stored(path)
    if not stored.keys() >= MAKERS.keys():
        folder.mkdir(parents=True, exist_ok=True)
        with path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # of two starting at once, one makes them and both read its file
            stored = {name: make() for name, make in MAKERS.items()} | _stored(path)
            draft = path.with_suffix(".new")
            draft.unlink(missing_ok=True)
            draft.touch(mode=0o600)
            draft.write_text(json.dumps(stored))
            draft.replace(path)
    return stored


def _stored(path: Path) -> dict[str, str]:
    stored: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    return stored


def _new_key() -> str:
    return "dev:" + base64.b64encode(os.urandom(MASTER_KEY_BYTES)).decode()


MAKERS: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "DELIVERY_CODE_KEYS": _new_key,
    "QR_SIGNING_KEYS": _new_key,
}
