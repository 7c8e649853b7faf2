"""One runbook: what it is for, its text, when it was last executed, and a button that runs it."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from fairway.operations.actor import Actor
from fairway.operations.runbooks.listing import SHOW_RUNBOOK, RunbookRequest
from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, card
from fairway.panel.feed import Question
from fairway.panel.page import LISTS, Audience, Given, Page
from fairway.panel.pages.incidents_facts import FOLDED_FRESH_NS, RunbookLine, runbook_line
from fairway.panel.sources import Sources
from fairway.panel.unseen import seen
from fairway.panel.visit import Visit

_ASKED: Final = ("account", "incident")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookPageFacts:
    """text: as its file has it. needs_pair: whether it is about one."""

    line: RunbookLine
    text: str
    needs_pair: bool


def _ask(name: str, sources: Sources, actor: Actor) -> RunbookPageFacts:
    """Raises what the operation raises."""
    request = RunbookRequest(config=sources.context.config, name=name)
    found = sources.outcome(actor, SHOW_RUNBOOK, request, FOLDED_FRESH_NS)
    text = found.written.text
    return RunbookPageFacts(line=runbook_line(found.summary), text=text, needs_pair="{symbol}" in text)


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    name = given["runbook"]
    Tag("h1", f"Runbook {name}")
    live = await seen(visit, Question("runbook", partial(_ask, name), about=name))
    if live is None:
        return
    with Tag("div", "", "headline"):
        live.words(lambda facts: facts.line.about, "p", "safety")
        with Tag("p"):
            live.mark(lambda facts: facts.line.mark)
            live.words(lambda facts: f"Last executed: {facts.line.last}")
    if visit.may("runbook-run"):
        asked = ("symbol", *_ASKED) if live.facts.needs_pair else _ASKED
        with Tag("p", "", "actions"):
            command_button(visit, "Run", "runbook-run", {"runbook": name}, ask=asked)
    with Tag("div", "", "cards stacked"), card("Its steps, as its file has them"):
        Tag("pre", live.facts.text, "draft", tabindex="0", aria_label="text of the runbook")


PAGE: Final = Page(styles=LISTS, path="/runbooks/{runbook}", title="Runbook", build=build, audience=Audience.ALL)
