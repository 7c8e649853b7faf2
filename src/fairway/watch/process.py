"""What the trader measured of itself, as observations; and whether each minute was one in which it was up."""

from typing import Final

from fairway.journal.kinds import ProcessMeasured
from fairway.watch.account import MeasuredAccount, Note
from fairway.world.clock import MINUTE, SECOND

DATA_AGE_MAX_NS: Final = MINUTE
"""Market data that is older counts as none."""
LATE_NS: Final = MINUTE // 2
"""A minute's word may come so much late."""
MISSED_MAX: Final = 100 * 24 * 60
"""Minutes of a silence that are counted, its first ones: a hundred days are longer than any window."""
MICROSECONDS: Final = 1_000_000


def of_measures(account: MeasuredAccount, event: ProcessMeasured, at: int, note: Note) -> None:
    """One minute. account: the trader's own, of no account's name."""
    _uptime(account, event, at, note)
    for indicator, good, bad in (
        ("venue_api", event.calls - event.calls_failed, event.calls_failed),
        ("db_ok", sum(event.commits.values()), event.commits_failed),
        ("reconciled", event.reconciled, event.differing),
        ("tied_out", event.tied, event.untied),
    ):
        _ratio(indicator, good, bad, at, note)
    note("protected", at, float(not event.unprotected))
    for bound_us, count in event.commits.items():
        note("db_latency", at, bound_us / MICROSECONDS, "", count)
    note("loop_lag", at, event.loop_lag_ns / SECOND)
    if event.data_age_ns is not None:
        note("data_age", at, event.data_age_ns / SECOND)
    if event.resident_bytes is not None:
        note("rss", at, float(event.resident_bytes))


def is_up(event: ProcessMeasured) -> bool:
    """Whether orders could have been placed in it, as far as the trader knows."""
    is_fresh = event.data_age_ns is not None and event.data_age_ns <= DATA_AGE_MAX_NS
    venue_is_gone = bool(event.calls) and event.calls_failed == event.calls
    return is_fresh and not event.commits_failed and not venue_is_gone


def _uptime(account: MeasuredAccount, event: ProcessMeasured, at: int, note: Note) -> None:
    """Each minute before it without a measurement is bad: a trader that is not running measures nothing."""
    since = account.measured_at
    account.measured_at = at
    if since and at > since:
        missed = min((at - since - LATE_NS) // MINUTE, MISSED_MAX)
        for minute in range(1, missed + 1):
            note("uptime", since + minute * MINUTE, 0)
    note("uptime", at, float(is_up(event)))


def _ratio(indicator: str, good: int, bad: int, at: int, note: Note) -> None:
    for value, count in ((1.0, good), (0.0, bad)):
        if count:
            note(indicator, at, value, "", count)
