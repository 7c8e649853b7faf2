"""Orders and positions: what is held, at work and over; the candles of a pair with entries, exits, stops and targets drawn."""

from typing import Any, Final
from urllib.parse import urlencode

from nicegui import ui

from fairway.panel.cancel_button import cancel_button
from fairway.panel.candle_chart import candle_chart
from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, card
from fairway.panel.facts.orders import OrderFacts
from fairway.panel.facts.positions import PositionFacts
from fairway.panel.guards import MOUNT
from fairway.panel.live import Live
from fairway.panel.order_columns import ORDER_COLUMNS, TRADE_COLUMNS
from fairway.panel.page import Given, Page
from fairway.panel.pages.orders_facts import ORDERS, OrdersFacts, PairChoice, pair_choice, pair_question
from fairway.panel.position_columns import POSITION_COLUMNS
from fairway.panel.tables import Column, SearchedTable
from fairway.panel.unseen import seen
from fairway.panel.visit import Visit


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    Tag("h1", "Orders and positions")
    live = await seen(visit, ORDERS)
    if live is None:
        return
    with Tag("p", "", "orders-sentence"):
        live.mark(lambda facts: facts.mark)
        live.words(lambda facts: facts.sentence)
    with card("Open positions"):
        _positions(visit, live)
    settings = visit.parts.context.settings
    with card("Candles", "candles"):
        await _candles(visit, pair_choice(given, settings.symbols, settings.interval))
    _orders(visit, live)
    _trades(visit, live)


def _positions(visit: Visit, live: Live[OrdersFacts]) -> None:
    columns: tuple[Column[PositionFacts], ...] = POSITION_COLUMNS
    if visit.may("close"):
        columns = (*columns, Column(head="Close", build=lambda row: _close(visit, row)))
    SearchedTable(
        visit,
        live,
        columns,
        lambda facts: facts.positions,
        lambda each: each.key,
        name="positions",
        label="Open positions",
        nothing="Nothing is held. Positions appear as the strategy opens them.",
    )


def _close(visit: Visit, row: Live[PositionFacts]) -> None:
    """A button that sells this position, after a question."""
    its = row.facts
    given = {"symbol": its.symbol, "account": its.account}
    found = command_button(visit, "Close", "close", given, classes="lowers small")
    found.attribute("aria-label", f"Close {its.symbol} of {its.account}")


async def _candles(visit: Visit, choice: PairChoice) -> None:
    with Tag("div", "", "chart-choices"):
        _links("Pair", choice.pairs, choice.symbol, lambda each: {"pair": each, "interval": choice.interval})
        _links("Candles of", choice.intervals, choice.interval, lambda each: {"pair": choice.symbol, "interval": each})
    found = await seen(visit, pair_question(choice))
    if found is None:
        return
    candle_chart(visit, found, lambda picture: picture)


def _links(words: str, choices: tuple[str, ...], chosen: str, query: Any) -> None:
    with Tag("label", words), Tag("select") as select:
        for each in choices:
            address = f"{MOUNT}/orders?{urlencode(query(each))}"
            Tag("option", each, value=address, selected=(each == chosen) or None)
    select.on("change", lambda event: ui.navigate.to(str(event.args)), js_handler="(e) => emit(e.target.value)")


def _orders(visit: Visit, live: Live[OrdersFacts]) -> None:
    cancel: Column[OrderFacts] = Column(head="Cancel", build=lambda row: cancel_button(visit, row.facts))
    with card("Working orders"):
        SearchedTable(
            visit,
            live,
            (*ORDER_COLUMNS[:-1], cancel, ORDER_COLUMNS[-1]),
            lambda facts: facts.working,
            lambda each: each.id,
            name="working",
            label="Working orders",
            nothing="No order is at work. Stops and targets appear here when something is held.",
        )
    with card("Recent orders"):
        SearchedTable(
            visit,
            live,
            ORDER_COLUMNS,
            lambda facts: facts.recent,
            lambda each: each.id,
            name="orders",
            label="Recent orders",
            nothing="Nothing has been ordered yet. Start the trader with:",
            command="fairway up",
        )


def _trades(visit: Visit, live: Live[OrdersFacts]) -> None:
    with card("Closed trades"):
        SearchedTable(
            visit,
            live,
            TRADE_COLUMNS,
            lambda facts: facts.trades,
            lambda each: (each.account, each.number),
            name="trades",
            label="Closed trades",
            nothing="No position has been closed yet.",
        )


PAGE: Final = Page(styles=("orders",), path="/orders", title="Orders and positions", nav="Orders", key="p", build=build)
