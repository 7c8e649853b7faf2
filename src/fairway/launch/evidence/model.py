"""Evidence: what a claim rests on. It has a class, a producer, a release that it was made on, and an end."""

from collections.abc import Iterable
from enum import IntEnum

from msgspec import Struct


class Rank(IntEnum):
    """Classes of evidence, weakest first. A checklist's item is met only by its class or a stronger one."""

    BARE_WORD = 1
    ATTESTED_FILE = 2
    MACHINE_ARTIFACT = 3
    OBSERVED_IN_A_DRILL = 4
    OBSERVED_IN_PRODUCTION = 5

    def __str__(self) -> str:
        return self.name.lower().replace("_", " ")


class Evidence(Struct, frozen=True, kw_only=True):
    """claim: the id of what it is about, such as `tests` or `kill-drill`. holds: whether it speaks for it; why: in what way.

    release: digest of the release that it was made on; "" where the claim is not about a release. made_at, ends_at: ns; ends_at 0
    for one that has no end. digest: sha256 of what was read. again: the command that makes it again; "" where none does.
    """

    claim: str
    rank: Rank
    holds: bool
    why: str
    producer: str
    made_at: int
    ends_at: int = 0
    release: str = ""
    digest: str = ""
    again: str = ""


def newest(evidence: Iterable[Evidence], claim: str) -> Evidence | None:
    """The newest word on a claim, whatever it says: an old success does not outlive a failure."""
    return max((each for each in evidence if each.claim == claim), key=lambda each: each.made_at, default=None)
