"""Pairing: what a signal cost a launch's accounts, against what the same signal cost its shadow.

All accounts that follow one signal trade in the same seconds on the same book: what moves one moves all of them. So a signal is
one observation, the mean over its accounts, each of which counts the same; a pair for each account would let one bad minute of
fifty accounts pass for fifty proofs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from fairway.launch.observation.comparison.legs import FILLED_WITHIN_NS, SignalExecution, SignalExecutions
from fairway.money.amount import CONTEXT
from fairway.orders.order import Side
from fairway.watch.observer import Measurement
from fairway.world.clock import MINUTE

OF: Final = "live_vs_shadow_bps"
NEAR_NS: Final = MINUTE
"""Who decided on the same candle so much later did not follow the same signal."""
SETTLED_NS: Final = 2 * NEAR_NS + FILLED_WITHIN_NS
"""So long after its first account has decided, all is known of a signal on both sides: who follows it last, and its fills."""
TEN_THOUSAND: Final = 10_000


Key = tuple[str, Side, int, str]
"""Symbol, side, close of the candle (ns) and release: what two traders must have in common to have followed one signal."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What one trader made of a signal. at: when its first account decided (ns). price: its accounts' mean, None for no fill."""

    key: Key
    at: int
    price: Decimal | None


class Pairing:
    """Each signal once, when all is known of it on both sides; what it is then depends on the journals, not on when one looks."""

    def __init__(self, live: SignalExecutions, shadow: SignalExecutions) -> None:
        self._live, self._shadow = live, shadow
        self._mine: list[SignalExecution] = []
        self._theirs: list[SignalExecution] = []
        self._shadows: dict[Key, list[Signal]] = {}
        self.pairs = self.unpaired_live = self.unpaired_shadow = 0

    @property
    def settled_to(self) -> int:
        """Until when (ns) all signals are known on both sides."""
        return max(0, min(self._live.seen_to, self._shadow.seen_to) - SETTLED_NS)

    def counts(self) -> dict[str, int]:
        """By the names under which people see them."""
        return {"pairs": self.pairs, "unpaired": self.unpaired_live, "unpaired of the shadow": self.unpaired_shadow}

    def settle(self) -> list[Measurement]:
        """The pairs that are known since the last time, oldest first. Positive: the launch's accounts had the worse price."""
        horizon = self.settled_to
        self._mine += self._live.until(horizon + NEAR_NS)
        self._theirs += self._shadow.until(horizon + 2 * NEAR_NS)
        for signal in _signals(self._theirs, horizon + NEAR_NS):
            self._shadows.setdefault(signal.key, []).append(signal)
        found = [pair for signal in _signals(self._mine, horizon) if (pair := self._paired(signal)) is not None]
        self._leave(horizon)
        return found

    def _paired(self, signal: Signal) -> Measurement | None:
        symbol, side, _, release = signal.key
        if signal.price is None:
            return None
        same = self._shadows.get(signal.key, []) if release else []
        other = min(same, key=lambda each: abs(each.at - signal.at), default=None)
        if other is None or other.price is None or abs(other.at - signal.at) > NEAR_NS:
            self.unpaired_live += 1
            return None
        same.remove(other)
        self.pairs += 1
        return Measurement(OF, signal.at, float(worse_bps(side, signal.price, other.price)), symbol)

    def _leave(self, horizon: int) -> None:
        """Those of the shadow that no signal can be paired with any more."""
        for key, signals in list(self._shadows.items()):
            self._shadows[key] = [each for each in signals if each.at + NEAR_NS > horizon]
            self.unpaired_shadow += sum(each.price is not None and each.at + NEAR_NS <= horizon for each in signals)
            if not self._shadows[key]:
                del self._shadows[key]


def worse_bps(side: Side, price: Decimal, other: Decimal) -> Decimal:
    """By how much a price is worse than another for who buys, or sells."""
    with localcontext(CONTEXT):
        worse = price - other if side is Side.BUY else other - price
        return worse * TEN_THOUSAND / other


def _signals(legs: list[SignalExecution], until: int) -> list[Signal]:
    """Takes the legs of those signals whose first was decided until an instant (ns), and gives these, oldest first."""
    groups: list[list[SignalExecution]] = []
    newest: dict[Key, list[SignalExecution]] = {}
    for leg in sorted(legs, key=lambda each: each.at):
        group = newest.get(_key(leg))
        if group is None or leg.at - group[0].at > NEAR_NS:
            group = newest[_key(leg)] = []
            groups.append(group)
        group.append(leg)
    legs[:] = [leg for group in groups if group[0].at > until for leg in group]
    return [Signal(_key(group[0]), group[0].at, _mean(group)) for group in groups if group[0].at <= until]


def _key(leg: SignalExecution) -> Key:
    return leg.symbol, leg.side, leg.candle, leg.release


def _mean(legs: Sequence[SignalExecution]) -> Decimal | None:
    with localcontext(CONTEXT):
        prices = [each.quote / each.quantity for each in legs if each.quantity]
        return sum(prices[1:], prices[0]) / len(prices) if prices else None
