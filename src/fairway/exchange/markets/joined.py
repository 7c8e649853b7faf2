"""Joins the markets of several pairs into one, oldest first."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import merge
from operator import attrgetter
from typing import Protocol, TypeVar

from fairway.exchange.market_data import MarketUpdate


class PairFile(Protocol):
    """A file that tells of one pair."""

    @property
    def symbol(self) -> str: ...


_File = TypeVar("_File", bound=PairFile)


def replay_of(files: Sequence[_File], market: Callable[[_File], Iterator[MarketUpdate]]) -> Iterator[MarketUpdate]:
    """What the background of all files does. Raises ValueError where two files are of one pair."""
    names = [file.symbol for file in files]
    if len(set(names)) != len(names):
        raise ValueError(f"each file needs a pair of its own, but these are {', '.join(names)}")
    return joined(map(market, files))


def joined(markets: Iterable[Iterator[MarketUpdate]]) -> Iterator[MarketUpdate]:
    """The updates of all markets; those of one instant in the order of the markets."""
    return merge(*markets, key=attrgetter("at"))
