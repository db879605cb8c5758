"""Sealing a secret that has to be kept, under a master key: the database alone does not give it away.

AES-256-GCM (NIST SP 800-38D) under a key of its own for each label, with a fresh nonce for each seal.
"""

import secrets
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


def seal(master: bytes, label: str, secret: bytes, *, bound_to: str) -> bytes:
    """Nonce and ciphertext. `bound_to` names what it belongs to: it opens for nothing else."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key(master, label)).encrypt(nonce, secret, bound_to.encode())


def unseal(master: bytes, label: str, sealed: bytes, *, bound_to: str) -> bytes | None:
    """What was sealed; None where it is of another key or label, or bound to something else."""
    nonce, ciphertext = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(_key(master, label)).decrypt(nonce, ciphertext, bound_to.encode())
    except (InvalidTag, ValueError):
        return None


@lru_cache(maxsize=64)
def _key(master: bytes, label: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"{label}/seal".encode()).derive(master)
