"""`fairway watch` and `fairway metrics`: what was measured, for people and for Prometheus. Both only read.

They read the trader's journal, and that of the launch beside it, where one is: there what no trader can tell alone is noted.
"""

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Final

from fairway.cli.answer import CommandOutput, instant, shows
from fairway.cli.durations import duration
from fairway.cli.exits import ExitCode
from fairway.cli.listen_ports import cannot_listen, check_port
from fairway.cli.shared_options import USUAL, Config
from fairway.cli.text_table import table_lines
from fairway.cli.whole_numbers import whole
from fairway.operations.trader.metrics import MeasuredJournals, exposition, gauges_of, measured_journals
from fairway.settings import Settings, load
from fairway.world.clock import DAY

if TYPE_CHECKING:
    from aiohttp import web

    from fairway.assembly.operational_log import OperationalLog
    from fairway.launch.views.launch_view import LaunchSnapshot, LaunchView
    from fairway.watch.summary import SummaryRow
    from fairway.watch.watcher import Watcher

NUMBERS: Final = ("n", "coverage")
"""Columns that are read from their right side."""
CONTROL: Final = "control: "
"""Before the names of what a launch's control measures of itself."""


@shows
def watch(config: Config = USUAL, /, *, window: Annotated[int, duration("24h", "520w")] = DAY) -> CommandOutput:
    """Show what was measured over a time that ends now: each indicator with its unit, how many, how good, how complete.

    Parameters
    ----------
    window: int
        How long the time is, such as 30m, 24h or 7d.
    """
    from fairway.world.clock import SystemClock

    with measured_journals(load(config)) as journals:
        now = SystemClock().now()
        lines = list(measurement_lines(journals, now - window, now))
        return CommandOutput(value=_value(journals, now - window, now), text=lines)


def _value(journals: MeasuredJournals, since: int, until: int) -> dict[str, object]:
    """What `measurement_lines` shows."""
    watcher, seen = journals.trader, journals.launch.seen
    begins_at = watcher.begins_at()
    return {
        "from": instant(since),
        "until": instant(until),
        "complete_until": instant(watcher.watermark),
        "alive_until": instant(watcher.beats),
        "lives_since": instant(begins_at),
        "indicators": list(_rows(watcher, seen, begins_at, since, until)),
        "launch": seen.began.plan if seen.began is not None else "",
        "launch_trouble": journals.launch.trouble,
    }


def metrics(config: Config = USUAL, /, *, serve: Annotated[int | None, whole(9464)] = None, host: str = "127.0.0.1") -> int:
    """Print all measurements in the form that Prometheus reads, or serve them until Ctrl-C.

    Parameters
    ----------
    serve: int
        The port to serve them at, as http://HOST:PORT/metrics.
    host: str
        The address to listen at; another than this machine's own shows them to the network.
    """
    if serve is not None:
        check_port("--serve", serve, example="9464", least=1)
    settings = load(config)
    with measured_journals(settings) as journals:
        if serve is None:
            print(exposition(journals, gauges_of(settings)).decode(), end="")
            _tell_of_trouble(journals)
        else:
            _serve_logged(settings, journals, host, serve)
    return ExitCode.OK


def _tell_of_trouble(journals: MeasuredJournals) -> None:
    if journals.launch.trouble:
        print(journals.launch.trouble, file=sys.stderr)


def _serve_logged(settings: Settings, journals: MeasuredJournals, host: str, port: int) -> None:
    from fairway.assembly.operational_log import operational_log
    from fairway.logs.log import Process
    from fairway.world.clock import SteadyClock, SystemClock
    from fairway.world.realtime import run_real

    log = operational_log(settings, SteadyClock(SystemClock()), Process.METRICS, str(port))
    try:
        run_real(lambda: log.watching(_serve(_Exposition(journals, settings), journals, host, port, log)))
    finally:
        log.close()


async def _serve(exposed: "_Exposition", journals: MeasuredJournals, host: str, port: int, log: "OperationalLog") -> None:
    from aiohttp import web

    from fairway.watch.exposition import CONTENT_TYPE

    def tell(trouble: str) -> None:
        print(trouble, flush=True)
        log.tell(trouble)

    async def answer(_: "web.Request") -> "web.Response":
        return web.Response(body=await served.exposed(), headers={"Content-Type": CONTENT_TYPE})

    served = log.served(exposed, "metrics_request", "exposed")
    app = web.Application()
    app.router.add_get("/metrics", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise cannot_listen(error, host, port, choose="--host and --serve") from None
        print(f"measurements are served at http://{host}:{port}/metrics; Ctrl-C ends it", flush=True)
        async with asyncio.TaskGroup() as following:
            for each in journals:
                following.create_task(each.run(tell))
    finally:
        await runner.cleanup()


class _Exposition:
    """The measurements in the form that Prometheus reads, as they are when they are asked for."""

    def __init__(self, journals: MeasuredJournals, settings: Settings) -> None:
        self._journals, self._settings = journals, settings

    async def exposed(self) -> bytes:
        return exposition(self._journals, gauges_of(self._settings))


def measurement_lines(journals: MeasuredJournals, since: int, until: int) -> Iterator[str]:
    """The table, before it how far the trader's part can be trusted, and after it what is known of a launch's part."""
    from fairway.texts.durations import duration_words
    from fairway.world.clock import text_of

    watcher, seen = journals.trader, journals.launch.seen
    yield f"from      {text_of(since)}"
    yield f"until     {text_of(until)}"
    yield f"complete  {_instant(watcher.watermark, until)}"
    yield f"alive     {_instant(watcher.beats, until)}"
    begins_at = watcher.begins_at()
    if since < begins_at < until:
        yield f"lives     since {text_of(begins_at)}, for {duration_words(until - begins_at)}; coverage is the share of that time"
    yield ""
    yield from _table(list(_rows(watcher, seen, begins_at, since, until)))
    yield ""
    yield from _of_launch(journals.launch, until)


def _rows(watcher: "Watcher", seen: "LaunchSnapshot", begins_at: int, since: int, until: int) -> "Iterator[SummaryRow]":
    """What a trader measures of itself is its own word."""
    from fairway.watch.indicators import INDICATORS
    from fairway.watch.summary import summary

    of_launch = {row.indicator: row for row in summary(seen.series, since, until, begins_at=seen.began_at)}
    of_trader = {row.indicator: row for row in summary(watcher.series, since, until, begins_at=begins_at)}
    rows = {**of_launch, **of_trader}
    yield from (rows[each.name] for each in INDICATORS if each.name in rows)
    for row in summary(seen.controls, since, until, begins_at=seen.began_at):
        yield replace(row, indicator=f"{CONTROL}{row.indicator}")


def _of_launch(onlooker: "LaunchView", now: int) -> Iterator[str]:
    """The sources of what no trader measures alone, and the indicators that have no source."""
    from fairway.launch.observation.sources import sources
    from fairway.watch.summary import elsewhere

    seen = onlooker.seen
    if onlooker.trouble:
        yield f"The launch beside this journal cannot be read, or not all of it: {onlooker.trouble}"
    if seen.began is None:
        no_source = "No source" if onlooker.trouble else "No launch is beside this journal, so no source"
        yield f"{no_source} measures: {', '.join(elsewhere())}."
        return
    ends = f"{_instant(seen.written_at, now)}{':' if seen.sources else '.'}"
    yield f"What no trader can tell alone is noted by the launch of plan {seen.began.plan}, whose journal goes {ends}"
    yield from (f"  {line}" for line in sources(seen.sources, now))
    missing = [name for name in elsewhere() if name not in seen.series]
    if missing:
        yield f"Its plan and its configuration name no source of: {', '.join(missing)}."


def _instant(at: int, now: int) -> str:
    from fairway.texts.durations import duration_words
    from fairway.world.clock import text_of

    return f"until {text_of(at)}, {duration_words(max(0, now - at))} ago" if at else "never"


def _table(rows: "list[SummaryRow]") -> Iterator[str]:
    head = ("indicator", "n", "of", "value", "coverage")
    cells = [(row.indicator, f"{row.n:,}", row.unit, row.shown, row.coverage) for row in rows]
    yield from table_lines(head, cells, NUMBERS)
