"""`fairway watch` and `fairway metrics`: what was measured, for people and for Prometheus. Both only read the journal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Final

from fairway.cli.asked import USUAL, Config
from fairway.cli.exits import Exit, Failure
from fairway.cli.numbers import whole
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from aiohttp import web

    from fairway.watch.summary import Row
    from fairway.watch.watcher import Watcher

NO_PORT: Final = 0
NUMBERS: Final = ("n", "coverage")
"""Columns that are read from their right side."""


def watch(config: Config = USUAL, /, *, window: str = "24h") -> int:
    """Show what was measured over a time that ends now: each indicator with its unit, how many, how good, how complete.

    Parameters
    ----------
    window: str
        How long the time is, such as 30m, 24h or 7d.
    """
    from fairway.texts.quantities import duration_of
    from fairway.world.clock import SystemClock

    try:
        length = duration_of(window)
    except ValueError as error:
        raise Failure(f"--window {window!r} {error}; a right one is --window 24h", Exit.USAGE) from None
    with _watching(load(config)) as watcher:
        now = SystemClock().now()
        print("\n".join(told(watcher, now - length, now)))
    return Exit.OK


def metrics(config: Config = USUAL, /, *, serve: Annotated[int, whole(9464)] = NO_PORT, host: str = "127.0.0.1") -> int:
    """Print all measurements in the form that Prometheus reads, or serve them until Ctrl-C.

    Parameters
    ----------
    serve: int
        The port to serve them at, as http://HOST:PORT/metrics.
    host: str
        The address to listen at; another than this machine's own shows them to the network.
    """
    from fairway.watch.exposition import exposed
    from fairway.world.realtime import run_real

    with _watching(load(config)) as watcher:
        if serve == NO_PORT:
            print(exposed(watcher).decode(), end="")
        else:
            run_real(lambda: _serve(watcher, host, serve))
    return Exit.OK


@contextmanager
def _watching(settings: Settings) -> "Iterator[Watcher]":
    """A watcher that has caught up. Raises JournalErrors and StoreErrors."""
    from fairway.journal.sql import open_reader
    from fairway.watch.shelf import Shelf, shelf_beside
    from fairway.watch.watcher import Watcher

    with open_reader(settings.journal, trader=settings.account) as journal:
        shelf = Shelf(shelf_beside(settings.journal), trader=settings.account)
        watcher = Watcher(journal, shelf=shelf, maintenance=settings.maintenance)
        try:
            watcher.open()
            watcher.catch_up()
            yield watcher
        finally:
            watcher.close()


async def _serve(watcher: "Watcher", host: str, port: int) -> None:
    from aiohttp import web

    from fairway.watch.exposition import CONTENT_TYPE, exposed

    async def answer(_: "web.Request") -> "web.Response":
        return web.Response(body=exposed(watcher), headers={"Content-Type": CONTENT_TYPE})

    app = web.Application()
    app.router.add_get("/metrics", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        print(f"measurements are served at http://{host}:{port}/metrics; Ctrl-C ends it", flush=True)
        await watcher.run(lambda trouble: print(trouble, flush=True))
    finally:
        await runner.cleanup()


def told(watcher: "Watcher", since: int, until: int) -> Iterator[str]:
    """The table, and before it how far it can be trusted."""
    from fairway.watch.summary import elsewhere, summary
    from fairway.world.clock import text_of

    yield f"from      {text_of(since)}"
    yield f"until     {text_of(until)}"
    yield f"complete  {_instant(watcher.watermark, until)}"
    yield f"alive     {_instant(watcher.beats, until)}"
    yield ""
    yield from _table(list(summary(watcher.series, since, until)))
    yield ""
    yield f"Measured by a launch, and not here: {', '.join(elsewhere())}. `fairway launch explain` tells of them."


def _instant(at: int, now: int) -> str:
    from fairway.reports.display import duration_text
    from fairway.world.clock import text_of

    return f"until {text_of(at)}, {duration_text(max(0, now - at))} ago" if at else "never"


def _table(rows: "list[Row]") -> Iterator[str]:
    head = ("indicator", "n", "of", "value", "coverage")
    cells = [head, *((row.indicator, f"{row.n:,}", row.unit, row.told, row.coverage) for row in rows)]
    widths = [max(len(cell[place]) for cell in cells) for place in range(len(head))]
    for row in cells:
        padded = (
            cell.rjust(width) if name in NUMBERS else cell.ljust(width)
            for name, cell, width in zip(head, row, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()
