"""A passkey's keeper in software: what a phone or a key does when a page asks it (WebAuthn Level 3, 6)."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2 import cbor

ORIGIN = "http://localhost:8000"
USER_PRESENT, USER_VERIFIED, ATTESTED = 1, 4, 64


def text(plain: bytes) -> str:
    return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Keeper:
    """Holds one passkey for `localhost`. A test may have it lie about where it is, or verify nobody."""

    origin: str = ORIGIN
    flags: int = USER_PRESENT | USER_VERIFIED
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    user: str = ""

    def makes(self, options: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.create`, as the page's script sends it."""
        wanted = options["publicKey"]
        self.user = wanted["user"]["id"]
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor.encode(self._public())
        data = self._data(self.flags | ATTESTED) + attested
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._said("webauthn.create", wanted["challenge"])
        return self._credential({"clientDataJSON": text(said), "attestationObject": text(attestation)})

    def shows(self, options: dict[str, Any]) -> str:
        """The answer to `navigator.credentials.get`."""
        data, said = self._data(self.flags), self._said("webauthn.get", options["publicKey"]["challenge"])
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        shown = {"clientDataJSON": said, "authenticatorData": data, "signature": signature}
        response = {name: text(each) for name, each in shown.items()}
        return self._credential(response | {"userHandle": self.user})

    def _credential(self, response: dict[str, str]) -> str:
        named = {"id": text(self.id), "rawId": text(self.id), "type": "public-key"}
        return json.dumps({**named, "response": response, "clientExtensionResults": {}})

    def _said(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(b"localhost").digest() + bytes([flags]) + bytes(4)

    def _public(self) -> dict[int, Any]:
        numbers = self.key.public_key().public_numbers()
        return {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}


def options(client: Client, use: str) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/account/passkeys/options/", {"for": use}).json()
    return answer


def a_passkey(client: Client, name: str = "Phone") -> Keeper:
    """One that is added to the account of this browser."""
    keeper = Keeper()
    credential = keeper.makes(options(client, "add"))
    answer = client.post("/account/security/passkeys/add/", {"name": name, "credential": credential})
    assert answer["Location"] == "/account/security/"
    return keeper
