"""`fairway run` and `fairway stop`: the shells of these operations. A run of one account ends with a report."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from fairway.cli.exits import ExitCode
from fairway.cli.interrupts import at_once
from fairway.cli.perform import outcome_of, perform_here
from fairway.cli.printing import say
from fairway.cli.shared_options import USUAL, ByAnyone, Config

if TYPE_CHECKING:
    from fairway.assembly import FinishedRun
    from fairway.reports.report import Report
    from fairway.settings import Settings


def trade(config: Config = USUAL, /) -> int:
    """Trade in real time, as a configuration says, until Ctrl-C. Protective orders stay at the venue."""
    from fairway.settings import load

    settings = load(config)
    # After the settings: a mistake in a file is shown at once, before all that a run needs is imported.
    from fairway.operations.trader.start import START, StartRequest

    if settings.people is None:
        from fairway.reports.page import preload

        preload()
    outcome = outcome_of(START, StartRequest(config=config))
    with at_once():  # the trader is safe: a second Ctrl-C does not wait for the report
        for line in outcome.lines:
            say(line)
        if outcome.finished is not None:
            _write_report(config, settings, outcome.finished, outcome.stopped_at)
    return ExitCode.OK


def stop(config: Config = USUAL, /, *, by: ByAnyone = "") -> int:
    """Ask a running trader to stop in an orderly way, and wait until it has. Stops and targets stay at the venue.

    Exit code 0 only where the trader has released its journal.
    """
    from fairway.operations.trader.stop import STOP, StopRequest

    return perform_here(STOP, StopRequest(config=config), by)


def _write_report(config: Path, settings: "Settings", ended: "FinishedRun", stopped_at: int | None) -> None:
    """The report of the whole journal; without the venue's last word there is nothing to tie it out against, so none."""
    if ended.balances is None:
        say("No report: the venue did not tell the balances in time. The journal is complete.")
        return
    from fairway.cli.report_files import NO_CHARTS, PAGE, SUMMARY, write_report
    from fairway.reports.headline import verdict

    report = _report_of(settings, ended, ended.balances)
    has_charts = write_report(report, settings.report, stopped_at=stopped_at)
    for name in (SUMMARY, PAGE):
        say(f"{settings.report / name}")
    if not has_charts:
        say(NO_CHARTS)
    if not report.tie.is_exact:
        say(f"{verdict(report).text}. Another party may have traded or moved money; what differs:  fairway reconcile {config}")


def _report_of(settings: "Settings", ended: "FinishedRun", balances: "Mapping[str, Decimal]") -> "Report":
    import fairway
    from fairway.assembly import history_of
    from fairway.journal.sql import open_reader
    from fairway.reports.report import report_of
    from fairway.reports.run import DemoResult

    with open_reader(settings.journal) as journal:
        last, events = journal.last(), list(history_of(journal))
    assert last is not None, "a run writes at least its start"
    account_state = ended.account_state
    # A run that is stopped before the first quote still has the candles it warmed up with.
    closes = {symbol: candles[-1].close for symbol, candles in account_state.market.candles.items() if candles}
    return report_of(
        DemoResult(
            events=events,
            instruments=account_state.config.instruments,
            candles={symbol: list(candles) for symbol, candles in account_state.market.candles.items()},
            exchange_balances=balances,
            prices={**closes, **account_state.marks()},
            quote=account_state.config.quote,
            started_at=events[0][1],
            ended_at=ended.ended_at,
            journal_digest=last.digest,
            journal_count=last.seq,
            journal_path=settings.journal if isinstance(settings.journal, Path) else None,
            release=fairway.__version__,
        )
    )
