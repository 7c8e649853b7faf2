"""Keeps the record of a drill in a file that this trader's key has signed, and reads one back as evidence.

A file can be typed by anybody. It counts as observed in a drill only where the key beside this trader's journal has signed it and
the journal holds the very record that it names; else it is worth what a person attests.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.drills.one_at_a_time import beside, stem
from fairway.operations.refusal import against_rule, wrong_input
from fairway.settings import Settings
from fairway.world.private import private, wide

if TYPE_CHECKING:
    from fairway.launch.evidence.drill_record import DrillRecord, SignedDrill
    from fairway.launch.evidence.model import Evidence

_KEY_BYTES: Final = 32
_SIZE_MAX: Final = 1_000_000
"""Bytes of a record; a drill has a dozen steps."""


def write_record(settings: Settings, record: "DrillRecord", folder: Path | None) -> Path:
    """The file. folder: beside the journal where it is None. Raises Refusal where it cannot be written."""
    from fairway.launch.evidence.drill_record import file_of, signed
    from fairway.world.clock import text_of
    from fairway.world.files import write_whole

    when = text_of(record.ended_at)[:19].replace(":", "")
    place = (folder or beside(settings)) / f"drill-{record.drill}-{when}.json"
    try:
        write_whole(place, file_of(signed(record, _key(settings))))
    except OSError as error:
        raise wrong_input(f"RECORD_NOT_WRITTEN: file={place}", f"{place} cannot be written: {error.strerror or error}") from None
    return place


def drill_in(file: Path) -> "SignedDrill | None":
    """The drill that a file holds; None for any other file, and for one that cannot be read."""
    from fairway.launch.evidence.drill_record import read_drill

    try:
        with file.open("rb") as opened:
            content = opened.read(_SIZE_MAX + 1)
    except OSError:
        return None
    return read_drill(content) if len(content) <= _SIZE_MAX else None


def evidence_of_drill(settings: Settings, drill: "SignedDrill", claim: str) -> "Evidence":
    """What a drill of this trader shows. claim: as the caller names it, "" for the drill's own. Raises Refusal, JournalErrors."""
    if claim not in ("", drill.record.claim):
        what = f"the drill {drill.record.drill} is about {drill.record.claim}, and not about {claim}"
        raise wrong_input(f"CLAIM_OF_DRILL: claim={claim}", what)
    why = why_not_ours(settings, drill)
    if why and drill.record.holds:
        attest = f"answer for it yourself:  --attest --claim {drill.record.claim}"
        raise against_rule(
            "DRILL_NOT_SIGNED_HERE: file", f"it is not known that a drill of this trader wrote it: {why}; {attest}"
        )
    from fairway.launch.evidence.model import Rank

    return drill.record.evidence(Rank.BARE_WORD if why else Rank.OBSERVED_IN_A_DRILL)


def why_not_ours(settings: Settings, drill: "SignedDrill") -> str:
    """Why it is not known that a drill of this trader wrote a record; "" where it is. Raises JournalErrors."""
    from fairway.journal.sql import open_reader
    from fairway.launch.evidence.drill_record import signer_of

    record, key = drill.record, _known_key(settings)
    if not drill.is_whole:
        return "it was altered since it was signed"
    if key is None or signer_of(key) != drill.signer:
        return f"its signer {drill.signer[:16]} is not the key beside this trader's journal"
    if record.mode != settings.mode:
        return f"it is of a trader in mode {record.mode}"
    with open_reader(settings.journal, trader=settings.account) as journal:
        same = next(iter(journal.page(record.journal_seq - 1)), None)
    if same is None or same.digest != record.journal_digest:
        return "the journal does not hold the record that it names"
    return ""


def _key_place(settings: Settings) -> Path:
    return beside(settings) / f"{stem(settings)}.drills.key"


def _known_key(settings: Settings) -> bytes | None:
    """The key, where it is there and its owner alone reads it."""
    place = _key_place(settings)
    try:
        found = bytes.fromhex(place.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
    return found if len(found) == _KEY_BYTES and not wide([place]) else None


def _key(settings: Settings) -> bytes:
    """The key that signs drills of this trader; made with the first of them. Raises OSError, and Refusal for an unusable one."""
    place = _key_place(settings)
    if not place.exists():
        with open(place, "x", encoding="ascii", opener=private) as file:
            file.write(_drawn().hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
    found = _known_key(settings)
    if found is None:
        what = f"{place} is no key of drills that its owner alone reads; remove it, and the next drill makes another one"
        raise wrong_input(f"KEY_OF_DRILLS_WRONG: file={place}", what)
    return found


def _drawn() -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate().private_bytes_raw()
