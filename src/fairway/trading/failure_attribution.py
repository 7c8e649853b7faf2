"""Tells whose mistake it is that the handling of an account broke: the strategy's, another trader's, or Fairway's."""

from fairway.journal.kinds import AccountFailed
from fairway.strategies.api import StrategyFailed
from fairway.trading.other_writers import Fenced
from fairway.world.tasks import place_of


def failure(error: BaseException, recent: int) -> AccountFailed:
    """What is journaled. recent: failures in ten minutes."""
    if isinstance(error, StrategyFailed):
        return AccountFailed(why=error.what, where=error.where, recent=recent, strategy=error.name)
    why = str(error) if isinstance(error, Fenced) else f"{type(error).__name__}: {error}"
    return AccountFailed(why=why, where=place_of(error), recent=recent, is_fenced=isinstance(error, Fenced))
