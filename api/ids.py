"""Public ids: a prefix that says what the thing is, and a ULID."""

import secrets
import time

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_ULID_CHARACTERS = 26
_RANDOM_BITS = 80


def new_id(prefix: str) -> str:
    """A new opaque id such as `shp_01jd3v8q4k7t2m9x5w6n0c1b3a`.

    The part after the prefix is a ULID (github.com/ulid/spec) in lowercase Crockford base32: 48 bits of
    Unix time in milliseconds, then 80 random bits from the operating system. Ids made later sort later,
    which keeps index pages warm; within a millisecond the order is random.
    """
    number = time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    digits = (_CROCKFORD[number >> 5 * place & 31] for place in reversed(range(_ULID_CHARACTERS)))
    return f"{prefix}_{''.join(digits)}"
