"""How soon the timeline of an incident is there: a million events within its span, beside a bare read of the same records."""

import tempfile
from pathlib import Path

from bench.recovery import EVENTS, live
from bench.watch import timed
from fairway.assembly import CODEC
from fairway.incidents.timeline import IncidentTimeline, MoneyImpact, number_before, timeline_of
from fairway.incidents.trader_lines import trader_source
from fairway.journal.sql import SqlJournal, open_journal
from fairway.money.amount import use_exact_decimals


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    use_exact_decimals()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bench.db"
        journal = open_journal(path, CODEC, mode="practice", trader="bench", synchronous="OFF")
        live(journal)
        last = journal.last()
        assert last is not None
        bare = timed(lambda: sum(1 for _ in journal.replay()))
        found: list[IncidentTimeline] = []
        took = timed(lambda: found.append(_timeline(journal, last.at)))
        seek = timed(lambda: number_before(journal, last.at))
        journal.close()
    (timeline,) = found
    fills, fees = timeline.money.fills, ", ".join(timeline.money.fees)
    beside = f"at most 2 s; read only: {bare:.2f} s, {EVENTS / bare:,.0f} events/s"
    return [
        (f"{EVENTS:,} events in a timeline, {fills:,} fills with fees in {fees}, CPU", f"{took:.2f} s", beside),
        ("the same, a second", f"{EVENTS / took:,.0f} events/s", f"{took / bare:.1f} times a bare read"),
        ("the beginning of a span found in them, CPU", f"{seek * 1000:.0f} ms", "at most 100 ms"),
    ]


def _timeline(journal: SqlJournal, until: int) -> IncidentTimeline:
    money = MoneyImpact()
    return timeline_of([(trader_source(money), journal.replay())], money, 0, until)
