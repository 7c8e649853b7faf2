"""What limits the accounts now: each reason to be careful, since when it is in force, and who lifts it."""

from dataclasses import dataclass

from fairway.launch.views.reason_text import limits_in_words
from fairway.operations.trader.caps import AccountCaps, CapsOutcome
from fairway.panel.journal_links import records_of
from fairway.panel.state_marks import Mark
from fairway.risk.cap_kinds import KILL, LEASE
from fairway.risk.caps import Cap, Lifting
from fairway.risk.guards.sentences import cap_sentence, code_in
from fairway.risk.limits import TradingState


@dataclass(frozen=True, slots=True, kw_only=True)
class CapFacts:
    """One cap of one account. lifted_by: who ends it, or what. id: by which a person lifts it, "" where no person can.

    code: what the reason was made of, "" where it is plain words. allows: what it still allows, in words; "" where it stands for
    something that is unknown. records: the address of those that raised it.
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
    code: str = ""
    is_kill: bool = False
    records: str = ""

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
            records=records_of("StreamLost", account=its.account, text=channel),
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
        reason=cap_sentence(cap),
        symbol=cap.symbol,
        since=cap.since,
        lifted_by=f"{cap.lifting.value} lifts it" if by_person else f"ends by itself: {cap.kind.clears}",
        mark=mark_of_state(cap.limits.state),
        allows=limits_in_words(cap.limits),
        code=code_in(cap.reason),
        is_kill=cap.is_a(KILL),
        records=_records(account, cap),
    )


def _records(account: str, cap: Cap) -> str:
    if cap.is_a(LEASE):
        return records_of("LeaseAccepted", account=account)
    return records_of("CapRaised", account=account, text=cap.id)


def mark_of_state(state: TradingState) -> Mark:
    """How a trading state looks."""
    match state:
        case TradingState.ACTIVE:
            return Mark.GOOD
        case TradingState.KILLED:
            return Mark.BAD
        case _:
            return Mark.HELD
