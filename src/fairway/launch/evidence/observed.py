"""Makes evidence from the trader's journal, such as of a kill that was carried out, so that no person has to submit it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from fairway.journal.kinds import AccountStatusReported, CapLifted, CapRaised, CaughtUp, TraderStarted
from fairway.launch.evidence.model import Evidence, Rank
from fairway.ledger.reconcile import Standing
from fairway.risk.limits import TradingState

KILL: Final = "kill-drill"
KEY: Final = "key-no-withdraw"
RESTART: Final = "restart-with-position"
PRODUCER: Final = "the trader's journal"


@dataclass(slots=True)
class Observed:
    """What was seen of one account. Another release begins with nothing but what its key may do."""

    release: str = ""
    is_live: bool = False
    kills: dict[str, int] = field(default_factory=dict)
    killed_and_resumed_at: int = 0
    standing: Standing | None = None
    told_at: int = 0
    """Of its last event (ns): rights are asked for every five minutes, and a change of them is told."""
    is_back: bool = False
    """It was started and has not caught up yet."""
    came_back_holding_at: int = 0

    def take(self, event: Struct, at: int, holds: Callable[[], bool]) -> None:
        """Moves it by an event of its account, at an instant (ns). holds: says whether a position is open then."""
        self.told_at = at
        match event:
            case TraderStarted():
                release = event.bot or event.release
                if release != self.release:
                    self.killed_and_resumed_at = self.came_back_holding_at = 0
                self.release, self.is_back = release, True
            case CaughtUp() if self.is_back:
                self.is_back = False
                self.came_back_holding_at = at if holds() else self.came_back_holding_at
            case CapRaised(cap=cap) if cap.limits.state is TradingState.KILLED:
                self.kills[cap.id] = at
            case CapLifted(cap_id=cap_id) if cap_id in self.kills:
                del self.kills[cap_id]
                self.killed_and_resumed_at = at
            case AccountStatusReported(standing=standing):
                self.standing = standing

    def evidence(self, account: str) -> Iterator[Evidence]:
        rank = Rank.OBSERVED_IN_PRODUCTION if self.is_live else Rank.OBSERVED_IN_A_DRILL
        if self.killed_and_resumed_at:
            why = f"{account} was killed, and resumed after a clean reconciliation"
            yield self._of(KILL, rank, self.killed_and_resumed_at, why)
        if self.came_back_holding_at:
            why = f"{account} was started again with an open position, and agreed with the venue"
            yield self._of(RESTART, rank, self.came_back_holding_at, why)
        if self.standing is not None and self.standing.key_withdraws is not None:
            withdraws = self.standing.key_withdraws
            why = f"the venue says that the key of {account} {'MAY' if withdraws else 'may not'} withdraw"
            yield self._of(KEY, Rank.MACHINE_ARTIFACT, self.told_at, why, holds=not withdraws)

    def _of(self, claim: str, rank: Rank, at: int, why: str, *, holds: bool = True) -> Evidence:
        return Evidence(
            claim=claim, rank=rank, holds=holds, why=why, producer=PRODUCER, made_at=at, release=self.release, again=_AGAIN[claim]
        )


def worst(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Of each claim one: where it does not hold for an account, it does not hold."""
    found: dict[str, Evidence] = {}
    for each in evidence:
        known = found.get(each.claim)
        if known is None or (known.holds and (not each.holds or each.made_at > known.made_at)):
            found[each.claim] = each
    return list(found.values())


_AGAIN: Final = {
    KILL: 'fairway kill CONFIG --reason "a drill", then fairway resume CONFIG --reason "a drill"',
    KEY: "fairway doctor CONFIG",
    RESTART: "kill -9 of the trader while it holds a position, then fairway run CONFIG",
}
