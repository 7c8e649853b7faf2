"""`fairway soak`: a whole system runs for a day, in simulated or real time, and is judged by the bounds of the documents."""

import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING, Final

from fairway.cli.exits import ExitCode, Failure
from fairway.cli.printing import say
from fairway.cli.report_folder import report_folder
from fairway.cli.shared_options import Flag

if TYPE_CHECKING:
    from fairway.assembly import Bot
    from fairway.proving.soak.meter import SoakMeter
    from fairway.proving.soak.report import SnapshotFile, SoakReport
    from fairway.settings import Settings

MARK: Final = "snapshots.ndjson"
USUAL_OUT: Final = Path("fairway-soak")
HOURS_MAX: Final = 24 * 30
STOPS: Final = (signal.SIGINT, signal.SIGTERM)
ENDS_WITHIN_S: Final = 30
Look = Callable[["Sequence[SoakMeter]", int], None]


def soak(
    config: Path | None = None,
    /,
    *,
    hours: float = 24.0,
    real: Flag = False,
    out: Path = USUAL_OUT,
    seed: int = 1,
    force: Flag = False,
) -> int:
    """Run exchange, traders, several symbols and all strategies for a day, with a snapshot every five minutes, and judge it.

    Exit code 0 for PASS, 1 for FAIL, 18 for INSUFFICIENT. Ctrl-C writes what was seen so far, as INSUFFICIENT.

    Parameters
    ----------
    config: Path
        A configuration: in simulated time its strategy trades beside the others, with --real the system that runs is watched.
    hours: float
        How long; less than 24 is never a PASS.
    real: bool
        In real time: the running system of the configuration, or without one a practice system that is started for it.
    out: Path
        Directory for snapshots.ndjson, summary.json and soak-24h.junit.xml; a new or an empty one.
    seed: int
        In simulated time: the same seed gives the same run.
    force: bool
        Overwrite an earlier report in the directory.
    """
    from fairway.money.amount import use_exact_decimals
    from fairway.settings import load

    if not 0 < hours <= HOURS_MAX:
        raise Failure(f"--hours {hours:g} cannot be run; a right number is 24, and at most {HOURS_MAX}", ExitCode.USAGE)
    settings = load(config, environ={}) if config is not None else None
    folder = report_folder(out, MARK, str(USUAL_OUT), force=force)
    again = " ".join(["fairway soak", *([str(config)] if config else []), f"--hours {hours:g}", *(["--real"] if real else [])])
    use_exact_decimals()
    with _stopping() as stop:
        report = _real(settings, hours, folder, stop, again) if real else _simulated(settings, hours, seed, folder, stop, again)
    return _tell(report, folder)


@contextmanager
def _stopping() -> Iterator[Event]:
    """Set by the first Ctrl-C; a second one ends the program at once."""
    stop = Event()

    def hear(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, hear) for number in STOPS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


# -- simulated ---------------------------------------------------------------------------------------------------------


def _simulated(settings: "Settings | None", hours: float, seed: int, folder: Path, stop: Event, again: str) -> "SoakReport":
    from fairway.proving.soak.report import SnapshotFile, report_of
    from fairway.proving.soak.simulated import STRATEGIES, SimulatedSoak
    from fairway.proving.soak.verdict import SoakRun
    from fairway.world.clock import SystemClock

    began, bot = SystemClock().now(), _bot(settings)
    snapshots = SnapshotFile(folder)
    run = SimulatedSoak(
        hours=hours,
        seed=seed,
        folder=folder,
        look=_shown(snapshots),
        is_stopped=stop.is_set,
        configured=bot,
    )
    snapshots.since = run.since
    run.run()
    names = ", ".join([*STRATEGIES, *(["the configured one"] if bot else [])])
    what = f"simulated: one exchange, a trader of each strategy ({names}), {', '.join(run.market.symbols)}, seed {seed}"
    judged = SoakRun(since=run.since, until=run.now, is_simulated=True, interrupted=stop.is_set())
    told = _told(settings, f"{again} --seed {seed}", what)
    return report_of(run.meters, judged, told=told, made_at=began, snapshots=snapshots.count, crashes=run.crashes)


def _bot(settings: "Settings | None") -> "Bot | None":
    """Raises Failure for an account that is counted in another asset than the soak's symbols are priced in."""
    from fairway.assembly import bot_of
    from fairway.proving.soak.simulated import QUOTE

    if settings is None:
        return None
    if settings.quote != QUOTE:
        raise Failure(
            f"the configuration trades in {settings.quote}, and a simulated soak in {QUOTE}; leave it out, "
            "or watch the running system with --real",
            ExitCode.SETTINGS,
        )
    return bot_of(settings)


# -- real --------------------------------------------------------------------------------------------------------------


def _real(settings: "Settings | None", hours: float, folder: Path, stop: Event, again: str) -> "SoakReport":
    with _system(settings, folder) as watched:
        return _watched(watched, hours, folder, stop, again, is_practice=settings is None)


@contextmanager
def _system(settings: "Settings | None", folder: Path) -> "Iterator[Settings]":
    """The configured one, which runs already; or a practice system of its own in the directory, which ends with the soak."""
    import subprocess

    from fairway.settings import load

    if settings is not None:
        yield settings
        return
    place = folder / "system"
    place.mkdir()
    words = (sys.executable, "-c", "from fairway.cli import main; main()", "up", "--practice")
    with open(folder / "system.log", "wb") as log:
        process = subprocess.Popen(words, cwd=place, stdout=log, stderr=log, start_new_session=True)
        try:
            _until_made(process, place / "fairway.yaml", folder)
            yield load(place / "fairway.yaml")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(ENDS_WITHIN_S)


def _until_made(process: "object", config: Path, folder: Path) -> None:
    import subprocess

    assert isinstance(process, subprocess.Popen)
    waiting = Event()
    for _ in range(ENDS_WITHIN_S * 10):
        if config.exists() and (config.parent / "fairway.journal").exists():
            return
        if process.poll() is not None:
            break
        waiting.wait(0.1)
    raise Failure(f"the practice system did not start; what it said is in {folder / 'system.log'}", ExitCode.NO)


def _watched(settings: "Settings", hours: float, folder: Path, stop: Event, again: str, *, is_practice: bool) -> "SoakReport":
    from fairway.proving.soak.real import RealSoak
    from fairway.proving.soak.report import SnapshotFile, report_of
    from fairway.proving.soak.verdict import SoakRun
    from fairway.world.clock import SystemClock

    clock, snapshots = SystemClock(), SnapshotFile(folder)
    run = RealSoak(
        hours=hours,
        journal=settings.journal,
        trader=settings.account,
        clock=clock,
        stop=stop.wait,
        look=lambda meters, now: _shown_of(run, snapshots, meters, now),
    )
    is_complete = run.run()
    judged = SoakRun(since=run.since, until=run.now, is_simulated=False, interrupted=not is_complete)
    kind = "a practice system" if is_practice else "the running system"
    what = f"real time: {kind}, strategy {settings.strategy.name}, {', '.join(settings.symbols)}"
    return report_of(run.meters, judged, told=_told(settings, again, what), made_at=run.since, snapshots=snapshots.count)


def _shown_of(run: "object", snapshots: "SnapshotFile", meters: "Sequence[SoakMeter]", now: int) -> None:
    from fairway.proving.soak.real import RealSoak

    assert isinstance(run, RealSoak)
    snapshots.since = run.since
    _shown(snapshots)(meters, now)


# -- both --------------------------------------------------------------------------------------------------------------


def _shown(snapshots: "SnapshotFile") -> Look:
    """Writes a snapshot, and on a terminal says how far it is."""

    def look(meters: "Sequence[SoakMeter]", now: int) -> None:
        taken = snapshots.add(meters, now)
        if sys.stderr.isatty():
            print(
                f"{taken.elapsed_hours:6.2f} h  {taken.orders:,} orders, {taken.positions} positions, {taken.errors} errors",
                file=sys.stderr,
            )

    return look


def _told(settings: "Settings | None", again: str, what: str) -> dict[str, str]:
    import fairway
    from fairway.assembly import bot_of

    release = bot_of(settings).digest if settings is not None else ""
    return {"fairway": fairway.__version__, "release": release, "again": again, "what": what}


def _tell(report: "SoakReport", folder: Path) -> int:
    from fairway.cli.registry import show_rows
    from fairway.proving.soak.report import JUNIT_FILE, SUMMARY_FILE, write_summary
    from fairway.proving.soak.verdict import Verdict

    write_summary(report, folder)
    show_rows(
        ("bound", "measured", "must be", "verdict"), [(it.name, it.measured, it.bound, it.verdict.value) for it in report.bounds]
    )
    for each in report.bounds:
        if each.why:
            say(f"{each.name}: {each.why}")
    for line in report.crashes:
        say(f"a trader ended in an error: {line}")
    say(f"{report.verdict.value}: {report.what}; {report.snapshots} snapshots")
    for name, file in (("snapshots", MARK), ("summary", SUMMARY_FILE), ("evidence", JUNIT_FILE)):
        say(f"{name}: {folder / file}")
    codes = {Verdict.PASS: ExitCode.OK, Verdict.FAIL: ExitCode.NO, Verdict.INSUFFICIENT: ExitCode.INSUFFICIENT}
    return codes[report.verdict]
