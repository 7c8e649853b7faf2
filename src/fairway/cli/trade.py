"""`fairway run`: trades in real time, as a configuration says, and tells in plain words what happens."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from fairway.cli.exits import ExitCode, Failure, known
from fairway.cli.interrupts import at_once
from fairway.cli.overrides import say_overrides
from fairway.cli.printing import say
from fairway.cli.shared_options import USUAL, Config

if TYPE_CHECKING:
    from fairway.assembly import FinishedRun
    from fairway.reports.report import Report
    from fairway.settings import Settings


def trade(config: Config = USUAL, /) -> int:
    """Trade in real time, as a configuration says, until Ctrl-C. Protective orders stay at the venue."""
    from fairway.settings import load

    settings = load(config)
    # After the settings: a mistake in a file is told at once, before all that a run needs has been brought.
    from fairway import assembly
    from fairway.cli.live_log import Teller
    from fairway.cli.shutdown_notice import shutdown_notice
    from fairway.reports.page import preload
    from fairway.world.clock import SystemClock

    say_overrides()
    if settings.people is not None:
        return _trade_all(settings)
    preload()
    say(f"account {settings.account} is traded by profile {settings.risk.profile}, by risk.profile in {config}")
    teller = Teller(SystemClock())
    with _what_stays(settings):
        ended = assembly.run(settings, teller)
    with at_once():  # the trader is safe: a second Ctrl-C does not wait for the report
        say(shutdown_notice(ended.account_state))
        _write_report(config, settings, ended, teller.stopped_at)
    return ExitCode.OK


def _trade_all(settings: "Settings") -> int:
    """All accounts of a registry. What happens is told with the account's name before it."""
    from fairway.assembly.fleet import run_fleet
    from fairway.cli.live_log import CrowdTeller
    from fairway.cli.shutdown_notice import shutdown_notice
    from fairway.world.clock import SystemClock

    with _what_stays(settings):
        states = run_fleet(settings, CrowdTeller(SystemClock()))
    with at_once():
        for name, account_state in states.items():
            say(f"{name}: {shutdown_notice(account_state)}")
    return ExitCode.OK


@contextmanager
def _what_stays(settings: "Settings") -> "Iterator[None]":
    """Says of a journal that ends a run what becomes of positions, and what to do where no backup is left."""
    from fairway.journal.port import JournalBroken, JournalFull, JournalMissing

    try:
        yield
    except (JournalBroken, JournalFull, JournalMissing) as error:
        code, why = known(error) or (ExitCode.JOURNAL_BROKEN, str(error))
        told = [why, "Stops and targets that rest at the venue go on working without Fairway."]
        if isinstance(error, JournalBroken) and isinstance(settings.journal, Path):
            file = settings.journal
            told.append(
                f"Without a backup: move {file}, and {file.name}-wal and {file.name}-shm where they are, to another directory, "
                "and start again; a new journal opens nothing until you have looked, see docs/explanation/reconciliation.md."
            )
        raise Failure("\n".join(told), code) from None


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
