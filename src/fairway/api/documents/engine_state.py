"""The state of an engine: what a symbol may do in each account, folded from status and caps. A plain function of both."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fairway.operations.trader.caps import AccountCaps
from fairway.operations.trader.status import AccountStatus, StatusOutcome, TraderStatus
from fairway.reports.holdings import Held
from fairway.risk.cap_kinds import PAUSED
from fairway.risk.caps import Cap, CapSource, in_force
from fairway.risk.limits import TradingState


class EngineCondition(StrEnum):
    """What an engine does, most active first."""

    RUNNING = "running"
    PAUSED = "paused"
    """A person has paused it: nothing is opened, stops and targets stay at the venue."""
    BLOCKED = "blocked"
    """Nothing is opened for another reason: no lease, a guard, a lost stream, a trader that is silent."""
    KILLED = "killed"
    """As blocked, until a person resumes it."""
    STOPPED = "stopped"
    """No trader runs."""


NO_TRADER: Final = "no trader runs; start it with: fairway up"
_ORDER: Final = tuple(EngineCondition)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountEngine:
    """A symbol in one account. why: why it opens nothing, "" where it may."""

    account: str
    condition: EngineCondition
    why: str
    stage: str
    held: Held | None
    is_paused: bool
    """Whether a person's pause is in force, whatever else is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SymbolEngine:
    """A symbol in all accounts. heartbeat: when the trader last wrote (ns), 0 for never."""

    symbol: str
    heartbeat: int
    accounts: tuple[AccountEngine, ...]

    @property
    def leading(self) -> AccountEngine | None:
        """The most active of its accounts; None where none may be seen."""
        return min(self.accounts, key=lambda each: _ORDER.index(each.condition), default=None)


def engines_of(symbols: Iterable[str], status: StatusOutcome, caps: Iterable[AccountCaps]) -> tuple[SymbolEngine, ...]:
    """One for each symbol, in this order."""
    by_account = {each.account: each for each in caps}
    return tuple(
        SymbolEngine(symbol=symbol, heartbeat=status.trader.last_at or 0, accounts=tuple(_accounts(symbol, status, by_account)))
        for symbol in symbols
    )


def _accounts(symbol: str, status: StatusOutcome, caps: Mapping[str, AccountCaps]) -> Iterator[AccountEngine]:
    for each in status.accounts:
        its = caps.get(each.holdings.account)
        known = its.caps if its is not None else ()
        condition, why = _condition(symbol, status.trader, each, its)
        yield AccountEngine(
            account=each.holdings.account,
            condition=condition,
            why=why,
            stage=each.stage,
            held=next((held for held in each.holdings.held if held.symbol == symbol), None),
            is_paused=any(is_pause(cap) for cap in known),
        )


def is_pause(cap: Cap) -> bool:
    """Whether it is what `pause` raises and `lift` ends."""
    return cap.is_a(PAUSED)


def _condition(symbol: str, trader: TraderStatus, status: AccountStatus, caps: AccountCaps | None) -> tuple[EngineCondition, str]:
    if not trader.is_started or trader.is_running is False:
        return EngineCondition.STOPPED, NO_TRADER
    if caps is None:
        return EngineCondition.BLOCKED, "what limits it is not known"
    tight = [cap for cap in caps.caps if cap.covers(symbol) and cap.limits.state is not TradingState.ACTIVE]
    why = "; ".join(cap.reason for cap in tight)
    if in_force(tight, symbol).state is TradingState.KILLED:
        return EngineCondition.KILLED, why
    if tight:
        is_by_person = any(cap.source is CapSource.PERSON for cap in tight)
        return (EngineCondition.PAUSED if is_by_person else EngineCondition.BLOCKED), why
    if status.why_not:
        return EngineCondition.BLOCKED, status.why_not
    stage = caps.lease.limits.symbols if caps.lease is not None and caps.needs_lease else None
    if stage is not None and symbol not in stage:
        return EngineCondition.BLOCKED, f"the stage lets only {', '.join(sorted(stage))} be opened"
    return EngineCondition.RUNNING, ""
