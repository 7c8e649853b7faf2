"""Decides whether a request was signed with its key's secret: HMAC-SHA256, or Ed25519 for keys that are public keys."""

import base64
import hmac
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import unquote, urlencode

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from fairway.world.confidential import Confidential


@dataclass(frozen=True, slots=True)
class HmacSecret(Confidential):
    """A shared secret, as text."""

    text: bytes

    def signed(self, payload: bytes, signature: str) -> bool:
        return hmac.compare_digest(hmac.digest(self.text, payload, sha256).hex().encode(), signature.lower().encode())


@dataclass(frozen=True, slots=True)
class Ed25519Secret:
    """The public half of a key pair of which the client holds the private half."""

    key: Ed25519PublicKey

    def signed(self, payload: bytes, signature: str) -> bool:
        try:
            self.key.verify(base64.b64decode(signature, validate=True), payload)
        except (InvalidSignature, ValueError):
            return False
        return True


Secret = HmacSecret | Ed25519Secret


def hmac_secret(text: str) -> HmacSecret:
    return HmacSecret(text.encode())


def ed25519_secret(pem: str) -> Ed25519Secret:
    """The public key in a PEM text. ValueError where it is none, or of another kind."""
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError(
            "not an Ed25519 public key in PEM; make a pair with 'openssl genpkey -algorithm ed25519 -out private.pem' and "
            "show the public half with 'openssl pkey -in private.pem -pubout'"
        )
    return Ed25519Secret(key)


def query_payload(query: str, body: str) -> tuple[bytes, str]:
    """What a REST request signed (query and body as sent, without the signature), and the signature itself."""
    query, in_query = _without_signature(query)
    body, in_body = _without_signature(body)
    return (query + body).encode(), in_query or in_body


def json_payloads(values: dict[str, str]) -> tuple[bytes, bytes]:
    """What a WebSocket API request may have signed: its parameters sorted by name, plain or percent-encoded."""
    pairs = sorted((name, value) for name, value in values.items() if name != "signature")
    return "&".join(f"{name}={value}" for name, value in pairs).encode(), urlencode(pairs).encode()


def _without_signature(part: str) -> tuple[str, str]:
    start = 0 if part.startswith("signature=") else part.rfind("&signature=")
    if start < 0:
        return part, ""
    head, tail = part[:start], part[start:].removeprefix("&").removeprefix("signature=")
    signature, _, rest = tail.partition("&")
    return (f"{head}&{rest}" if head and rest else head or rest), unquote(signature)
