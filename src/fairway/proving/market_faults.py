"""Faults of the market: its price leaps, or a symbol is halted and trades on at another price."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import Final

from fairway.proving.fault import InjectedFault
from fairway.proving.scenario_script import Misdeed, Path, price_at

PRICE_MIN: Final = Decimal(1)
CENT: Final = Decimal("0.01")


def _gap(fault: InjectedFault, path: Path) -> Path:
    """The price leaps at one update, and stays there or leaps back at the end."""
    until = float("inf") if fault.options["stays"] else fault.until
    return _moved(path, fault.since, until, _factor(fault))


def _halt(fault: InjectedFault, path: Path) -> Path:
    """Nothing trades and orders are refused; afterwards it trades on at another price."""
    since, until = ceil(fault.since), ceil(fault.until)
    after = _moved(path, until, float("inf"), _factor(fault))
    return {at: price for at, price in after.items() if not since <= at < until} | {since: ""}


def _factor(fault: InjectedFault) -> Decimal:
    return 1 + Decimal(str(fault.options["percent"])) / 100


def _moved(path: Path, since: float, until: float, factor: Decimal) -> Path:
    """The path with its prices between two instants multiplied."""
    moved = {at: _text(Decimal(price) * factor) if price and since <= at < until else price for at, price in path.items()}
    begin = ceil(since)
    moved.setdefault(begin, _text(price_at(path, begin) * factor))
    if until != float("inf"):
        moved.setdefault(max(ceil(until), begin + 1), _text(price_at(path, ceil(until))))
    return dict(sorted(moved.items()))


def _text(price: Decimal) -> str:
    return str(max(price, PRICE_MIN).quantize(CENT))


SWINGS: Final[Mapping[str, Callable[[InjectedFault, Path], Path]]] = {"gap": _gap, "halt": _halt}
"""What a fault makes of the price of each symbol that it concerns."""


def swung(prices: Mapping[str, Path], faults: Sequence[InjectedFault]) -> dict[str, Path]:
    """All prices, with what these faults make of them, one after the other."""
    moved = dict(prices)
    for fault in faults:
        for symbol in (fault.symbol,) if fault.symbol else tuple(prices):
            if fault.kind in SWINGS and symbol in moved:
                moved[symbol] = SWINGS[fault.kind](fault, moved[symbol])
    return moved


def halting(fault: InjectedFault) -> Misdeed:
    """What the exchange says of a symbol while it is halted."""
    return Misdeed("delisting", fault.since, fault.until, fault.symbol, options={"status": "HALT"})
