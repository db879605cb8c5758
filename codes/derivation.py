"""How a one-time code and its link follow from a master key and a nonce.

    code = trunc64(HMAC-SHA-256(HKDF(master, label), subject ‖ generation ‖ holder ‖ nonce)) mod 10^digits

Each field is preceded by its length, so that no two sets of fields give the same bytes. The database keeps
the nonce and the environment the master key: either alone reveals nothing, and once the nonce is erased
nobody can compute the code again. HMAC is RFC 2104, HKDF RFC 5869; the reduction to digits follows the
idea of RFC 4226, section 5.3, with 64 bits in place of 31 so that its bias is below 10^-10.
"""

import base64
import hmac
import secrets
import struct
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 16
LINK_PROOF_BYTES = 12  # 96 bits
MARK_BYTES = 8


@dataclass(frozen=True)
class Generation:
    """What one generation of codes is derived from. `label` keeps the uses of one master key apart."""

    label: str
    subject: str
    number: int
    nonce: bytes


def new_nonce() -> bytes:
    """128 fresh bits from the operating system."""
    return secrets.token_bytes(NONCE_BYTES)


def derive_code(master: bytes, generation: Generation, holder: str, digits: int) -> str:
    """The holder's code: ASCII digits, zero-padded to `digits`."""
    number: int = struct.unpack(">Q", _mac(master, generation, "", holder)[:8])[0]
    return str(number % 10**digits).zfill(digits)


def derive_link_proof(master: bytes, generation: Generation, holder: str) -> str:
    """The 96 bits, in base64url, that make the holder's link their own. Dead with the nonce."""
    proof = _mac(master, generation, "/link", holder)[:LINK_PROOF_BYTES]
    return base64.urlsafe_b64encode(proof).decode("ascii")


def superseded_mark(master: bytes, label: str, subject: str, number: int, code: str) -> bytes:
    """What recognises the code of a generation that has ended, and with it its nonce.

    Means nothing without the master key, and names a code that never works again.
    """
    return _mac(master, Generation(label, subject, number, nonce=b""), "/superseded", code)[:MARK_BYTES]


def derive_number(master: bytes, label: str, subject: str, last: str, below: int) -> int:
    """A number from 0 on, below `below`, that goes with a subject. No nonce is in it: it says nothing of any
    code. Nobody without the master key can tell it beforehand."""
    mac = _mac(master, Generation(label, subject, 0, nonce=b""), "", last)
    number: int = struct.unpack(">Q", mac[:8])[0]
    return number % below


@lru_cache(maxsize=64)
def _subkey(master: bytes, label: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=label.encode()).derive(master)


def _mac(master: bytes, generation: Generation, use: str, last: str) -> bytes:
    fields = (
        generation.subject.encode(),
        struct.pack(">I", generation.number),
        last.encode(),
        generation.nonce,
    )
    message = b"".join(struct.pack(">I", len(field)) + field for field in fields)
    return hmac.digest(_subkey(master, generation.label + use), message, "sha256")
