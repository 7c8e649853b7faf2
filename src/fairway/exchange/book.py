"""One side of a symbol's book: orders of accounts by price and time, and background liquidity beside them.

Prices are kept as keys, price times the side's sign, so that on both sides the greater key is the better price.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from fairway.exchange.market_data import BookLevel
from fairway.exchange.orders import Order

NONE: Final = -(1 << 100)
"""Key of an empty side: worse than any price."""

ANY: Final = NONE + 1
"""Key of an order that takes any price: worse than any price there is, better than none."""


def _ascending(level: BookLevel) -> int:
    return level[0]


def _descending(level: BookLevel) -> int:
    return -level[0]


class BookSide:
    """Bids (sign 1) or asks (sign -1).

    Background liquidity (here: the background) is not single orders but levels that one update replaces at once. It is eaten
    from the best level inward, so what is left of it is a position in the levels as given and the quantity left there: nothing
    is copied.

    At equal price the background is ahead of an account's order, all of it and also what it adds later, unless the order was
    there before the background came to that price. An order that the background's queue was traded away in front of, or that the
    background left alone at its price, was there first from then on.
    """

    __slots__ = (
        "background",
        "background_at",
        "background_key",
        "background_left",
        "behind",
        "best",
        "keys",
        "levels",
        "rank",
        "sign",
    )

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.best = NONE
        """The best key of anyone."""
        self.keys: list[int] = []
        """Of account orders, ascending: the best is the last."""
        self.levels: dict[int, dict[int, Order]] = {}
        self.background: tuple[BookLevel, ...] = ()
        self.background_at = 0
        self.background_key = NONE
        self.background_left = 0
        self.behind: dict[int, None] = {}
        """Keys at which an order may be behind the background."""
        self.rank: Callable[[BookLevel], int] = _descending if sign > 0 else _ascending

    def add(self, order: Order) -> None:
        """The order rests, last at its price."""
        key = order.price * self.sign
        level = self.levels.get(key)
        if level is None:
            insort(self.keys, key)
            self.levels[key] = {order.order_id: order}
            if key > self.best:
                self.best = key
        else:
            level[order.order_id] = order
        if key <= self.background_key and self.background_at_key(key):
            order.is_behind = True
            self.behind[key] = None

    def remove(self, order: Order) -> None:
        """The order rests no more."""
        key = order.price * self.sign
        level = self.levels[key]
        del level[order.order_id]
        if not level:
            del self.levels[key]
            keys = self.keys
            if keys[-1] == key:
                keys.pop()
                self._note_best()
            else:
                del keys[bisect_left(keys, key)]
            self.behind.pop(key, None)

    def first(self) -> Order | None:
        """Whose turn it is at the best price; None is the background's. Not to be asked of an empty side."""
        level = self.levels.get(self.best)
        if level is None:
            return None
        order = level[next(iter(level))]
        return None if order.is_behind and self.best == self.background_key else order

    def background_at_key(self, key: int) -> int:
        """The quantity that the background shows at this key; 0 where it shows none."""
        if key >= self.background_key:
            return self.background_left if key == self.background_key and key != NONE else 0
        background = self.background
        price = key * self.sign
        at = bisect_left(background, -key, lo=self.background_at, key=self.rank)
        return background[at][1] if at < len(background) and background[at][0] == price else 0

    def show(self, levels: Sequence[BookLevel]) -> None:
        """The background shows these levels, best first, instead of what it showed."""
        self.background = (
            tuple(levels) if 0 not in [level[1] for level in levels] else tuple(level for level in levels if level[1])
        )
        self.background_at = -1
        self._next_level()
        if self.behind:
            for key in [key for key in self.behind if not self.background_at_key(key)]:
                self.let_ahead(key)

    def eat(self, quantity: int) -> None:
        """Takes from the background's best level, which has at least this quantity."""
        self.background_left -= quantity
        if not self.background_left:
            key = self.background_key
            self._next_level()
            if key in self.behind:
                self.let_ahead(key)

    def let_ahead(self, key: int) -> None:
        """Orders at this key have no background before them any more."""
        for order in self.levels[key].values():
            order.is_behind = False
        del self.behind[key]

    def _next_level(self) -> None:
        background = self.background
        at = self.background_at = self.background_at + 1
        if at < len(background):
            price, self.background_left = background[at]
            self.background_key = price * self.sign
        else:
            self.background_key, self.background_left = NONE, 0
        self._note_best()

    def _note_best(self) -> None:
        keys = self.keys
        self.best = keys[-1] if keys and keys[-1] > self.background_key else self.background_key

    def background_levels(self) -> Iterator[BookLevel]:
        """What is left of the background, best first."""
        if self.background_key == NONE:
            return
        yield BookLevel(self.background_key * self.sign, self.background_left)
        for at in range(self.background_at + 1, len(self.background)):
            yield self.background[at]

    def queue(self) -> Iterator[tuple[int, int, Order | None]]:
        """All that could be traded with, in the order in which it would: price, quantity, and whose (None: the background)."""
        background = self.background_levels()
        next_level = next(background, None)
        for key in reversed(self.keys):
            price = key * self.sign
            while next_level is not None and next_level[0] * self.sign > key:
                yield next_level[0], next_level[1], None
                next_level = next(background, None)
            for order in self.levels[key].values():
                if order.is_behind and next_level is not None and next_level[0] == price:
                    yield price, next_level[1], None
                    next_level = next(background, None)
                yield price, order.left, order
        while next_level is not None:
            yield next_level[0], next_level[1], None
            next_level = next(background, None)

    def depth(self, limit: int) -> Sequence[BookLevel]:
        """The best levels, accounts and background together."""
        if not self.keys and not self.background_at and self.background and self.background_left == self.background[0][1]:
            return self.background[:limit]
        shown: list[BookLevel] = []
        last, total = 0, 0
        for price, quantity, _ in self.queue():
            if price != last:
                if total:
                    shown.append(BookLevel(last, total))
                    if len(shown) == limit:
                        return shown
                last, total = price, 0
            total += quantity
        if total:
            shown.append(BookLevel(last, total))
        return shown
