"""The journal explorer: filter, tail, read a record, verify the chain, export."""

from collections.abc import Callable
from typing import Final

from fairway.operations.trader.read_journal import JournalName
from fairway.panel.elements import Tag, button, card, typed
from fairway.panel.feed import Unseen
from fairway.panel.journal_export import EXPORT, ExportForm
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision
from fairway.panel.page import LISTS, Audience, Given, Page
from fairway.panel.pages.journal_facts import (
    FILTER_MAX,
    PATH,
    JournalFacts,
    JournalPlace,
    RecordFacts,
    journal_question,
    place_of,
)
from fairway.panel.pages.journal_verdict import verdict_part
from fairway.panel.tables import Column, live_table
from fairway.panel.unseen import say_unseen
from fairway.panel.visit import Visit

_FILTERS: Final = (
    ("account", "Account", "main"),
    ("author", "Author", "trader"),
    ("kind", "Kind", "OrderFilled"),
    ("text", "Text in the body", "BTC/USDT"),
)


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    place = place_of(given)
    Tag("h1", "Journal")
    _filters(visit, place)
    live = await visit.live(journal_question(place))
    with Tag("div", "", "cards"):
        with card("Verify the chain", "verify"):
            verdict_part(visit, place.journal)
        with card("Export", "export"):
            _export(place.journal)
        with card("Records", "records"):
            if isinstance(live, Unseen):
                say_unseen(live)
            else:
                _records(live, place)


def _filters(visit: Visit, place: JournalPlace) -> None:
    """A form that leads to the address of what it names, so that a search can be kept and sent."""
    with Tag("form", "", "filters", method="get", action=PATH, role="search", aria_label="Records"):
        with Tag("label", "Journal"), Tag("select", name="journal"):
            for each in JournalName:
                if visit.sees_all or each is not JournalName.LAUNCH:
                    Tag("option", each.value, value=each.value, selected=(each is place.journal) or None)
        for name, label, example in _FILTERS:
            with Tag("label", label):
                kept = getattr(place.wanted, name)
                Tag(
                    "input",
                    name=name,
                    type="search",
                    value=kept or None,
                    placeholder=f"any, such as {example}",
                    maxlength=FILTER_MAX,
                )
        with Tag("label", "After record"):
            at = None if place.after is None else str(place.after)
            Tag(
                "input",
                name="after",
                type="text",
                inputmode="numeric",
                pattern="[0-9]*",
                placeholder="the newest",
                **typed(at or ""),
            )
        Tag("button", "Show", type="submit")
        Tag("a", "Clear", "clear", href=f"{PATH}?journal={place.journal.value}")


def _records(live: Live[JournalFacts], place: JournalPlace) -> None:
    stopped: list[JournalFacts] = []

    def seen(facts: JournalFacts) -> JournalFacts:
        return stopped[0] if stopped else facts

    with Tag("div", "", "where-in-journal"):
        live.words(lambda facts: seen(facts).sentence, "p")
        with Tag("p", "", "pages"):
            _page_link(live, "‹ Older", lambda facts: seen(facts).older)
            _page_link(live, "Newer ›", lambda facts: seen(facts).newer)
            if place.is_tail:
                _tail_button(live, stopped)
    opened = place.after is not None
    live_table(
        live,
        _columns(lambda record: opened and record.seq == live.facts.records[0].seq),
        lambda facts: seen(facts).records,
        lambda record: record.seq,
        label="Records of the journal",
        nothing="No record fits. Other records: clear the filter, choose another journal, or type ",
        command="fairway journal show JOURNAL",
    )


def _page_link(live: Live[JournalFacts], words: str, get: Callable[[JournalFacts], str]) -> None:
    link = Tag("a", words)
    live.attribute(link, "href", lambda facts: get(facts) or None)
    live.visible(link, lambda facts: bool(get(facts)))


def _tail_button(live: Live[JournalFacts], stopped: list[JournalFacts]) -> None:
    def turn() -> None:
        if stopped:
            stopped.clear()
        else:
            stopped.append(live.facts)
        found.set_text("Follow new records" if stopped else "Stop following")
        found.attribute("aria-pressed", "true" if stopped else "false")

    found = button("Stop following", turn, "quiet", aria_pressed="false")


def _columns(is_open: Callable[[RecordFacts], bool]) -> tuple[Column[RecordFacts], ...]:
    return (
        Column(head="Number", words=lambda record: f"{record.seq:,}", is_number=True),
        Column(head="Time, UTC", at=lambda record: record.at, precision=InstantPrecision.MILLISECOND),
        Column(head="Account", words=lambda record: record.account),
        Column(head="Author", words=lambda record: record.author),
        Column(head="Kind", words=lambda record: record.kind),
        Column(head="Content", build=lambda row: _content(row.facts, is_open=is_open(row.facts))),
    )


def _content(record: RecordFacts, *, is_open: bool) -> None:
    """A line, which opens all of it. What is not opened is not sent."""
    is_filled = False

    def fill() -> None:
        nonlocal is_filled
        if is_filled:
            return
        is_filled = True
        with place:
            Tag("pre", record.full_text, tabindex="0", aria_label=f"body of record {record.seq}")
            Tag("p", f"version {record.version}, digest {record.digest}", "digest")

    with Tag("details", "", "record", open=is_open or None).on("toggle", fill, args=[]):
        Tag("summary", record.what or "nothing besides its kind")
        place = Tag("div")
    if is_open:
        fill()


def _export(journal: JournalName) -> None:
    Tag("p", f"All records of the journal of the {journal.value} that you may see. Bodies and digests are kept to the byte.")
    with Tag("p", "", "downloads"):
        for form in ExportForm:
            Tag("a", f"Export {form.words}", href=f"{EXPORT}?journal={journal.value}&form={form.value}", download=True)


PAGE: Final = Page(
    styles=LISTS,
    path="/journal",
    title="Journal",
    nav="Journal",
    key="j",
    build=build,
    audience=Audience.ALL,
)
