"""The codes of authenticator apps: TOTP (RFC 6238), which is HOTP (RFC 4226) over steps of time."""

import secrets

from cryptography.hazmat.primitives.hashes import SHA1, HashAlgorithm
from cryptography.hazmat.primitives.twofactor.hotp import HOTP

from codes import comparison

DIGITS = 6
STEP_SECONDS = 30
STEPS_OFF = 1  # a clock may be this many steps off, either way (RFC 6238, 5.2 recommends no more)
KEY_BYTES = 20  # as long as SHA-1's output (RFC 4226, 4, R6)


def new_key() -> bytes:
    """160 fresh bits from the operating system."""
    return secrets.token_bytes(KEY_BYTES)


def step_at(unix_seconds: float) -> int:
    """The number of the step that this moment is in (RFC 6238, 4.2, with T0 = 0)."""
    return int(unix_seconds // STEP_SECONDS)


def code_at(key: bytes, step: int, *, digits: int = DIGITS, algorithm: HashAlgorithm | None = None) -> str:
    """What an app shows in this step: ASCII digits, zero-padded. Apps agree on SHA-1 and six digits."""
    # Keys of other lengths than the RFC's are read too: an app takes what the picture says.
    hashed = algorithm or SHA1()  # noqa: S303 - as HMAC, where its collisions matter nothing
    maker = HOTP(key, digits, hashed, enforce_key_length=False)  # type: ignore[arg-type]
    return maker.generate(step).decode("ascii")


def matching_step(key: bytes, typed: str, now_step: int) -> int | None:
    """The newest step within the tolerance whose code these cleaned digits are; None if it is none's.

    Compares with every one of them, whatever it finds.
    """
    steps = range(max(0, now_step - STEPS_OFF), now_step + STEPS_OFF + 1)
    right = [step for step in steps if comparison.matches(typed, code_at(key, step))]
    return max(right, default=None)
