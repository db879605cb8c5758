"""Secrets from the environment; in development, made once and kept in a file that git ignores."""

import base64
import contextlib
import json
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

MASTER_KEY_BYTES = 32


def parse_master_keys(text: str) -> dict[str, bytes]:
    """Read ``key_id:base64[,key_id:base64…]``; the last one is the newest and issues.

    Raises ImproperlyConfigured, naming the entry but never showing it, where one is not of that form.
    """
    keys: dict[str, bytes] = {}
    for position, entry in enumerate(text.split(","), start=1):
        key_id, separator, encoded = entry.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:
            key = b""
        if not separator or not key_id or len(key) < MASTER_KEY_BYTES or key_id in keys:
            raise ImproperlyConfigured(
                f"DELIVERY_CODE_KEYS: entry {position} is not key_id:base64 of at least "
                f"{MASTER_KEY_BYTES} bytes with a key_id of its own."
            )
        keys[key_id] = key
    return keys


def development_secrets(folder: Path) -> dict[str, str]:
    """The secrets of a development machine, made at the first call and the same ever after."""
    path = folder / "development-secrets.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        made = {
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DELIVERY_CODE_KEYS": "dev:" + base64.b64encode(os.urandom(MASTER_KEY_BYTES)).decode(),
        }
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)  # atomic: of two starting at once, one wins and both read its file
        draft.unlink()
    stored: dict[str, str] = json.loads(path.read_text())
    return stored
