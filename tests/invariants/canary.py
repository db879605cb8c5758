"""What a secret may look like where it should not be, and everything that a service leaves behind."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import redis

from tests.servers import Service, ValkeyServer

EVERYTHING = {
    "postgresql": "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
}
# Fractions of seconds are six digits too, and there are thousands of them.
CLOCK = re.compile(rb"(\d\d:\d\d:\d\d|\b1\d{9})[.,]\d{1,7}")

# Stands between two values. A single NUL would make UTF-16 of neighbours that are one digit each.
BETWEEN = b"\x1e\x1e"


def spellings(secret: str) -> list[str]:
    """As people and programs write it; a code of six digits also in the ways that it is read out."""
    if not secret.isdigit():
        return [secret, secret[::-1]]
    half = len(secret) // 2
    spaced = f"{secret[:half]} {secret[half:]}"
    apart = [spaced.replace(" ", gap) for gap in ("-", "\u00a0", "\u202f", ".", "", "  ")]
    return [secret, secret[::-1], spaced, *apart, " ".join(secret), "-".join(secret), ",".join(secret)]


def disguises(secret: str) -> Iterator[bytes]:
    """Each spelling as bytes: plain, UTF-16, JSON- and URL-escaped, hexadecimal, base64 at any offset."""
    for text in dict.fromkeys(spellings(secret)):
        plain = text.encode()
        yield from (plain, text.encode("utf-16-le"), text.encode("utf-16-be"))
        yield from (json.dumps(text).strip('"').encode(), quote(text).encode())
        yield from (plain.hex().encode(), plain.hex().upper().encode())
        for offset in range(3):
            shifted = base64.b64encode(bytes(offset) + plain)
            inner = shifted[(0, 2, 3)[offset] : len(shifted) - (0, 4, 4)[len(bytes(offset) + plain) % 3]]
            yield from (inner, inner.translate(bytes.maketrans(b"+/", b"-_")))


def found_in(content: bytes, secrets: dict[str, str]) -> list[str]:
    """Which secrets are in it, and in which form. Six digits within a longer word are none."""
    content = CLOCK.sub(rb"\1", content)
    found = []
    for name, secret in secrets.items():
        for form in dict.fromkeys(disguises(secret)):
            if form in content and (not _is_code_like(form) or _alone(form).search(content)):
                found.append(f"{name} as {form!r}")
    return found


def _is_code_like(form: bytes) -> bool:
    """So short or so numeric that it stands in longer words by chance."""
    return len(form) <= 7 or form.isdigit()


def _alone(form: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"(?<![0-9A-Za-z])" + re.escape(form) + rb"(?![0-9A-Za-z])")


def dump(service: Service, database: str) -> bytes:
    """Every byte of every column of every table."""
    pieces: list[bytes] = []
    for (table,) in service.rows(EVERYTHING[database]):
        for row in service.rows(f'SELECT * FROM "{table}"'):
            pieces += [bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row]
    assert len(pieces) > 500, "the dump is of a whole installation"
    return BETWEEN.join(pieces)


def files_of(database_url: str) -> bytes:
    """A SQLite database as it lies on the disk, with what its log still has."""
    path = database_url.removeprefix("sqlite:///")
    parts = [Path(path + suffix) for suffix in ("", "-wal", "-shm", "-journal")]
    return b"".join(part.read_bytes() for part in parts if part.exists())


def valkey_dump(valkey: ValkeyServer) -> bytes:
    """Every value of every key, and what Celery has wrapped in base64 in them."""
    client: Any = redis.Redis.from_url(valkey.url)
    readers = {
        b"list": lambda key: client.lrange(key, 0, -1),
        b"string": lambda key: [client.get(key) or b""],
        b"hash": lambda key: [part for pair in client.hgetall(key).items() for part in pair],
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
    }
    pieces: list[bytes] = []
    for key in client.scan_iter():
        pieces += [key, *readers.get(client.type(key), lambda _: [])(key)]
    pieces += [base64.b64decode(found) for found in re.findall(rb'"body": "([^"]+)"', b" ".join(pieces))]
    return BETWEEN.join(pieces)


def wire_of(valkey: ValkeyServer) -> Any:
    """A context that answers, with `next_command()`, everything that is sent to it from now on."""
    client: Any = redis.Redis.from_url(valkey.url, socket_timeout=None)
    return client.monitor()
