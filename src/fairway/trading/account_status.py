"""How the account and its key stand at the venue, and what follows from a right too few or too many, or another kind."""

from collections.abc import Iterator

from msgspec.structs import replace

from fairway.journal.kinds import AccountStatusReported, CapLifted, CapRaised, Event
from fairway.ledger.reconcile import KindChanged, RightLost, RightTooMany, in_words, standing_differences
from fairway.risk import cap_kinds
from fairway.risk.caps import reduce_only
from fairway.trading.account_state import AccountState
from fairway.trading.event_mapping import whole_again
from fairway.trading.inputs import KeyRightsReported
from fairway.venues.port import BalanceReport

TRADING_CAP = cap_kinds.NO_TRADING_RIGHT.id_of()


def of_rights(state: AccountState, report: KeyRightsReported, now: int) -> Iterator[Event]:
    """What the key may do. That the venue does not tell is told once, and holds nothing: a person gave the key."""
    rights, state.access.rights_at = report.rights, now
    state.access.reported = replace(
        state.access.reported,
        key_trades=rights.can_trade if rights is not None else None,
        key_withdraws=rights.can_withdraw if rights is not None else None,
    )
    yield from _of_standing(state, now)
    yield from whole_again(state)


def of_account(state: AccountState, report: BalanceReport, now: int) -> Iterator[Event]:
    """How the account itself stands, which comes with all its balances."""
    state.access.reported = replace(state.access.reported, kind=report.kind, account_trades=report.can_trade)
    yield from _of_standing(state, now)


def _of_standing(state: AccountState, now: int) -> Iterator[Event]:
    """Once all of it was asked. What was lost comes back by itself; what a person lifted stays so until it changes once more."""
    known, reported = state.access.standing, state.access.reported
    if reported == known or not state.access.rights_at or not state.transient.asked_at:
        return
    yield AccountStatusReported(standing=reported)
    for difference in standing_differences(known, reported):
        match difference:
            case RightLost() if TRADING_CAP not in state.limits.caps:
                why = f"{in_words(difference)}; stops at the venue go on, and nothing else can be done"
                yield CapRaised(cap=reduce_only(cap_kinds.NO_TRADING_RIGHT, why, now))
            case RightTooMany() if known is None or not known.key_withdraws:
                why = f"{in_words(difference)}; take that right away at the venue"
                yield CapRaised(cap=reduce_only(cap_kinds.WITHDRAWAL_RIGHT, why, now))
            case KindChanged():
                yield CapRaised(cap=reduce_only(cap_kinds.ACCOUNT_TYPE, in_words(difference), now))
    if reported.may_trade and TRADING_CAP in state.limits.caps:
        yield CapLifted(cap_id=TRADING_CAP, by="trader", why="the account and its key may trade again")
