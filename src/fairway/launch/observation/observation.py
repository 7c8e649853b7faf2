"""What a pilot sees at one instant: the trader's accounts by their journal, and the measurements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from fairway.journal.account_permissions import AccountPermissions
from fairway.launch.evidence.model import Evidence
from fairway.watch.series import Series


@dataclass(frozen=True, slots=True)
class ObservedPosition:
    """A position by the trader's journal. lot: the least that the venue trades, None where it is not known."""

    quantity: Decimal
    asset: str
    lot: Decimal | None


@dataclass(frozen=True, slots=True)
class Observation:
    """now: ns. release: digest of what runs, "" where it is not known. accounts: by name, from the trader's journal.

    read_to, written_at: number and instant (ns) of its newest record; from it all of this can be seen again.
    """

    now: int
    release: str = ""
    accounts: Mapping[str, AccountPermissions] = field(default_factory=dict)
    series: Mapping[str, Series] = field(default_factory=dict)
    controls: Mapping[str, Series] = field(default_factory=dict)
    evidence: Sequence[Evidence] = ()
    """What the journal shows by itself."""
    guards: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By account, the guards that are on since its trader's last start; an account without such a report is absent."""
    unleased: frozenset[str] = frozenset()
    """Accounts whose trader opens positions without a lease."""
    read_to: int = 0
    written_at: int = 0
