"""A rehearsal of the plan in the editor: it is begun and stopped here, and goes on while the page is left."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from nicegui.element import Element

from fairway.operations.actor import Actor
from fairway.operations.launch.plan_text import REHEARSE
from fairway.panel.elements import Tag, button
from fairway.panel.feed import Question
from fairway.panel.live import Live
from fairway.panel.pages.launch_plan_facts import RehearsalFacts, rehearsal_facts
from fairway.panel.sources import Sources
from fairway.panel.tables import Column, live_table
from fairway.panel.unseen import seen
from fairway.panel.visit import Visit
from fairway.people.roles import may

SEEDS: Final = (1, 3, 10, 30)
_BOTS_S: Final = 60
"""About so long one play of every bot takes."""


async def rehearsal(visit: Visit, text: Callable[[], str]) -> None:
    """text: of the plan as it is in the editor when the button is pressed."""
    rehearsals, clock = visit.parts.rehearsals, visit.parts.context.clock

    def ask(sources: Sources, actor: Actor) -> RehearsalFacts:
        return rehearsal_facts(rehearsals.seen, sources.context.clock.now())

    live = await seen(visit, Question("rehearsal", ask))
    if live is None:
        return
    seeds = SEEDS[0]

    def choose(event: Any) -> None:
        nonlocal seeds
        seeds = next((each for each in SEEDS if str(each) == str(event.args)), SEEDS[0])

    async def begin() -> None:
        refused.set_text(rehearsals.begin(visit.actor, text(), seeds, clock))
        await visit.parts.feed.refresh()

    async def stop() -> None:
        rehearsals.stop()
        await visit.parts.feed.refresh()

    Tag("p", "The plan above is played against bots of known quality, in simulated time: no money and no exchange are touched.")
    role = visit.actor.role
    if role is None or may(role, REHEARSE.act, to_self=False):
        with Tag("p", "", "rehearse-tools"):
            with Tag("label", "plays of each bot "), Tag("select", aria_label="plays of each bot") as select:
                for each in SEEDS:
                    Tag("option", f"{each}, about {each * _BOTS_S // 60} min", value=str(each))
            select.on("change", choose, js_handler="(e) => emit(e.target.value)")
            act = button("Rehearse", begin, "raises")
            live.attribute(act, "disabled", lambda facts: facts.is_running or None)
            live.visible(button("Stop", stop, "stop"), lambda facts: facts.is_running)
        refused = Tag("p", "", "refused", role="alert")
    live.words(lambda facts: facts.says, "p")
    live.rows(Tag("ul", "", "told"), lambda facts: facts.told, lambda words: words, lambda row: Tag("li", row.facts))
    live.rows(Tag("ul", "", "record-list"), lambda facts: facts.lines, lambda words: words, lambda row: Tag("li", row.facts))
    live.rows(Tag("div", "", "rehearsed"), lambda facts: facts.tables, lambda table: table, _table)


def _table(row: Live[tuple[str, tuple[tuple[str, ...], ...]]]) -> Element:
    title, (head, *rows) = row.facts
    columns: list[Column[tuple[str, ...]]] = [
        Column(head=name, words=partial(_cell, place), is_number=bool(place) and len(head) > 2, prose=len(head) == 2)
        for place, name in enumerate(head)
    ]
    with Tag("div") as found:
        Tag("h3", title)
        live_table(Live(rows), columns, lambda all_rows: all_rows, lambda cells: cells, label=title, nothing="None.")
    return found


def _cell(place: int, cells: tuple[str, ...]) -> str:
    return cells[place]
