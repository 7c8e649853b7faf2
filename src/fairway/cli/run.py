"""`fairway run`: trades in real time, as a configuration says, and tells in plain words what happens."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from fairway.cli.exits import Exit

if TYPE_CHECKING:
    from fairway.assembly import Ended, Onlooker
    from fairway.journal.kinds import Event
    from fairway.market.instrument import Instrument
    from fairway.reports.report import Report
    from fairway.settings import Settings


def run(config: Path, /) -> int:
    """Trade in real time, as a configuration says, until Ctrl-C. Protective orders stay at the venue.

    Parameters
    ----------
    config: Path
        The configuration; `fairway init` writes one.
    """
    from fairway.settings import load

    settings = load(config)
    from fairway import assembly  # after the settings: it brings ccxt, and a mistake in a file is told at once

    ended = assembly.run(settings, _teller())
    from fairway.cli.farewell import farewell

    print(farewell(ended.desk), flush=True)
    _write_report(settings, ended)
    return Exit.OK


def _teller() -> "Onlooker":
    """Prints what is worth telling, a line each, with the instant it happened."""
    from fairway.assembly import Onlooker
    from fairway.reports.chronicle import Chronicle
    from fairway.world.clock import text_of

    class Teller(Onlooker):
        chronicle: Chronicle

        def meet(self, instruments: "Mapping[str, Instrument]", history: "Iterable[tuple[Event, int]]") -> None:
            self.chronicle = Chronicle(instruments)
            for event, at in history:
                self.chronicle.take(event, at)

        def hear(self, events: "Sequence[Event]", at: int) -> None:
            for line in self.chronicle.lines(events, at):
                print(f"{text_of(at)}  {line}", flush=True)

    return Teller()


def _write_report(settings: "Settings", ended: "Ended") -> None:
    """The report of the whole journal; without the venue's last word there is nothing to tie it out against, so none."""
    if ended.balances is None:
        print("No report: the venue did not tell the balances in time. The journal is complete.")
        return
    from fairway.reports.page import page_bytes
    from fairway.reports.summary import summary_bytes

    report = _report_of(settings, ended, ended.balances)
    settings.report.mkdir(parents=True, exist_ok=True)
    for name, content in (("summary.json", summary_bytes(report)), ("report.html", page_bytes(report))):
        (settings.report / name).write_bytes(content)
        print(f"{settings.report / name}")
    if not report.tie.is_exact:
        print("The report does not tie out with the venue: somebody else may have traded or moved money; trust the venue.")


def _report_of(settings: "Settings", ended: "Ended", balances: "Mapping[str, Decimal]") -> "Report":
    import fairway
    from fairway.assembly import history_of
    from fairway.journal.sql import open_to_read
    from fairway.reports.report import report_of
    from fairway.reports.run import DemoResult

    with open_to_read(settings.journal) as journal:
        last, events = journal.last(), list(history_of(journal))
    assert last is not None, "a run writes at least its start"
    desk = ended.desk
    # A run that is stopped before the first quote still has the candles it warmed up with.
    closes = {symbol: candles[-1].close for symbol, candles in desk.seen.candles.items() if candles}
    return report_of(
        DemoResult(
            events=events,
            instruments=desk.terms.instruments,
            candles={symbol: list(candles) for symbol, candles in desk.seen.candles.items()},
            exchange_balances=balances,
            prices={**closes, **desk.marks()},
            quote=desk.terms.quote,
            started_at=events[0][1],
            ended_at=ended.ended_at,
            seed=0,
            journal_digest=last.digest,
            journal_count=last.seq,
            journal_path=settings.journal,
            command="fairway run",
            release=fairway.__version__,
        )
    )
