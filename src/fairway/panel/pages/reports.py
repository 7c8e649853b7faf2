"""Reports: what was traded on a day, in a week or in a month, with every round trip."""

from typing import Final

from fairway.panel.elements import Tag, card, typed
from fairway.panel.live import Live
from fairway.panel.page import LISTS, Audience, Given, Page
from fairway.panel.pages.reports_facts import (
    PATH,
    FiguresFacts,
    ReportFacts,
    ReportPlace,
    ReportSpan,
    TripFacts,
    place_of,
    report_question,
)
from fairway.panel.statement_download import newest_months, statement_href
from fairway.panel.tables import Column, SearchedTable, live_table
from fairway.panel.unseen import seen
from fairway.panel.visit import Visit

_NEWEST: Final = (("Today", ReportSpan.DAY), ("7 days", ReportSpan.WEEK), ("30 days", ReportSpan.MONTH))


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    place = place_of(given)
    Tag("h1", "Reports")
    _choice(place)
    _statements(visit)
    live = await seen(visit, report_question(place))
    if live is None:
        return
    with Tag("div", "", "headline"):
        live.words(lambda facts: facts.sentence, "p", "safety")
        live.words(lambda facts: f"{facts.span}; UTC days, after fees, of round trips that ended.", "p")
    with Tag("div", "", "cards stacked"):
        with card("By account and strategy", "strategies"):
            live_table(
                live,
                _STRATEGIES,
                lambda facts: facts.strategies,
                lambda each: each.key,
                label="By account and strategy",
                nothing="Nothing was traded. Another day is chosen above.",
            )
        if place.span is not ReportSpan.DAY:
            with card("By day", "days"):
                live_table(live, _DAYS, lambda facts: facts.days, lambda each: each.key, label="By day", nothing="No day.")
        with card("Entries that risk refused", "refusals"):
            _refusals(live)
        with card("Round trips", "trips"):
            _trips(visit, live)


def _choice(place: ReportPlace) -> None:
    """A form that leads to the address of a report, so that it can be kept and sent."""
    with Tag("form", "", "filters", method="get", action=PATH, aria_label="Report"):
        with Tag("label", "Span"), Tag("select", name="span"):
            for span in ReportSpan:
                Tag("option", f"a {span.value}", value=span.value, selected=(span is place.span) or None)
        with Tag("label", "Last day, UTC; today where empty"):
            Tag("input", name="day", type="date", **typed(place.date or ""))
        Tag("button", "Show", type="submit")
        for words, span in _NEWEST:
            Tag("a", words, "clear", href=ReportPlace(span=span).href)


def _statements(visit: Visit) -> None:
    """Files to keep: of the accounts that this person may see."""
    this, before = newest_months(visit.parts.context.clock.now())
    with Tag("p", "Statement as CSV: ", "statements"):
        Tag("a", f"{this}, so far", href=statement_href(this), download=True)
        Tag("a", before, href=statement_href(before), download=True)


def _figures(first: tuple[Column[FiguresFacts], ...]) -> tuple[Column[FiguresFacts], ...]:
    return (
        *first,
        Column(head="Result", words=lambda each: each.result.words, tone=lambda each: each.result.tone, is_number=True),
        Column(head="Round trips", words=lambda each: f"{each.trades:,}", is_number=True),
        Column(head="With a gain", words=lambda each: each.wins, is_number=True),
        Column(head="Fills", words=lambda each: f"{each.fills:,}", is_number=True),
        Column(head="Volume", words=lambda each: each.volume, is_number=True),
        Column(head="Best", words=lambda each: each.best.words, tone=lambda each: each.best.tone, is_number=True),
        Column(head="Worst", words=lambda each: each.worst.words, tone=lambda each: each.worst.tone, is_number=True),
    )


_STRATEGIES: Final[tuple[Column[FiguresFacts], ...]] = _figures(
    (Column(head="Account", words=lambda each: each.account), Column(head="Strategy", words=lambda each: each.strategy))
)
_DAYS: Final[tuple[Column[FiguresFacts], ...]] = _figures((Column(head="Day", words=lambda each: each.account),))


def _refusals(live: Live[ReportFacts]) -> None:
    live_table(
        live,
        _REFUSALS,
        lambda facts: facts.refusals,
        lambda each: each[0],
        label="Entries that risk refused",
        nothing="None was refused.",
    )
    live.words(lambda facts: facts.troubles, "p", "empty")


_REFUSALS: Final[tuple[Column[tuple[str, str]], ...]] = (
    Column(head="Category", words=lambda each: each[0]),
    Column(head="How often", words=lambda each: each[1], is_number=True),
)


def _trips(visit: Visit, live: Live[ReportFacts]) -> None:
    SearchedTable(
        visit,
        live,
        _TRIPS,
        lambda facts: facts.trips,
        lambda each: each.key,
        name="trips",
        label="Round trips",
        nothing="No round trip ended.",
    )
    live.words(lambda facts: facts.trips_left_out, "p", "empty")


_TRIPS: Final[tuple[Column[TripFacts], ...]] = (
    Column(head="Pair", words=lambda each: each.symbol),
    Column(head="Account", words=lambda each: each.account),
    Column(head="Strategy", words=lambda each: each.strategy),
    Column(head="Closed, UTC", at=lambda each: each.closed_at),
    Column(head="Held", words=lambda each: each.held, is_number=True, by=lambda each: each.closed_at - each.opened_at),
    Column(head="Quantity", words=lambda each: each.quantity, is_number=True),
    Column(head="Entry", words=lambda each: each.entry, is_number=True),
    Column(head="Exit", words=lambda each: each.exit, is_number=True),
    Column(
        head="Result",
        words=lambda each: each.result.words,
        tone=lambda each: each.result.tone,
        is_number=True,
        by=lambda each: each.order,
    ),
    Column(head="Why it ended", words=lambda each: each.why, prose=True),
)
PAGE: Final = Page(
    styles=LISTS,
    path="/reports",
    title="Reports",
    nav="Reports",
    key="e",
    build=build,
    audience=Audience.ALL,
)
