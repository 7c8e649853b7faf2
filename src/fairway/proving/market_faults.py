"""Faults of the market: its price leaps, or a symbol is halted and trades on at another price."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Final

from fairway.exchange.faults.fuzz_rule import FuzzRule, SymbolDraw
from fairway.proving.injected_fault import InjectedFault
from fairway.proving.scenario_script import ExchangeFault, Path, price_at

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


@dataclass(frozen=True, slots=True)
class MarketFault:
    """What happens to the price of each symbol that the fault concerns."""

    move: Callable[[InjectedFault, Path], Path]
    fuzz: FuzzRule


MARKET_FAULTS: Final[Mapping[str, MarketFault]] = {
    "gap": MarketFault(
        _gap,
        FuzzRule(
            options={"percent": [-40, -20, -12, -8, -5, 5, 8, 12, 20, 40], "stays": [True, False]},
            weight=4,
            symbols=SymbolDraw.ONE_OR_ALL,
        ),
    ),
    "halt": MarketFault(_halt, FuzzRule(options={"percent": [-40, -12, -5, 0, 5, 12, 40]}, symbols=SymbolDraw.ONE)),
}


def swung(prices: Mapping[str, Path], faults: Sequence[InjectedFault]) -> dict[str, Path]:
    """All prices, with what these faults make of them, one after the other."""
    moved = dict(prices)
    for fault in faults:
        for symbol in (fault.symbol,) if fault.symbol else tuple(prices):
            if fault.kind in MARKET_FAULTS and symbol in moved:
                moved[symbol] = MARKET_FAULTS[fault.kind].move(fault, moved[symbol])
    return moved


def halting(fault: InjectedFault) -> ExchangeFault:
    """What the exchange says of a symbol while it is halted."""
    return ExchangeFault("delisting", fault.since, fault.until, fault.symbol, options={"status": "HALT"})
