"""Precautions that the trader takes by itself: caps for as long as it cannot do its work well."""

from collections.abc import Iterator

from fairway.journal.kinds import CapLifted, CapRaised, Event
from fairway.risk.caps import Cap, Lifting, Source
from fairway.risk.limits import Limits, TradingState
from fairway.trading.commands import JournalFailed, JournalRecovered
from fairway.trading.desk import Desk

JOURNAL_CAP = "journal"


def of_journal(desk: Desk, news: JournalFailed | JournalRecovered, now: int) -> Iterator[Event]:
    """Nothing is opened that could not be remembered."""
    if isinstance(news, JournalRecovered):
        if JOURNAL_CAP in desk.caps:
            yield CapLifted(cap_id=JOURNAL_CAP, by="trader", why="the journal is written again")
    elif JOURNAL_CAP not in desk.caps:
        yield CapRaised(
            cap=Cap(
                id=JOURNAL_CAP,
                source=Source.BLINDNESS,
                limits=Limits(state=TradingState.REDUCE_ONLY),
                reason=news.why,
                since=now,
                lifting=Lifting.ITSELF,
            )
        )
