"""Public ids: a prefix that says what the thing is, and a ULID."""

import secrets
import time

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_ULID_CHARACTERS = 26
_PAIRS = [first + second for first in _CROCKFORD for second in _CROCKFORD]
_SHIFTS = tuple(range(5 * (_ULID_CHARACTERS - 2), -1, -10))
_RANDOM_BITS = 80


def new_id(prefix: str) -> str:
    """A new opaque id such as `shp_01jd3v8q4k7t2m9x5w6n0c1b3a`.

    The part after the prefix is a ULID (github.com/ulid/spec) in lowercase Crockford base32: 48 bits of
    Unix time in milliseconds, then 80 random bits from the operating system. Ids made later sort later,
    which keeps index pages warm; within a millisecond the order is random.
    """
    number = time.time_ns() // 1_000_000 << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
    return f"{prefix}_{''.join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])}"
