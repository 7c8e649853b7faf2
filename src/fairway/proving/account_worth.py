"""What the account was worth over the play: the exchange's own balances at the prices of its last trades, in units of quote."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from fairway.exchange.events import BalanceMoved, BalancesChanged
from fairway.exchange.units import ONE
from fairway.proving.exchange_log import ExchangeLog, RunFacts
from fairway.world.clock import SECOND

DRAWN_NS: Final = 150 * SECOND
"""A highest worth counts that lasted so long: the trader marks its account once a minute, and believes two marks that agree."""


class ValuedAt(NamedTuple):
    """From an instant on: worth in units of quote, less what was paid in since the beginning."""

    at: int
    worth: int


class Loss(NamedTuple):
    """From an instant to another the account had lost more than a limit. most: the largest loss then, in units of quote."""

    since: int
    until: int
    most: int


class LastPrice(NamedTuple):
    """The price of a symbol's last trade."""

    symbol: str
    price: int


Event = LastPrice | BalancesChanged | BalanceMoved


class Worth:
    """Deposits and withdrawals are neither gain nor loss, at the prices of their instants."""

    def __init__(self, log: ExchangeLog, facts: RunFacts) -> None:
        self._bases = {pair.base: name for name, pair in facts.pairs.items()}
        self._quote = next(iter(facts.pairs.values())).quote
        self._ended_at = facts.ended_at
        self.points = list(self._valued(log))
        self._times = [point.at for point in self.points]

    def _valued(self, log: ExchangeLog) -> Iterator[ValuedAt]:
        totals, prices, paid_in = dict(log.opening), dict[str, int](), 0
        for at, event in _in_order(log):
            match event:
                case LastPrice(name, price):
                    prices[name] = price
                case BalancesChanged():
                    totals.update((it.asset, it.free + it.locked) for it in event.balances)
                case BalanceMoved():
                    paid_in += self._in_quote(event.asset, event.delta, prices)
            if prices.keys() >= set(self._bases.values()):
                yield ValuedAt(at, sum(self._in_quote(asset, total, prices) for asset, total in totals.items()) - paid_in)

    def _in_quote(self, asset: str, units: int, prices: dict[str, int]) -> int:
        if asset == self._quote:
            return units
        return units * prices.get(self._bases.get(asset, ""), 0) // ONE

    def at(self, instant: int) -> int:
        """The worth at an instant (ns); the first one known, where that is later."""
        return self.points[max(bisect_right(self._times, instant) - 1, 0)].worth

    def within(self, since: int, until: int) -> Sequence[int]:
        """Every worth from an instant to another, that at the beginning included."""
        first, last = bisect_right(self._times, since), bisect_right(self._times, until)
        return [self.at(since), *(point.worth for point in self.points[first:last])]

    def losses(self, since: int, most: int) -> Iterator[Loss]:
        """Each time from an instant on in which more than that was lost since then."""
        base = self.at(since)
        yield from self._beyond((point.at, base - point.worth - most, base - point.worth) for point in self._from(since))

    def draws(self, since: int, share: Decimal) -> Iterator[Loss]:
        """Each time from an instant on in which the account was farther below its highest worth than a share of it."""
        peak, found, waiting = self.at(since), list[tuple[int, int, int]](), list[ValuedAt]()
        for point in self._from(since):
            waiting.append(point)
            while waiting and waiting[0].at < point.at - DRAWN_NS:
                waiting.pop(0)
                peak = max(peak, min(it.worth for it in waiting))
            found.append((point.at, peak - point.worth - int(share * peak), peak - point.worth))
        yield from self._beyond(iter(found))

    def _from(self, since: int) -> Sequence[ValuedAt]:
        return self.points[bisect_right(self._times, since) :]

    def _beyond(self, points: Iterator[tuple[int, int, int]]) -> Iterator[Loss]:
        """points: (instant, by how much it is beyond its limit, loss)."""
        began, worst = 0, 0
        for at, beyond, lost in points:
            if beyond > 0:
                began, worst = began or at, max(worst, lost)
            elif began:
                yield Loss(began, at, worst)
                began, worst = 0, 0
        if began:
            yield Loss(began, self._ended_at, worst)


def _in_order(log: ExchangeLog) -> Sequence[tuple[int, Event]]:
    """Prices before balances, where both changed in one instant (ns)."""
    prints: list[tuple[int, Event]] = [(it.at, LastPrice(name, it.last)) for name, points in log.market.items() for it in points]
    changes: list[tuple[int, Event]] = [*((it.at, it) for it in log.balances), *((it.at, it) for it in log.moves)]
    return sorted([*prints, *changes], key=lambda each: each[0])
