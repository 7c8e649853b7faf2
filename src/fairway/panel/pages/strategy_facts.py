"""What the control center says of strategies: by account, which strategy trades it, and whether it is switched on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fairway.operations.trader.caps import AccountCaps, CapsOutcome
from fairway.panel.state_marks import Mark
from fairway.risk import breakers, cap_kinds
from fairway.risk.caps import Cap, in_force
from fairway.risk.limits import TradingState
from fairway.settings import Settings

PAUSED: Final = cap_kinds.PAUSED.id_of()
SWITCHES: Final = (PAUSED, breakers.EVERYONE)
"""Caps by which a person switches strategies off; each is lifted for one account."""
NO_TRADER: Final = "off: no trader runs"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategyFacts:
    """One account. state: whether its strategy is on, and why not. switched_off_by: the cap's id, "" where no person has."""

    account: str
    strategy: str
    mark: Mark
    state: str
    switched_off_by: str
    can_switch_off: bool


def strategies_of(settings: Settings, caps: CapsOutcome, *, runs: bool) -> tuple[StrategyFacts, ...]:
    """Of all accounts that the person may read. runs: whether the trader does."""
    return tuple(_of_account(settings.strategy.name, each, runs=runs) for each in caps.accounts)


def _of_account(strategy: str, its: AccountCaps, *, runs: bool) -> StrategyFacts:
    by_id = {cap.id: cap for cap in its.caps}
    switch = next((by_id[name] for name in SWITCHES if name in by_id), None)
    mark, state = _state(strategy, its, switch, runs=runs)
    return StrategyFacts(
        account=its.account,
        strategy=strategy,
        mark=mark,
        state=state,
        switched_off_by=switch.id if switch is not None else "",
        can_switch_off=runs and switch is None,
    )


def _state(strategy: str, its: AccountCaps, switch: Cap | None, *, runs: bool) -> tuple[Mark, str]:
    if switch is not None:
        return Mark.HELD, f"off: {switch.reason}"
    if not runs:
        return Mark.UNKNOWN, NO_TRADER
    limits = in_force(its.caps)
    if limits.strategies is not None and strategy not in limits.strategies:
        return Mark.HELD, f"on, and its stage does not admit it: {', '.join(sorted(limits.strategies)) or 'none'}"
    why = "; ".join(_reasons(its))
    return (Mark.HELD, f"on, and opens nothing now: {why}") if why else (Mark.GOOD, "on")


def _reasons(its: AccountCaps) -> Iterator[str]:
    """Why it opens nothing although no person has switched it off."""
    found = [cap for cap in its.caps if not cap.symbol and cap.limits.state is not TradingState.ACTIVE]
    yield from (f"{cap.kind.name}, {cap.reason}" for cap in found)
    yield from (f"the stream {channel} is lost" for channel in its.lost)
    if its.doubt:
        yield its.doubt
    elif not found and not its.lost and not its.may_open:
        yield "it has no lease that is fresh"
