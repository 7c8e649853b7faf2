"""The record of a drill: what was expected and seen step by step, who signed it, and the evidence that it is."""

import hashlib
from binascii import Error as BadHex
from typing import Final, Literal

import msgspec
from msgspec import Struct

from fairway.launch.evidence.model import Evidence, Rank
from fairway.world.clock import SECOND

FORM: Final = "fairway drill 1"
PRODUCER: Final = "fairway drill"
NOT_SHOWN: Final = "not shown"
"""With this begins what was seen of a step that decides nothing, although it should have."""


class DrillStep(Struct, frozen=True, kw_only=True):
    """holds: whether what was seen is what was expected; None where that decides nothing. took_ns: until it was seen."""

    name: str
    expected: str
    seen: str
    holds: bool | None
    took_ns: int

    def __str__(self) -> str:
        word = {True: "ok", False: "FAILED", None: "noted"}[self.holds]
        return f"{word}: {self.name}: expected {self.expected}; seen {self.seen}; {self.took_ns / SECOND:.2f} s"


class DrillRecord(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """began_at, ended_at: ns. release: what the trader ran. by: who carried it out.

    journal_seq, journal_digest: of the newest record of the trader's journal when the drill ended, which ties the two together.
    """

    drill: str
    claim: str
    account: str
    mode: str
    release: str
    by: str
    began_at: int
    ended_at: int
    steps: tuple[DrillStep, ...]
    journal_seq: int
    journal_digest: str
    again: str

    @property
    def holds(self) -> bool:
        """Whether no step failed, and at least one decided something."""
        return any(each.holds for each in self.steps) and not self.failed

    @property
    def failed(self) -> list[DrillStep]:
        return [each for each in self.steps if each.holds is False]

    @property
    def why(self) -> str:
        """In one sentence, what it shows."""
        whose = f"drill {self.drill} of {self.account}"
        if self.failed:
            return f"{whose} failed: " + "; ".join(f"{each.name}: {each.seen}" for each in self.failed)
        seen = "; ".join(f"{each.name}: {each.seen}" for each in self.steps if each.holds)
        open_ = ", ".join(each.name for each in self.steps if each.holds is None and each.seen.startswith(NOT_SHOWN))
        missing = f"; NOT SHOWN: {open_}" if open_ else ""
        return f"{whose}: {seen or 'no step of it decided anything'}{missing}"

    @property
    def content(self) -> bytes:
        """What is signed."""
        return msgspec.json.encode(self)

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def evidence(self, rank: Rank = Rank.OBSERVED_IN_A_DRILL) -> Evidence:
        """rank: a weaker one where it is not known that a drill wrote it."""
        return Evidence(
            claim=self.claim,
            rank=rank,
            holds=self.holds,
            why=self.why,
            producer=f"{PRODUCER}, by {self.by}",
            made_at=self.ended_at,
            release=self.release,
            digest=self.digest,
            again=self.again,
        )


class SignedDrill(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A record as it stands in a file. signer: the public key, signature: of the record's content; both in hex (Ed25519)."""

    form: Literal["fairway drill 1"]
    record: DrillRecord
    digest: str
    signer: str
    signature: str

    @property
    def is_whole(self) -> bool:
        """Whether the record is the one that its signer has signed. That says nothing about who the signer is."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.signer))
            key.verify(bytes.fromhex(self.signature), self.record.content)
        except (InvalidSignature, ValueError, BadHex):
            return False
        return self.digest == self.record.digest


def signed(record: DrillRecord, private_key: bytes) -> SignedDrill:
    """private_key: 32 bytes of Ed25519."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(private_key)
    public = key.public_key().public_bytes_raw().hex()
    return SignedDrill(form=FORM, record=record, digest=record.digest, signer=public, signature=key.sign(record.content).hex())


def signer_of(private_key: bytes) -> str:
    """The public key that belongs to it, in hex."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes_raw().hex()


def file_of(drill: SignedDrill) -> bytes:
    """As a file for people and programs."""
    return msgspec.json.format(msgspec.json.encode(drill), indent=2) + b"\n"


def read_drill(content: bytes) -> SignedDrill | None:
    """The drill that a file holds; None for any other file."""
    try:
        return msgspec.json.decode(content, type=SignedDrill)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
