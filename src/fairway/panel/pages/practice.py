"""The practice exchange: its market, its faults as switches, and what the trader believes beside what the exchange knows."""

from typing import Final

from nicegui.element import Element

from fairway.operations.practice.control_interface import practice_url
from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, card, empty
from fairway.panel.facts.caps import CapFacts
from fairway.panel.live import Live
from fairway.panel.moments import moment
from fairway.panel.page import Given, Page
from fairway.panel.pages.practice_facts import PRACTICE, BothSides, HappenedFacts, PracticeFacts, SideBySide
from fairway.panel.pages.practice_faults import fault_switches, tour
from fairway.panel.pages.practice_market import market_controls
from fairway.panel.parts import since_link
from fairway.panel.tables import Column, live_table
from fairway.panel.unseen import seen
from fairway.panel.visit import Visit

SIDES: Final[tuple[Column[SideBySide], ...]] = (
    Column(head="what", words=lambda row: row.what, mark=lambda row: row.mark),
    Column(head="the trader believes", words=lambda row: row.believed, is_number=True, tone=lambda row: row.mark.value),
    Column(head="the exchange knows", words=lambda row: row.known, is_number=True, tone=lambda row: row.mark.value),
)


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    Tag("h1", "Practice", "only-read-out")
    if not practice_url(visit.parts.context.settings):
        _how_to_get_one(visit)
        return
    live = await seen(visit, PRACTICE)
    if live is None:
        return
    with Tag("div", "", "headline"):
        with Tag("p", "", "safety"):
            live.mark(lambda facts: facts.mark)
            live.words(lambda facts: facts.sentence)
        live.words(lambda facts: facts.faults_on, "p")
    tour(visit, live)
    with Tag("div", "", "cards"):
        with card("The market", "market"):
            market_controls(visit, live)
        with card("Faults", "faults"):
            fault_switches(visit, live)
        with card("The trader beside the exchange", "sides"):
            live.rows(Tag("div", "", "accounts"), lambda facts: facts.accounts, lambda each: each.name, _account)
            live.visible(empty("The trader has no account at this exchange yet."), lambda facts: not facts.accounts)
            _holding_back(visit, live)
        with card("What the system did about it", "lately").props("tabindex=0"):
            live.rows(Tag("ol", "", "events"), lambda facts: facts.events, lambda each: each.seq, _event)
            live.visible(empty("Nothing has happened yet."), lambda facts: not facts.events)


def _how_to_get_one(visit: Visit) -> None:
    settings = visit.parts.context.settings
    with Tag("div", "", "headline"):
        Tag(
            "p", f"This system trades at {settings.venue.exchange} in mode {settings.mode}, not at a practice exchange.", "safety"
        )
        Tag("p", "With a practice exchange you can pause the market, switch faults on, and see what Fairway does about them.")
    empty("Make one, with an account and play money, in an empty folder: ", "fairway up --practice")


def _account(row: Live[BothSides]) -> Element:
    with Tag("div", "", "account-sides") as found:
        with Tag("h3"):
            row.mark(lambda each: each.mark)
            row.words(lambda each: f"{each.name}: {each.sentence}")
        with Tag("p", "", "may-open"):
            row.mark(lambda each: each.may_mark)
            row.words(lambda each: each.may_open)
        live_table(
            row,
            SIDES,
            lambda each: each.balances,
            lambda side: side.key,
            label="Balances, both sides",
            nothing="Neither side holds anything.",
        )
        live_table(
            row,
            SIDES,
            lambda each: each.orders,
            lambda side: side.key,
            label="Open orders, both sides",
            nothing="No order is open on either side.",
        )
    return found


def _holding_back(visit: Visit, live: Live[PracticeFacts]) -> None:
    """What keeps the trader from opening positions, with a way to lift what a person may lift."""

    def line(row: Live[CapFacts]) -> Element:
        cap = row.facts
        with Tag("li") as found:
            row.mark(lambda each: each.mark)
            row.words(lambda each: each.reason)
            since_link(row)
            row.words(lambda each: each.lifted_by, classes="lifted")
            if cap.id and visit.may("lift", account=cap.account, cap=cap.id):
                command_button(visit, "Lift", "lift", {"account": cap.account, "cap": cap.id}, ask=("reason",))
        return found

    with Tag("div", "", "holding-back") as place:
        Tag("h3", "What holds the trader back")
        live.rows(Tag("ul", "", "caps"), lambda facts: facts.caps, lambda cap: cap.key, line)
    live.visible(place, lambda facts: bool(facts.caps))


def _event(row: Live[HappenedFacts]) -> Element:
    event = row.facts
    with Tag("li", "", "trouble-line" if event.is_trouble else "") as found:
        moment(event.at)
        if event.is_trouble:
            Tag("span", "!", "mark bad", role="img", aria_label="trouble")
        Tag("span", event.words)
    return found


PAGE: Final = Page(styles=("practice",), path="/practice", title="Practice", nav="Practice", key="x", build=build)
