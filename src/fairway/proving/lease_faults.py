"""What may go wrong with the leave that a play's granter gives. It does something only where the trader needs leave."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.proving.harness import Harness
from fairway.proving.injected_fault import HarnessActions, HarnessFault, InjectedFault, add
from fairway.proving.leases import EVERY_S, Leave
from fairway.risk.limits import NO_LIMITS, Limits, TradingState

CLOSED: Final = Limits(state=TradingState.REDUCE_ONLY)
"""Leave to close and to protect, as of a launch that is held, or goes back."""
SMALL: Final = Limits(positions=0)


def renewals(since: float, until: float, actions: HarnessActions) -> None:
    """Those between two seconds."""
    for number in range(int((until - since) / EVERY_S)):
        add(actions, since + 1 + number * EVERY_S, renew)


def renew(stage: Harness) -> None:
    if stage.leave is not None and not stage.leave.is_silent:
        stage.give(stage.leave)


def _silent(fault: InjectedFault, actions: HarnessActions) -> None:
    _changed(fault, actions, lambda leave: replace(leave, is_silent=True), lambda leave: replace(leave, is_silent=False))


def _revoked(fault: InjectedFault, actions: HarnessActions) -> None:
    _changed(fault, actions, lambda leave: replace(leave, held_back=CLOSED), _as_at_first)


def _narrowed(fault: InjectedFault, actions: HarnessActions) -> None:
    _changed(fault, actions, lambda leave: replace(leave, held_back=SMALL), _as_at_first)


def _replaced(fault: InjectedFault, actions: HarnessActions) -> None:
    """By a granter of a higher epoch, which holds leave back for a while; the old one goes on, and is not to be heard."""

    def replace_granter(stage: Harness) -> None:
        if (old := stage.leave) is not None:
            stage.leave = replace(old, epoch=old.epoch + 1, held_back=CLOSED)
            stage.give(stage.leave)
            stage.give(replace(old, lasts_s=600))

    add(actions, fault.since, replace_granter)
    add(actions, fault.until, lambda stage: _change(stage, _as_at_first))


def _changed(
    fault: InjectedFault, actions: HarnessActions, change: Callable[[Leave], Leave], back: Callable[[Leave], Leave]
) -> None:
    add(actions, fault.since, lambda stage: _change(stage, change))
    add(actions, fault.until, lambda stage: _change(stage, back))


def _change(stage: Harness, change: Callable[[Leave], Leave]) -> None:
    """The trader is told at once."""
    if stage.leave is not None:
        stage.leave = change(stage.leave)
        renew(stage)


def _as_at_first(leave: Leave) -> Leave:
    return replace(leave, held_back=NO_LIMITS)


LEASE_FAULTS: Final[Mapping[str, HarnessFault]] = {
    "lease silent": HarnessFault(inject=_silent, fuzz=FuzzRule(weight=8, lasts_long=True, needs_lease=True)),
    "lease revoked": HarnessFault(inject=_revoked, fuzz=FuzzRule(weight=3, lasts_long=True, needs_lease=True)),
    "lease narrowed": HarnessFault(inject=_narrowed, fuzz=FuzzRule(weight=2, needs_lease=True)),
    "lease replaced": HarnessFault(inject=_replaced, fuzz=FuzzRule(weight=3, lasts_long=True, needs_lease=True)),
}
