"""Envelopes: one secret, closed so that it opens only with the master key and only for whom it was closed.

| bytes | what                                                                                                   |
|-------|--------------------------------------------------------------------------------------------------------|
| 1     | form, 1                                                                                                |
| 2     | length of all that follows them                                                                        |
| 8     | id of the master key                                                                                   |
| 12+48 | a nonce, and the data key closed with the master key: AES-256-GCM, bound to all before it and to whom    |
| 12+…  | a nonce, and the secret closed with the data key: AES-256-GCM, bound to whom                            |

Each secret has a data key of its own that closes nothing else, so a new master key means closing the data keys again and
leaves the rest as it is.
"""

from typing import Final

import msgspec
from msgspec import Struct

from fairway.people.master_key import ID_BYTES, KEY_BYTES, Fresh, MasterKey
from fairway.people.problems import EnvelopeTampered, EnvelopeTruncated, WrongMasterKey
from fairway.people.secret import Secret

FORM: Final = b"\x01"
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
_FRONT: Final = len(FORM) + 2
_HEAD: Final = _FRONT + ID_BYTES
_WRAPPED: Final = NONCE_BYTES + KEY_BYTES + TAG_BYTES


class Binding(Struct, frozen=True, kw_only=True, array_like=True):
    """What an envelope is closed for: it opens for no other account, user or venue. venue: where the keys are used."""

    user: str
    account: str
    venue: str
    purpose: str
    """`key` or `secret`: one is never taken for the other."""
    version: int
    """Counts the account's rotations: an old envelope that is put back does not open."""


def seal(secret: Secret, binding: Binding, master: MasterKey, fresh: Fresh) -> bytes:
    """The secret in an envelope."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    data_key, nonce = fresh(KEY_BYTES), fresh(NONCE_BYTES)
    closed = AESGCM(data_key).encrypt(nonce, secret.reveal().encode(), _bound(b"secret", binding))
    return _assembled(data_key, nonce + closed, binding, master, fresh)


def unseal(envelope: bytes, binding: Binding, master: MasterKey) -> Secret:
    """The secret. Raises WrongMasterKey, EnvelopeTampered, EnvelopeTruncated."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    data_key, body = _opened(envelope, binding, master)
    try:
        opened = AESGCM(data_key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], _bound(b"secret", binding))
    except InvalidTag:
        raise _tampered(binding) from None
    return Secret(opened.decode())


def rewrap(envelope: bytes, binding: Binding, old: MasterKey, new: MasterKey, fresh: Fresh) -> bytes:
    """The same secret under another master key. Raises WrongMasterKey, EnvelopeTampered, EnvelopeTruncated."""
    unseal(envelope, binding, old)  # what is broken stays as it is, where it can be seen
    data_key, body = _opened(envelope, binding, old)
    return _assembled(data_key, body, binding, new, fresh)


def master_id(envelope: bytes, binding: Binding) -> bytes:
    """The id of the master key that opens it. Raises EnvelopeTampered, EnvelopeTruncated."""
    least = _HEAD + _WRAPPED + NONCE_BYTES + TAG_BYTES
    told = int.from_bytes(envelope[len(FORM) : _FRONT])
    if len(envelope) < max(least, _FRONT + told):
        raise EnvelopeTruncated(f"the {binding.purpose} of account {binding.account} has lost its end; {_REMEDY}")
    if not envelope.startswith(FORM) or len(envelope) != _FRONT + told:
        raise _tampered(binding)
    return named_id(envelope)


def named_id(envelope: bytes) -> bytes:
    """The id of a master key that stands in it, whether the envelope is whole or not."""
    return envelope[_FRONT:_HEAD]


def _assembled(data_key: bytes, body: bytes, binding: Binding, master: MasterKey, fresh: Fresh) -> bytes:
    length = ID_BYTES + _WRAPPED + len(body)
    head = FORM + length.to_bytes(2) + master.id
    nonce = fresh(NONCE_BYTES)
    return head + nonce + master.cipher().encrypt(nonce, data_key, _bound(head, binding)) + body


def _opened(envelope: bytes, binding: Binding, master: MasterKey) -> tuple[bytes, bytes]:
    """The data key, and what it closes."""
    from cryptography.exceptions import InvalidTag

    if master_id(envelope, binding) != master.id:
        raise WrongMasterKey(
            f"the vault was closed with another master key, {master_id(envelope, binding).hex()}, and this is {master.id.hex()}; "
            "name the place of the right one with --master-key"
        )
    head, wrapped, body = envelope[:_HEAD], envelope[_HEAD : _HEAD + _WRAPPED], envelope[_HEAD + _WRAPPED :]
    try:
        return master.cipher().decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], _bound(head, binding)), body
    except InvalidTag:
        raise _tampered(binding) from None


def _bound(part: bytes, binding: Binding) -> bytes:
    """No two parts and bindings write the same bytes: the text of a JSON array tells where each of its values ends."""
    return part + msgspec.json.encode(binding)


_REMEDY: Final = "restore a backup, or give it new keys: fairway accounts rotate"


def _tampered(binding: Binding) -> EnvelopeTampered:
    return EnvelopeTampered(f"the {binding.purpose} of account {binding.account} was changed or moved; {_REMEDY}")
