"""Signatures over statements: compact JWS (RFC 7515) with Ed25519 (RFC 8032, RFC 8037).

The keys are derived from QR_SIGNING_KEYS under a label of their own, so that nothing else that is signed
with the same variable can be taken for a proof of delivery, nor a proof for it.
"""

import base64
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from rest_framework.exceptions import ParseError

from api.parsers import parse_json
from api.refusals import Refusal
from handoffs.proofs.statement import Statement, canonical

LABEL = "delivery-proof/v1"
TYPE = "delivery-proof.v1"  # `typ`, RFC 8725, section 3.11: what kind of statement it is
SIGNATURE_BYTES = 64
PublicKeys = Mapping[str, Ed25519PublicKey]


def sign(statement: Statement) -> str:
    """The statement and its signature by the newest key, as `header.statement.signature` in base64url."""
    key_id, master = list(settings.QR_SIGNING_KEYS.items())[-1]
    signed = f"{header_of(key_id)}.{_encoded(canonical(statement))}"
    return f"{signed}.{_encoded(_private_key(master).sign(signed.encode()))}"


def unseal(token: str, keys: PublicKeys) -> tuple[str, Statement] | Refusal:
    """The id of the key that signed, and what it signed.

    Refuses with not_a_proof (no such form, or another kind of statement), unknown_key or wrong_signature.
    """
    parts = [_decoded(part) for part in token.split(".", 3)]
    if len(parts) != 3 or not all(parts):
        return Refusal("not_a_proof", "The signature is not of the form header.statement.signature.")
    header, statement = _object(parts[0]), _object(parts[1])
    key_id = header.get("kid")
    if not isinstance(key_id, str) or header != _header(key_id):
        return Refusal("not_a_proof", "The signature is not one of a proof of delivery.")
    key = keys.get(key_id)
    if key is None:
        return Refusal("unknown_key", "It names a key that is not among those published here.")
    try:
        key.verify(parts[2], token.rpartition(".")[0].encode())
    except InvalidSignature:
        return Refusal(
            "wrong_signature", "The signature does not hold: it was changed, or another key made it."
        )
    return key_id, statement


# --- Keys ----------------------------------------------------------------------------------------


def public_keys() -> dict[str, Ed25519PublicKey]:
    """The keys that proofs are verified with, by id, the newest first."""
    masters = reversed(settings.QR_SIGNING_KEYS.items())
    return {key_id: _private_key(master).public_key() for key_id, master in masters}


def key_set() -> dict[str, Any]:
    """The same as a JSON Web Key Set (RFC 7517, RFC 8037)."""
    return {
        "keys": [
            {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": key_id, "x": _x(key)}
            for key_id, key in public_keys().items()
        ]
    }


def keys_from(key_set: Any) -> dict[str, Ed25519PublicKey]:
    """The keys of a JSON Web Key Set that someone kept. Raises ValueError where it is not one of Ed25519."""
    try:
        found = {key["kid"]: (key["crv"], _decoded(key["x"])) for key in key_set["keys"]}
        if {curve for curve, _ in found.values()} - {"Ed25519"}:
            raise ValueError("a key of another kind")
        return {key_id: Ed25519PublicKey.from_public_bytes(x) for key_id, (_, x) in found.items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a JSON Web Key Set") from error


@lru_cache(maxsize=16)
def header_of(key_id: str) -> str:
    """How every signature made with this key begins."""
    return _encoded(canonical(_header(key_id)))


def _x(key: Ed25519PublicKey) -> str:
    return _encoded(key.public_bytes_raw())


@lru_cache(maxsize=16)
def _private_key(master: bytes) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=LABEL.encode()).derive(master)
    return Ed25519PrivateKey.from_private_bytes(seed)


# --- Form ----------------------------------------------------------------------------------------


def _header(key_id: str) -> dict[str, str]:
    return {"alg": "EdDSA", "kid": key_id, "typ": TYPE}


def _object(text: bytes) -> dict[str, Any]:
    try:
        value = parse_json(text)
    except ParseError:
        return {}
    return value if isinstance(value, dict) else {}


def _encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def _decoded(text: str) -> bytes:
    """Empty where it is not base64url as we write it: one value has one spelling, so no byte is without
    meaning."""
    try:
        value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
    return value if _encoded(value) == text else b""
