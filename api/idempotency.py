"""The keys behind idempotency: what is stored about a request must give away neither a code nor a secret.

A plain digest of a request that holds a six-digit code can be inverted in a million tries. So fingerprints
and stored answers are keyed with something the database does not hold: a key derived from the server's
secret *and* the caller's Idempotency-Key, of which only a SHA-256 is kept.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12
_KEY_BYTES = 32


class UnreadableSealError(Exception):
    """A sealed answer was made under a secret that is gone, or was altered."""


def idempotency_keys() -> "IdempotencyKeys":
    """The keys of this installation: `SECRET_KEY`, and its fallbacks for what was stored before a change."""
    return IdempotencyKeys(settings.SECRET_KEY, *(str(older) for older in settings.SECRET_KEY_FALLBACKS))


class IdempotencyKeys:
    """Digests, fingerprints and seals, each under a key of its own.

    New things are made under the first secret; the others only recognise and open what was made before.
    """

    def __init__(self, secret: str, *older: str) -> None:
        self._secrets = (secret, *older)

    def digest(self, key: str) -> str:
        """What is stored in place of an Idempotency-Key: its SHA-256, 64 hex digits."""
        return hashlib.sha256(key.encode()).hexdigest()

    def fingerprint(self, key: str, *parts: str | bytes) -> str:
        """What a request was, 64 hex digits: HMAC-SHA-256 (RFC 2104) over its parts, each length-prefixed."""
        return self._fingerprint(self._secrets[0], key, parts)

    def recognises(self, fingerprint: str, key: str, *parts: str | bytes) -> bool:
        """Whether a stored fingerprint is that of these parts. Takes constant time for each secret."""
        return any(
            hmac.compare_digest(fingerprint, self._fingerprint(secret, key, parts))
            for secret in self._secrets
        )

    def seal(self, key: str, answer: bytes, *, bound_to: str = "") -> bytes:
        """Encrypt an answer (AES-256-GCM, NIST SP 800-38D): nonce, ciphertext, tag. It opens only with the
        same Idempotency-Key and the same `bound_to`."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher(self._secrets[0], key).encrypt(nonce, answer, bound_to.encode())

    def unseal(self, key: str, sealed: bytes, *, bound_to: str = "") -> bytes:
        """Open what `seal` made. Raises UnreadableSealError if no secret of ours opens it."""
        nonce, ciphertext = bytes(sealed[:_NONCE_BYTES]), bytes(sealed[_NONCE_BYTES:])
        for secret in self._secrets:
            try:
                return self._cipher(secret, key).decrypt(nonce, ciphertext, bound_to.encode())
            except (InvalidTag, ValueError):
                continue
        raise UnreadableSealError

    def _fingerprint(self, secret: str, key: str, parts: tuple[str | bytes, ...]) -> str:
        derived = _derive(secret, key, b"idempotency/fingerprint/v1")
        return hmac.digest(derived, _length_prefixed(*parts), "sha256").hex()

    def _cipher(self, secret: str, key: str) -> AESGCM:
        return AESGCM(_derive(secret, key, b"idempotency/seal/v1"))


def _derive(secret: str, key: str, label: bytes) -> bytes:
    """HKDF-SHA-256 (RFC 5869) over the server's secret and the caller's key; the label keeps uses apart.

    Without a salt, and of one block: two HMACs, as its sections 2.2 and 2.3 write them.
    """
    extracted = hmac.digest(bytes(_KEY_BYTES), _length_prefixed(secret, key), "sha256")
    return hmac.digest(extracted, label + b"\x01", "sha256")


def _length_prefixed(*parts: str | bytes) -> bytes:
    """Join parts so that no two different lists of parts join to the same bytes."""
    encoded = (part.encode() if isinstance(part, str) else part for part in parts)
    return b"".join(len(part).to_bytes(8, "big") + part for part in encoded)
