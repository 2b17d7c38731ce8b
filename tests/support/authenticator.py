"""A security key made of nothing but `cryptography`: it answers as a real one does, and can be told to cheat."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

PRESENT, VERIFIED, ENROLS = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One credential. ``verified`` says that it asked for a PIN; ``count`` goes up by one with each answer."""

    origin: str = "http://localhost"
    site: str = "localhost"
    verified: bool = True
    count: int = 0
    id: bytes = field(default_factory=lambda: os.urandom(32))
    secret: bytes = field(default_factory=lambda: os.urandom(32))
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, asked: dict[str, Any]) -> dict[str, str]:
        """The form's hidden fields for what `navigator.credentials.create` was asked."""
        options = asked["publicKey"]
        numbers = self.private.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        public = encode_cbor({1: 2, 3: -7, -1: 1, **point})
        data = self._data(ENROLS) + bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        response = {
            "clientDataJSON": self._client("webauthn.create", options["challenge"]),
            "attestationObject": bytes_to_base64url(encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        salt = options.get("extensions", {}).get("prf", {}).get("eval", {}).get("first", "")
        return self._fields(asked["token"], response, salt)

    def get(self, asked: dict[str, Any]) -> dict[str, str]:
        """The form's hidden fields for what `navigator.credentials.get` was asked."""
        options = asked["publicKey"]
        self.count += 1
        data, client = self._data(), self._client("webauthn.get", options["challenge"])
        signed = data + hashlib.sha256(base64url_to_bytes(client)).digest()
        response = {
            "clientDataJSON": client,
            "authenticatorData": bytes_to_base64url(data),
            "signature": bytes_to_base64url(self.private.sign(signed, ec.ECDSA(hashes.SHA256()))),
        }
        salts = options.get("extensions", {}).get("prf", {}).get("evalByCredential", {})
        return self._fields(asked["token"], response, salts.get(bytes_to_base64url(self.id), {}).get("first", ""))

    def _fields(self, token: str, response: dict[str, str], salt: str) -> dict[str, str]:
        name = bytes_to_base64url(self.id)
        answer = {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        prf = bytes_to_base64url(hmac.digest(self.secret, base64url_to_bytes(salt), "sha256")) if salt else ""
        return {"key_token": token, "key_answer": json.dumps(answer), "key_prf": prf}

    def _data(self, more: int = 0) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.verified else 0)
        return hashlib.sha256(self.site.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _client(self, kind: str, challenge: str) -> str:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return bytes_to_base64url(json.dumps(said).encode())
