"""Computes how strongly observations prove a share of good ones where bad ones may come together, as in an outage.

Bad observations come in bursts of an unknown mean length. So a claim is compared with the best explanation by which it
is wrong: a share exactly at the bound, with bursts of whatever mean length fits best what was seen, from single ones to
LONGEST blocks. Before the first bad observation the length is unknown, so the longest one is assumed; two that came
alone say that they come alone. The bounds at each look are measured, not derived: `fairway launch error-rates` shows by how much.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from math import ceil, inf, log, log1p
from typing import Final

import numpy as np

from fairway.launch.gates.statistics.betting import FLAWLESS_MAX, Numbers

LONGEST: Final = 10.5
"""The longest mean length of bursts, in blocks, that a claim must stand against where nothing is known of them."""
FIRST: Final = 10.0
"""So many bad observations are expected at the bound when it is looked at first: 200 orders where 95 % are asked for."""
APART: Final = 2**0.5
"""By how much more observations there are at each further look."""
AT_FIRST: Final = 2.05
LATER: Final = 3.4
RISING: Final = 0.1
"""What the logarithm of the likelihood ratio must reach: at the first look, from the second on, and more with each further."""
NEAR: Final = 0.5
"""From the second look on bad ones so near, in parts of what lies between two at the bound, count as one burst, too."""
FEW: Final = 6
"""How many more bad ones are tried to find how soon it could be proven."""


@dataclass(frozen=True, slots=True)
class BurstCounts:
    """What was seen until a look. bursts: runs of blocks with bad ones; near: the same where a small gap does not end a run.

    block: how many observations a block has on average. alike: how many say as much as one, by how they follow each other.
    """

    n: int
    bad: int
    bursts: int
    near: int
    block: float = 1.0
    alike: float = 1.0

    @property
    def mean_burst(self) -> float:
        """How many bad ones come together, of those that were seen; 1 where there is none."""
        return self.bad / self.bursts if self.bursts else 1.0


def look_before(n: int, share: float) -> int | None:
    """The number of the newest look, from 0, at or before so many observations; None before the first."""
    numbers = list(_until(n, share))
    return numbers[-1] if numbers else None


def size_of(look: int, share: float) -> int:
    """How many observations a look takes."""
    return ceil(FIRST * APART**look / (1 - share) - 1e-6)


def _until(n: int, share: float) -> Iterator[int]:
    for look in count():
        if size_of(look, share) > n:
            return
        yield look


def enough(look: int, sequences: int = 1) -> float:
    """What the evidence at a look must be. sequences: how many attempts there were; each further one has less of the error."""
    return (AT_FIRST if look == 0 else LATER + RISING * look) + 2 * log(sequences)


def evidence(seen: BurstCounts, share: float, look: int) -> float:
    """The logarithm of how much likelier what was seen is by its best explanation than by the best one at the bound."""
    close = _ratio(seen, seen.bursts, share)
    return close if look == 0 else min(close, _ratio(seen, seen.near, share))


def _ratio(seen: BurstCounts, bursts: int, share: float) -> float:
    if seen.bad >= (1 - share) * seen.n:
        return -inf
    n, bad, runs = seen.n / seen.alike, seen.bad / seen.alike, bursts / seen.alike
    longest = max(LONGEST * seen.block, 2 * seen.mean_burst)
    return _best(n, bad, runs) - _at_bound(n, bad, runs, share, longest)


def _best(n: float, bad: float, runs: float) -> float:
    """The logarithm of the likelihood by what fits best."""
    if not runs:
        return 0.0
    good, length = n - bad, bad / runs
    begins = min(runs / good, 0.999) if good > 0 else 0.999
    sizes = (bad - runs) * log1p(-1 / length) if length > 1 else 0.0
    return runs * log(begins) + (good - runs) * log1p(-begins) - runs * log(length) + sizes


def _at_bound(n: float, bad: float, runs: float, share: float, longest: float) -> float:
    """The same by what fits best among bursts of all lengths, where the share is exactly at the bound."""
    begins, stays_good, ends, goes_on = _lengths(share, longest)
    return float((runs * begins + (n - bad - runs) * stays_good - runs * ends + (bad - runs) * goes_on).max())


@lru_cache(maxsize=1024)
def _lengths(share: float, longest: float) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """For bursts of forty lengths: the logarithms of the chances to begin, to stay good, of one over the length, to go on."""
    lengths = np.geomspace(1 / share, max(longest, 1.001 / share), 40)
    begins = (1 - share) / share / lengths
    return np.log(begins), np.log1p(-begins), np.log(lengths), np.log1p(-1 / lengths)


@lru_cache(maxsize=4096)
def needed(share: float, seen: BurstCounts = BurstCounts(0, 0, 0, 0), sequences: int = 1) -> int | None:
    """How many more observations it takes at best to prove more than a share; None above FLAWLESS_MAX."""
    for look in count():
        n = size_of(look, share)
        if n > FLAWLESS_MAX:
            return None
        if n > seen.n and any(_proves(_later(seen, n, more), share, look, sequences) for more in range(FEW)):
            return n - seen.n
    return None


def _later(seen: BurstCounts, n: int, more: int) -> BurstCounts:
    """With so many bad ones more, each alone."""
    return replace(seen, n=n, bad=seen.bad + more, bursts=seen.bursts + more, near=seen.near + more)


def _proves(seen: BurstCounts, share: float, look: int, sequences: int) -> bool:
    return evidence(seen, share, look) >= enough(look, sequences)


@lru_cache(maxsize=1024)
def needed_without_failure(share: float, block: float = 1.0) -> int | None:
    """How many observations prove more than a share where none is bad; None above FLAWLESS_MAX."""
    for look in count():
        n = size_of(look, share)
        if n > FLAWLESS_MAX:
            return None
        if _proves(BurstCounts(n, 0, 0, 0, block), share, look, 1):
            return n
    return None
