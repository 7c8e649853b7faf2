"""The boundary: bots of known quality before the gate that asks for 95 %, looked at after every order, beside a raw ratio's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fairway.launch.gates.betting import ENOUGH, Bets, against_at_least, against_at_most
from fairway.world.chance import Chance, Stream

AT_LEAST: Final = 0.95
SHARES: Final = (0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995)
"""How often an order of a bot comes to its end, in truth."""
RAW_FROM: Final = 30
"""From so many orders on the raw ratio is believed: good / all ≥ 95 %."""
SEED: Final = 1

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Row:
    """Of all runs with bots of one quality: how many the gate let through, and stopped, and after how many orders in the median.

    raw: how many a raw ratio would have let through. None for a median of nothing.
    """

    share: float
    runs: int
    promoted: int
    promoted_after: float | None
    stopped: int
    stopped_after: float | None
    raw: int


def boundary(runs: int, orders: int, shares: Sequence[float] = SHARES) -> list[Row]:
    return [_row(share, runs, orders) for share in shares]


def _row(share: float, runs: int, orders: int) -> Row:
    chance = Chance(SEED).stream(f"boundary {share}")
    lives = list(_lives(chance, share, runs, orders))
    promoted = [after for after, _, _ in lives if after is not None]
    stopped = [after for _, after, _ in lives if after is not None]
    raw = sum(is_let for _, _, is_let in lives)
    return Row(share, runs, len(promoted), _median(promoted), len(stopped), _median(stopped), raw)


def _lives(chance: Stream, share: float, runs: int, orders: int) -> Iterator[tuple[int | None, int | None, bool]]:
    """Of each run: after how many orders it passed and failed, None for never, and whether a raw ratio let it through."""
    n = np.arange(1, orders + 1)
    passes, fails = against_at_most(AT_LEAST), against_at_least(AT_LEAST)
    for _ in range(runs):
        good = np.cumsum([chance.random() < share for _ in range(orders)])
        raw = bool((good[RAW_FROM - 1 :] >= AT_LEAST * n[RAW_FROM - 1 :]).any())
        yield _first(passes, good, n - good), _first(fails, good, n - good), raw


def _first(bets: Bets, good: Counts, bad: Counts) -> int | None:
    """After how many orders the wealth is enough for the first time."""
    enough = bets.path(good, bad) >= ENOUGH
    return int(enough.argmax()) + 1 if enough.any() else None


def _median(counts: Sequence[int]) -> float | None:
    return median(counts) if counts else None
