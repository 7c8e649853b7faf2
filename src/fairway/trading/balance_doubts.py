"""Holds what rests on a balance that one answer of the venue claims and nothing else confirms; stops and targets stay."""

from collections.abc import Iterator, Sequence

from fairway.journal.kinds import CapLifted, CapRaised, Event
from fairway.ledger.evidence import contradictions
from fairway.ledger.reconcile import BalanceOff, Belief, Truth, evidence_of, in_words
from fairway.risk.cap_kinds import BALANCE_DOUBT
from fairway.risk.caps import reduce_only
from fairway.trading.account_state import AccountState


def of_differences(desk: AccountState, off: Sequence[BalanceOff], asked_at: int, now: int) -> Iterator[Event]:
    """A cap for each balance that is not believed, as long as it is not. What our own fills moved since the question (asked at an
    instant in ns) is news and no doubt."""
    doubts: dict[str, str] = {}
    for each in off:
        if each.doubt and not _has_moved_since(desk, each.amount.asset, asked_at):
            doubts |= dict.fromkeys(_held_by(desk, each.amount.asset), _why(each))
    yield from _raise(desk, doubts, now)
    in_doubt = {symbol for each in off if each.doubt for symbol in _held_by(desk, each.amount.asset)}
    yield from _lift(desk, in_doubt)


def or_fills_are_missing(desk: AccountState, off: BalanceOff) -> BalanceOff:
    """The difference; in doubt where an order that trades the asset has filled, and no history has told its trades yet."""
    if off.doubt:
        return off
    lacking = [order.id for symbol in _trading(desk, off.amount.asset) for order in desk.lacking(symbol)]
    return BalanceOff(off.amount, f"the trades of {', '.join(lacking)} are not told yet") if lacking else off


def why_not_opened(desk: AccountState, belief: Belief, truth: Truth) -> str:
    """Why the books cannot begin with this answer, in words; "" where they can."""
    traded = dict.fromkeys(asset for listed in desk.terms.instruments.values() for asset in (listed.base, listed.quote))
    return "; ".join(contradictions(traded, truth.totals, evidence_of(belief, truth)))


def of_opening(desk: AccountState, why: str, now: int) -> Iterator[Event]:
    """A cap on the whole account while the books cannot be opened, with why; lifted once they are."""
    what = "the balances that the books begin with are not known, so nothing is opened; the venue is asked again"
    yield from _raise(desk, {"": f"{why}: {what}"} if why else {}, now)
    if not why:
        yield from _lift(desk, set())


def _why(off: BalanceOff) -> str:
    return (
        f"{in_words(off)}: nothing is booked, and stops and targets stay; look at the account on the exchange's own page, and "
        "where you moved it, announce that: fairway transfer"
    )


def _held_by(desk: AccountState, asset: str) -> list[str]:
    """Symbols that rest on an asset; "" for all of them."""
    if asset == desk.terms.quote:
        return [""]
    return _trading(desk, asset)


def _trading(desk: AccountState, asset: str) -> list[str]:
    """Symbols that trade an asset."""
    return [symbol for symbol, listed in desk.terms.instruments.items() if asset in (listed.base, listed.quote)]


def _has_moved_since(desk: AccountState, asset: str, instant: int) -> bool:
    """Whether an order of ours that trades the asset moved since then, so that the answer may be older than the books."""
    symbols = _trading(desk, asset)
    orders = (order for kept in (desk.blotter.live, desk.blotter.ended) for order in kept.values())
    return any(order.symbol in symbols and order.updated_at >= instant and order.filled for order in orders)


def _raise(desk: AccountState, doubts: dict[str, str], now: int) -> Iterator[Event]:
    for symbol, why in doubts.items():
        cap = reduce_only(BALANCE_DOUBT, why, now, symbol=symbol)
        if cap.id not in desk.caps:
            yield CapRaised(cap=cap)


def _lift(desk: AccountState, in_doubt: set[str]) -> Iterator[Event]:
    for cap in [cap for cap in desk.caps.values() if cap.is_a(BALANCE_DOUBT)]:
        if cap.symbol not in in_doubt:
            yield CapLifted(cap_id=cap.id, by="trader", why="the venue's answers about its balances agree again")
