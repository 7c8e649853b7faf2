"""Renders `report.html`: one page that needs nothing else, opens from disk, and shows a newcomer what happened.

The same report gives the same bytes. No address of any kind is in it, so it can be opened offline and sent by mail.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from fairway.money.amount import ZERO
from fairway.reports import rows
from fairway.reports.charts import PRICE_NARROW, PRICE_WIDE, price_figure, worth_figure
from fairway.reports.figure import Figure
from fairway.reports.headline import caveats, headline, money, money_places, verdict
from fairway.reports.incident_text import heading, incident_sections, introduction
from fairway.reports.page_svg import page_elements
from fairway.reports.report import Report
from fairway.reports.story import ReportedTrip
from fairway.reports.table import figure_lines, r_text
from fairway.texts.display import NOTHING, day_text, number, percent, places_for, signed, signed_percent, tick_places
from fairway.texts.durations import duration_words, nearest

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATE = "page.html.jinja"


def page_bytes(report: Report) -> bytes:
    """The file's bytes, UTF-8."""
    return environment().get_template(TEMPLATE).render(**_context(report)).encode()


def environment() -> "Environment":
    """Where templates are found, and how they are filled in."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("fairway.reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def preload() -> None:
    """Imports the libraries that pages are drawn with: most of a second, and longer at their first use on a machine."""
    import jinja2  # noqa: F401
    import matplotlib.backend_bases
    import matplotlib.figure  # noqa: F401


@dataclass(frozen=True, slots=True)
class Tile:
    """One large figure. tone is `gain`, `loss` or `""`."""

    name: str
    value: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class PriceSection:
    symbol: str
    note: str
    chart: str
    """SVG, made by us: the one thing that the template does not escape."""


def _context(report: Report) -> dict[str, object]:
    run, story = report.run, report.story
    return {
        "title": f"Fairway report, {day_text(run.started_at)} to {day_text(run.ended_at)}",
        "span": f"{day_text(run.started_at)} to {day_text(run.ended_at)}",
        "strategy": story.starts[-1] if story.starts else None,
        "headline": headline(report),
        "caveats": list(caveats(report)),
        "verdict": verdict(report),
        "tiles": list(_tiles(report)),
        "worth_chart": _worth_chart(report),
        "prices": list(_prices(report)),
        "trips": list(rows.trip_rows(report)),
        "positions": list(rows.position_rows(report)),
        "balances": list(rows.balance_rows(report)),
        "explained": list(rows.explained_rows(report)),
        "flows": list(rows.flow_rows(report)),
        "orders": list(rows.order_rows(report)),
        "refusals": list(rows.refusal_rows(report)),
        "incidents": list(incident_sections(report)),
        "incidents_heading": heading(),
        "incidents_introduced": introduction(),
        "troubles": list(rows.trouble_rows(report)),
        "nothing_wrong": _nothing_wrong(report),
        "troubles_left_out": story.troubles_count - len(story.troubles),
        "fills": list(rows.fill_rows(report)),
        "figures": list(figure_lines(report)),
        "quote": run.quote,
        "run": run,
    }


def _nothing_wrong(report: Report) -> str:
    """What may be claimed where no trouble is told: nothing that was not looked at."""
    if not report.story.is_opened:
        return "Nothing. No stream was lost, and no order was of unknown fate."
    return "Nothing. No stream was lost, no order was of unknown fate, and the exchange holds what the bot's own trades explain."


def _tiles(report: Report) -> Iterator[Tile]:
    figures, places = report.figures, money_places(report)
    yield Tile("Result", signed(figures.change, places), report.run.quote, rows.tone(figures.change))
    yield Tile(
        "Return",
        signed_percent(figures.return_share),
        f"in {duration_words(nearest(report.run.ended_at - report.run.started_at))}",
        rows.tone(figures.return_share),
    )
    fall = figures.drawdown
    yield Tile("Deepest fall", percent(-fall.share) if fall else NOTHING, money(report, fall.amount) if fall else "")
    yield Tile("Round trips", number(Decimal(figures.trips)), f"{figures.wins} won, {figures.losses} lost")
    yield Tile("Average result", r_text(figures.average_r), "R is what was at risk")
    yield Tile("Profit factor", number(figures.profit_factor, 2), "won for each one lost")
    yield Tile("Time in the market", percent(figures.exposure_share, 0), "something was held")
    yield Tile("Fees", number(figures.fees, places), f"{report.run.quote}, {percent(figures.fees_share)} of the start")


def _worth_chart(report: Report) -> str:
    if len(report.curve) < 2:
        return ""
    return page_elements(
        lambda points_max: worth_figure(report.curve, quote=report.run.quote, places=money_places(report), points_max=points_max)
    )


def _prices(report: Report) -> Iterator[PriceSection]:
    for symbol, candles in report.run.candles.items():
        if candles:
            yield _price(report, symbol)


def _price(report: Report, symbol: str) -> PriceSection:
    run, candles = report.run, report.run.candles[symbol]
    trips = [trip for trip in report.story.trips if trip.trip.symbol == symbol]
    quote = run.instruments[symbol].quote
    change = (candles[-1].close - candles[0].open) / candles[0].open
    made = sum((trip.trip.result.value for trip in trips), ZERO)
    result = f"{signed(made, places_for(quote, report.figures.worth_start or made))} {quote}"
    told = f"the bot's round trips in it: {result}" if trips else "the bot completed no round trip in it"
    return PriceSection(symbol, f"The price moved {signed_percent(change, 1)}; {told}.", _price_chart(report, symbol, trips))


def _price_chart(report: Report, symbol: str, trips: Sequence[ReportedTrip]) -> str:
    run = report.run
    held = [each for each in report.story.positions if each.position.symbol == symbol]
    places = tick_places(run.instruments[symbol].tick)

    def build(points_max: int) -> Figure:
        return price_figure(symbol, run.candles[symbol], trips, held, places=places, ended_at=run.ended_at, points_max=points_max)

    return page_elements(build, wide=PRICE_WIDE, narrow=PRICE_NARROW)
