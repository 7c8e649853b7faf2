"""One order's whole life: decision, checks, sending, fills, protection and exit; beside it the candles of those minutes."""

from typing import Any, Final

from nicegui.element import Element

from fairway.panel.cancel_button import cancel_button
from fairway.panel.candle_chart import candle_chart
from fairway.panel.elements import Tag, card
from fairway.panel.facts.orders import OrderFacts
from fairway.panel.feed import Unseen
from fairway.panel.guards import MOUNT
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_moment
from fairway.panel.order_columns import order_link
from fairway.panel.page import Given, Page
from fairway.panel.pages.order_candles import order_candles
from fairway.panel.pages.order_facts import LifeStep, MarginFacts, OrderPageFacts, order_question
from fairway.panel.parts import bar, signed
from fairway.panel.tables import Column, live_table
from fairway.panel.unseen import say_unseen, seen
from fairway.panel.visit import Visit

FAMILY_COLUMNS: Final[tuple[Column[OrderFacts], ...]] = (
    Column(head="Order", words=lambda each: each.id, link=lambda each: order_link(each.id)),
    Column(head="For", words=lambda each: each.role),
    Column(head="State", words=lambda each: each.state, mark=lambda each: each.mark),
    Column(head="Price", words=lambda each: each.price, is_number=True),
    Column(head="Stop price", words=lambda each: each.stop_price, is_number=True),
    Column(head="Average fill", words=lambda each: each.average, is_number=True),
)


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    order = given["order"]
    live = await visit.live(order_question(order))
    if isinstance(live, Unseen):
        Tag("h1", "This order cannot be seen")
        say_unseen(live)
        Tag("a", "All orders", href=f"{MOUNT}/orders")
        return
    live.words(lambda facts: facts.title, "h1")
    with Tag("p", "", "orders-sentence"):
        live.mark(lambda facts: facts.mark)
        live.words(lambda facts: facts.sentence)
    with Tag("div", "", "act-on-it") as acts:
        cancel_button(visit, live.facts.order)
    live.visible(acts, lambda facts: facts.order.is_live and facts.order.is_entry)
    with Tag("div", "", "life-columns"):
        with card("From intent to the last fill", "timeline"):
            _checks(live)
            with Tag("p", "", "wire-hint"):
                live.words(lambda facts: facts.wire.words)
                live.words(lambda facts: facts.wire.command, "code")
            live.rows(Tag("ol", "", "steps"), lambda facts: facts.steps, lambda step: (step.record, step.order), _step)
        with Tag("div", "", "beside"):
            with card("Candles of those minutes", "candles"):
                await _candles(visit, order)
            with card("The order", "the-order"):
                _order(live)
            with card("Orders of the same position", "family"):
                _family(live)


def _checks(live: Live[OrderPageFacts]) -> None:
    """The margins come before the steps: they say how near the order was to not being sent."""
    with Tag("section", "", "checks", aria_label="Checks") as found:
        live.words(lambda facts: facts.checks, "p")
        live.rows(Tag("ul"), lambda facts: facts.margins, lambda margin: margin.check, _margin)
    live.visible(found, lambda facts: bool(facts.checks))


def _margin(row: Live[MarginFacts]) -> Element:
    with Tag("li", "", "margin") as found:
        row.words(lambda margin: margin.check, classes="name")
        bar(row, lambda margin: margin.share, lambda margin: margin.words, row.facts.check)
    return found


def _step(row: Live[LifeStep]) -> Element:
    step = row.facts
    with Tag("li", "", "step" if step.is_own else "step of-others") as found:
        with Tag("p", "", "head"):
            row.mark(lambda each: each.mark)
            row.words(lambda each: each.phase, classes="phase")
            live_moment(row, lambda each: each.at, InstantPrecision.SECOND)
            row.words(lambda each: each.after, classes="after")
        row.words(lambda each: each.sentence, "p")
        with Tag("details"):
            Tag("summary", f"record {step.record:,}")
            with Tag("dl", "", "pairs"):
                for name, value in step.pairs:
                    Tag("dt", name)
                    Tag("dd", value)
            with Tag("p", "", "links"):
                Tag("a", "in the journal", href=f"{MOUNT}/journal?journal=trader&after={step.record - 1}")
                if step.order:
                    Tag("a", f"order {step.order}", href=order_link(step.order))
    return found


async def _candles(visit: Visit, order: str) -> None:
    found = await seen(visit, order_candles(order))
    if found is None:
        return
    candle_chart(visit, found, lambda picture: picture)


def _order(live: Live[OrderPageFacts]) -> None:
    with Tag("dl", "", "pairs"):
        Tag("dt", "id")
        with Tag("dd"):
            Tag("code", live.facts.order.id)
        for name, get in _FIELDS:
            Tag("dt", name)
            live.words(get, "dd")
        Tag("dt", "position")
        live.words(lambda facts: facts.trip, "dd")
        Tag("dt", "its result")
        signed(live, lambda facts: facts.result, "dd")


_FIELDS: Final[tuple[tuple[str, Any], ...]] = (
    ("account", lambda facts: facts.order.account),
    ("kind", lambda facts: f"{facts.order.side}, {facts.order.type}"),
    ("quantity", lambda facts: facts.order.quantity),
    ("filled", lambda facts: facts.order.filled),
    ("price", lambda facts: facts.order.price),
    ("stop price", lambda facts: facts.order.stop_price),
    ("average fill", lambda facts: facts.order.average),
    ("value", lambda facts: facts.order.value),
)


def _family(live: Live[OrderPageFacts]) -> None:
    live_table(
        live,
        FAMILY_COLUMNS,
        lambda facts: facts.family,
        lambda each: each.id,
        label="Orders of the same position",
        nothing="It has none yet: stop and target follow its first fill.",
    )


PAGE: Final = Page(styles=("orders",), path="/orders/{order}", title="Order", build=build)
