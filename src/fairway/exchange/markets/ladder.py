"""Lays the background's depth around a price: ten levels a side, thin at the touch and thicker behind it.

Simplification: sizes are one of a few fixed shapes, scaled, because drawing twenty random sizes for each update would cost more
than everything else the exchange does with it.
"""

from typing import Final

from fairway.exchange.market_data import BookLevel
from fairway.world.chance import Stream

LEVELS: Final = 10
"""Levels shown on each side."""
_SHAPES: Final = 16
_FULL: Final = 1024


class Ladder:
    """The depth of one pair. tick and lot in counts of 10⁻⁸; the stream of chance is the pair's own."""

    __slots__ = ("_chance", "_lot", "_shapes", "_tick")

    def __init__(self, chance: Stream, tick: int, lot: int) -> None:
        self._chance, self._tick, self._lot = chance, tick, lot
        self._shapes = tuple(_shape(chance) for _ in range(_SHAPES))

    def sides(self, bid: int, ask: int, gap: int, size: int) -> tuple[list[BookLevel], list[BookLevel]]:
        """Bids from bid down and asks from ask up, gap ticks apart, of about size lots in the middle of each side.

        Bids end above zero, so there are fewer than ten where the price is a few gaps high.
        """
        step = gap * self._tick
        dice = self._chance.getrandbits(8)
        bids = self._side(bid, -step, size, self._shapes[dice & 15])
        if bid <= LEVELS * step:
            bids = [level for level in bids if level.price > 0]
        return bids, self._side(ask, step, size, self._shapes[dice >> 4])

    def _side(self, price: int, step: int, size: int, shape: tuple[int, ...]) -> list[BookLevel]:
        lot = self._lot
        return [BookLevel(price + step * place, (1 + size * part // _FULL) * lot) for place, part in enumerate(shape)]


def _shape(chance: Stream) -> tuple[int, ...]:
    """Parts of _FULL for each level: rising from a quarter to one and a half, each off by up to half of itself."""
    rising = (_FULL * (2 + place) // 8 for place in range(LEVELS))
    return tuple(part // 2 + chance.randrange(part) for part in rising)
