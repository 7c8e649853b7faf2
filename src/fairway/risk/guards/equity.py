"""The account's worth over time, without deposits and withdrawals: now, a day ago and at its highest.

Only marks in the journal are kept, one in fifteen minutes, so a window of 24 hours is up to fifteen minutes longer. A mark counts
once the next one agrees: the lower of two neighbours is taken, for one absurd price must not become the highest worth ever.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.money.amount import ZERO, Amount
from fairway.risk.guards.port import AccountMarked, GuardInput, Moved
from fairway.world.clock import DAY, MINUTE

SAMPLE_NS = 15 * MINUTE


class Equity:
    """All in quote. Figures are less what was paid in since the start, so that money moved is neither gain nor loss."""

    remembers: ClassVar[Mapping[str, Any]] = {
        "paid_in": Decimal,
        "last": Decimal | None,
        "_newest": Decimal | None,
        "_prices": dict[str, Decimal],
        "_samples": list[tuple[int, Decimal]],
    }

    def __init__(self, quote: str) -> None:
        self.quote = quote
        self.paid_in = ZERO
        self.last: Decimal | None = None
        """The newest mark that is believed."""
        self._newest: Decimal | None = None
        self._prices: Mapping[str, Decimal] = {}
        self._samples: deque[tuple[int, Decimal]] = deque()

    def observe(self, seen: GuardInput) -> None:
        if isinstance(seen, AccountMarked):
            self._prices = seen.prices
            worth = seen.worth.value - self.paid_in
            self.last = worth if self._newest is None else min(self._newest, worth)
            self._newest = worth
            if not self._samples or seen.at - self._samples[-1][0] >= SAMPLE_NS:
                self._keep(seen.at)
        elif isinstance(seen, Moved):
            self.paid_in += self._in_quote(seen.amount)

    def _in_quote(self, amount: Amount) -> Decimal:
        """An amount without a price counts as zero; the account has no known worth then, so it opens nothing."""
        return amount.value * (
            Decimal(1) if amount.asset == self.quote else self._prices.get(f"{amount.asset}/{self.quote}", ZERO)
        )

    def _keep(self, at: int) -> None:
        assert self.last is not None
        self._samples.append((at, self.last))
        while len(self._samples) > 1 and self._samples[1][0] <= at - DAY:
            self._samples.popleft()

    def keep_now(self, at: int) -> None:
        """Begins a window at this instant (ns)."""
        if self.last is not None:
            self._keep(at)

    def is_above(self, peak: Decimal, worth: Amount, step: Decimal) -> bool:
        """Whether a worth is higher than a peak by more than a share of it."""
        return worth.value - self.paid_in > peak * (1 + step)

    def lost_since(self, begin: int, worth: Amount, capital: Amount | None) -> Decimal | None:
        """The share lost since an instant (ns), or since the first mark where that is later; below zero for a gain.

        None before any mark: what is new has lost nothing.
        """
        then = self._at(begin)
        return None if then is None else self.share_lost(then, worth, capital)

    def share_lost(self, then: Decimal, worth: Amount, capital: Amount | None) -> Decimal:
        """Of the worth of then, and of no more than the capital that may be used: who may use 100 has lost half of it with 50."""
        before = then + self.paid_in
        whole = before if capital is None else min(before, capital.value)
        return (before - worth.value) / whole if whole > 0 else ZERO

    def _at(self, instant: int) -> Decimal | None:
        if not self._samples:
            return None
        later = bisect_right(self._samples, instant, key=_instant)
        return self._samples[max(later - 1, 0)][1]


def _instant(sample: tuple[int, Decimal]) -> int:
    return sample[0]
