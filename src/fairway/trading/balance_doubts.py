"""Holds what rests on a balance that one answer of the venue claims and nothing else confirms; stops and targets stay."""

from collections.abc import Iterator, Sequence

from fairway.journal.kinds import CapLifted, CapRaised, Event
from fairway.ledger.evidence import contradictions
from fairway.ledger.reconcile import BalanceOff, Belief, Truth, evidence_of, in_words
from fairway.risk.cap_kinds import BALANCE_DOUBT
from fairway.risk.caps import reduce_only
from fairway.trading.account_state import AccountState


def of_differences(state: AccountState, off: Sequence[BalanceOff], asked_at: int, now: int) -> Iterator[Event]:
    """A cap for each balance that is not believed, as long as it is not. What our own fills moved since the question (asked at an
    instant in ns) is news and no doubt."""
    doubts: dict[str, str] = {}
    for each in off:
        if each.doubt and not _has_moved_since(state, each.amount.asset, asked_at):
            doubts |= dict.fromkeys(_held_by(state, each.amount.asset), _why(each))
    yield from _raise(state, doubts, now)
    in_doubt = {symbol for each in off if each.doubt for symbol in _held_by(state, each.amount.asset)}
    yield from _lift(state, in_doubt)


def or_fills_are_missing(state: AccountState, off: BalanceOff) -> BalanceOff:
    """The difference; in doubt where an order that trades the asset has filled, and no history has told its trades yet."""
    if off.doubt:
        return off
    lacking = [order.id for symbol in _trading(state, off.amount.asset) for order in state.orders.lacking(symbol)]
    return BalanceOff(off.amount, f"the trades of {', '.join(lacking)} are not told yet") if lacking else off


def why_not_opened(state: AccountState, belief: Belief, truth: Truth) -> str:
    """Why the books cannot begin with this answer, in words; "" where they can."""
    traded = dict.fromkeys(asset for listed in state.config.instruments.values() for asset in (listed.base, listed.quote))
    return "; ".join(contradictions(traded, truth.totals, evidence_of(belief, truth)))


def of_opening(state: AccountState, why: str, now: int) -> Iterator[Event]:
    """A cap on the whole account while the books cannot be opened, with why; lifted once they are."""
    what = "the balances that the books begin with are not known, so nothing is opened; the venue is asked again"
    yield from _raise(state, {"": f"{why}: {what}"} if why else {}, now)
    if not why:
        yield from _lift(state, set())


def _why(off: BalanceOff) -> str:
    return (
        f"{in_words(off)}: nothing is booked, and stops and targets stay; look at the account on the exchange's own page, and "
        "where you moved it, announce that: fairway transfer"
    )


def _held_by(state: AccountState, asset: str) -> list[str]:
    """Symbols that rest on an asset; "" for all of them."""
    if asset == state.config.quote:
        return [""]
    return _trading(state, asset)


def _trading(state: AccountState, asset: str) -> list[str]:
    """Symbols that trade an asset."""
    return [symbol for symbol, listed in state.config.instruments.items() if asset in (listed.base, listed.quote)]


def _has_moved_since(state: AccountState, asset: str, instant: int) -> bool:
    """Whether an order of ours that trades the asset moved since then, so that the answer may be older than the books."""
    symbols = _trading(state, asset)
    orders = (order for kept in (state.orders.blotter.live, state.orders.blotter.ended) for order in kept.values())
    return any(order.symbol in symbols and order.updated_at >= instant and order.filled for order in orders)


def _raise(state: AccountState, doubts: dict[str, str], now: int) -> Iterator[Event]:
    for symbol, why in doubts.items():
        cap = reduce_only(BALANCE_DOUBT, why, now, symbol=symbol)
        if cap.id not in state.limits.caps:
            yield CapRaised(cap=cap)


def _lift(state: AccountState, in_doubt: set[str]) -> Iterator[Event]:
    for cap in [cap for cap in state.limits.caps.values() if cap.is_a(BALANCE_DOUBT)]:
        if cap.symbol not in in_doubt:
            yield CapLifted(cap_id=cap.id, by="trader", why="the venue's answers about its balances agree again")
