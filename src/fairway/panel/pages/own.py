"""A user's own view: the own accounts, what they hold and why, and how to stop them; made for a phone."""

from collections.abc import Callable

from nicegui.element import Element

from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, card, empty
from fairway.panel.feed import Unseen
from fairway.panel.live import Live
from fairway.panel.page import Given
from fairway.panel.pages.own_facts import OWN, OwnAccount
from fairway.panel.parts import cap_line, events_part, money_part, safety_line, signed
from fairway.panel.position_columns import POSITION_COLUMNS
from fairway.panel.statement_download import newest_months, statement_href
from fairway.panel.tables import live_table
from fairway.panel.unseen import say_unseen
from fairway.panel.visit import Visit
from fairway.risk.cap_kinds import PAUSED


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    Tag("h1", "My accounts", "only-read-out")
    live = await visit.live(OWN)
    if isinstance(live, Unseen):
        say_unseen(live)
        return
    with Tag("div", "", "headline"):
        safety_line(live, lambda facts: facts.safety)
    with Tag("div", "", "cards own"):
        with card("Money"):
            money_part(live, lambda facts: facts.money, lambda facts: facts.curve)
        with card("Accounts"):
            live.rows(Tag("ul", "", "accounts"), lambda facts: facts.accounts, lambda each: each.name, _account_of(visit))
            nothing = empty("You have no account that trades yet. Ask an admin to add one, or see how: ", "fairway accounts add")
            live.visible(nothing, lambda facts: not facts.accounts)
            with Tag("p", "Statement of "):
                this, before = newest_months(visit.parts.context.clock.now())
                Tag("a", f"{this}, so far", href=statement_href(this), download=True)
                Tag("span", " or ")
                Tag("a", before, href=statement_href(before), download=True)
                Tag("span", " as CSV")
        with card("Positions"):
            live_table(
                live,
                POSITION_COLUMNS,
                lambda facts: facts.positions,
                lambda each: each.key,
                label="Open positions",
                nothing="Nothing is held now.",
            )
        with card("What limits you now"):
            live.rows(Tag("ul", "", "caps"), lambda facts: facts.caps, lambda cap: cap.key, cap_line)
            live.visible(empty("Nothing but the limits of your profile."), lambda facts: not facts.caps)
        with card("What was decided, and why"):
            events_part(live, lambda facts: facts.events)


def _account_of(visit: Visit) -> Callable[[Live[OwnAccount]], Element]:
    def build_row(row: Live[OwnAccount]) -> Element:
        name = row.facts.name
        with Tag("li", "", "account-line") as found:
            with Tag("p", "", "where"):
                row.mark(lambda each: each.mark)
                Tag("span", name)
            with Tag("p", "", "figures"):
                row.words(lambda each: each.worth, classes="number")
                Tag("span", "today")
                signed(row, lambda each: each.today, "span")
            row.words(lambda each: each.state, "p", "state")
            with Tag("p", "", "acts"):
                pause = command_button(visit, "Pause", "pause", {"account": name}, classes="lowers")
                resume = command_button(visit, "Resume", "lift", {"account": name, "cap": PAUSED.id_of()})
                command_button(visit, "Emergency close", "kill", {"account": name, "flatten": True}, classes="lowers")
        row.visible(pause, lambda each: not each.is_paused)
        row.visible(resume, lambda each: each.is_paused)
        return found

    return build_row
