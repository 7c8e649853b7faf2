"""What may go wrong with the leases that a play's issuer issues. It does something only where the trader needs a lease."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.proving.harness import Harness
from fairway.proving.injected_fault import HarnessActions, HarnessFault, InjectedFault, add
from fairway.proving.leases import EVERY_S, LeaseTerms
from fairway.risk.limits import NO_LIMITS, Limits, TradingState

CLOSED: Final = Limits(state=TradingState.REDUCE_ONLY)
"""Limits that allow only closing and protecting, as of a launch that is held, or goes back."""
SMALL: Final = Limits(positions=0)


def renewals(since: float, until: float, actions: HarnessActions) -> None:
    """Those between two seconds."""
    for number in range(int((until - since) / EVERY_S)):
        add(actions, since + 1 + number * EVERY_S, renew)


def renew(stage: Harness) -> None:
    if stage.lease is not None and not stage.lease.is_silent:
        stage.give(stage.lease)


def _silent(fault: InjectedFault, actions: HarnessActions) -> None:
    _changed(fault, actions, lambda lease: replace(lease, is_silent=True), lambda lease: replace(lease, is_silent=False))


def _revoked(fault: InjectedFault, actions: HarnessActions) -> None:
    _changed(fault, actions, lambda lease: replace(lease, held_back=CLOSED), _as_at_first)


def _narrowed(fault: InjectedFault, actions: HarnessActions) -> None:
    _changed(fault, actions, lambda lease: replace(lease, held_back=SMALL), _as_at_first)


def _replaced(fault: InjectedFault, actions: HarnessActions) -> None:
    """By an issuer of a higher epoch, which holds its lease back for a while; the old one goes on, and is not to be heard."""

    def replace_issuer(stage: Harness) -> None:
        if (old := stage.lease) is not None:
            stage.lease = replace(old, epoch=old.epoch + 1, held_back=CLOSED)
            stage.give(stage.lease)
            stage.give(replace(old, lasts_s=600))

    add(actions, fault.since, replace_issuer)
    add(actions, fault.until, lambda stage: _change(stage, _as_at_first))


def _changed(
    fault: InjectedFault,
    actions: HarnessActions,
    change: Callable[[LeaseTerms], LeaseTerms],
    back: Callable[[LeaseTerms], LeaseTerms],
) -> None:
    add(actions, fault.since, lambda stage: _change(stage, change))
    add(actions, fault.until, lambda stage: _change(stage, back))


def _change(stage: Harness, change: Callable[[LeaseTerms], LeaseTerms]) -> None:
    """The trader is told at once."""
    if stage.lease is not None:
        stage.lease = change(stage.lease)
        renew(stage)


def _as_at_first(lease: LeaseTerms) -> LeaseTerms:
    return replace(lease, held_back=NO_LIMITS)


LEASE_FAULTS: Final[Mapping[str, HarnessFault]] = {
    "lease silent": HarnessFault(inject=_silent, fuzz=FuzzRule(weight=8, lasts_long=True, needs_lease=True)),
    "lease revoked": HarnessFault(inject=_revoked, fuzz=FuzzRule(weight=3, lasts_long=True, needs_lease=True)),
    "lease narrowed": HarnessFault(inject=_narrowed, fuzz=FuzzRule(weight=2, needs_lease=True)),
    "lease replaced": HarnessFault(inject=_replaced, fuzz=FuzzRule(weight=3, lasts_long=True, needs_lease=True)),
}
