"""What limits the accounts now: each reason to be careful, since when it is in force, and who lifts it."""

from dataclasses import dataclass

from fairway.launch.views.reason_text import limits_in_words
from fairway.operations.trader.caps import AccountCaps, CapsOutcome
from fairway.panel.state_marks import Mark
from fairway.risk.caps import Cap, Lifting
from fairway.risk.limits import TradingState


@dataclass(frozen=True, slots=True, kw_only=True)
class CapFacts:
    """One cap of one account. lifted_by: who ends it, or what. id: by which a person lifts it, "" where no person can.

    allows: what it still allows, in words; "" where it stands for something that is unknown.
    """

    account: str
    id: str
    what: str
    reason: str
    symbol: str
    since: int
    lifted_by: str
    mark: Mark
    allows: str = ""

    @property
    def key(self) -> tuple[str, str]:
        return self.account, self.id or self.reason


def cap_facts(caps: CapsOutcome) -> tuple[CapFacts, ...]:
    """Of all accounts, the tightest first within each; without the limits of the configuration, which are always in force."""
    return tuple(each for account in caps.accounts for each in _of_account(account))


def _of_account(its: AccountCaps) -> list[CapFacts]:
    found = [_cap(its.account, cap) for cap in its.caps]
    found += [
        CapFacts(
            account=its.account,
            id="",
            what=f"stream {channel} lost",
            reason=why,
            symbol="",
            since=since,
            lifted_by="ends when the stream is whole again",
            mark=Mark.HELD,
        )
        for channel, (since, why) in its.lost.items()
    ]
    if its.doubt:
        found.append(
            CapFacts(
                account=its.account,
                id="",
                what="unknown",
                reason=its.doubt,
                symbol="",
                since=0,
                lifted_by="ends when the trader writes again",
                mark=Mark.UNKNOWN,
            )
        )
    return found


def _cap(account: str, cap: Cap) -> CapFacts:
    by_person = cap.lifting is not Lifting.ITSELF
    return CapFacts(
        account=account,
        id=cap.id if by_person else "",
        what=cap.kind.name,
        reason=cap.reason,
        symbol=cap.symbol,
        since=cap.since,
        lifted_by=f"{cap.lifting.value} lifts it" if by_person else f"ends by itself: {cap.kind.clears}",
        mark=mark_of_state(cap.limits.state),
        allows=limits_in_words(cap.limits),
    )


def mark_of_state(state: TradingState) -> Mark:
    """How a trading state looks."""
    match state:
        case TradingState.ACTIVE:
            return Mark.GOOD
        case TradingState.KILLED:
            return Mark.BAD
        case _:
            return Mark.HELD
