"""The gates between a track and its next stage: a bar of evidence, the verdict, its numbers, and how it is decided."""

from typing import Final

from nicegui.element import Element

from fairway.launch.gates.registry import BrokenGate, UnknownGate, gate
from fairway.operations.trader.read_journal import JournalName
from fairway.panel.elements import Tag, empty
from fairway.panel.facts.tracks import GateFacts
from fairway.panel.journal_links import records_of
from fairway.panel.live import Live
from fairway.panel.moments import live_moment
from fairway.panel.pages.launch_facts import LaunchTrackFacts
from fairway.panel.parts import bar
from fairway.panel.tables import Column, live_table


def gates(row: Live[LaunchTrackFacts]) -> None:
    """The list, in the order of the plan."""
    row.rows(Tag("ul", "", "gate-list"), lambda each: each.track.gates, lambda each: (each.stage, each.name, each.kind), _gate)
    nothing = empty("No gate stands before the next stage.")
    row.visible(nothing, lambda each: not each.track.gates)


def _gate(row: Live[GateFacts]) -> Element:
    facts = row.facts
    with Tag("li", "", "gate-item", aria_label=f"Gate {facts.name}") as found:
        with Tag("h3"):
            row.mark(lambda each: each.mark)
            Tag("span", facts.name, "name")
            row.words(lambda each: each.result, classes="result")
            told = row.words(lambda each: "told only", classes="quiet")
            row.visible(told, lambda each: not each.blocks and each.result != "PASS")
        bar(row, lambda each: each.share, _gathered, f"evidence of the gate {facts.name}")
        row.words(lambda each: f"{each.why[:1].upper()}{each.why[1:]}.", "p", "why")
        with Tag("p", "", "forecast") as forecast:
            row.words(lambda each: each.forecast)
        row.visible(forecast, lambda each: bool(each.forecast))
        with Tag("details", "", "explained"):
            Tag("summary", "Numbers and formula")
            _numbers(row)
            _asked(facts)
            _explanation(facts.kind)
    return found


def _gathered(each: GateFacts) -> str:
    return each.gathered or each.result


def _numbers(row: Live[GateFacts]) -> None:
    live_table(
        row,
        _NUMBERS,
        lambda each: each.numbers,
        lambda pair: pair[0],
        label=f"Numbers of the gate {row.facts.name}",
        nothing="It has computed no number yet.",
    )
    with Tag("p"):
        Tag("span", "judged from ")
        live_moment(row, lambda each: each.since, nothing="the beginning")
        Tag("span", " to ")
        live_moment(row, lambda each: each.until)
    with Tag("p"):
        Tag("span", "digest of settings and inputs ")
        row.words(lambda each: each.digest[:16] or "none", "code")
    with Tag("p"):
        Tag("a", "the pilot's decisions", href=records_of("Decided", journal=JournalName.LAUNCH))
        Tag("span", " and ")
        Tag("a", "the trader's records", href=records_of())
        Tag("span", " that they are made of")


_NUMBERS: Final[tuple[Column[tuple[str, str]], ...]] = (
    Column(head="number", words=lambda pair: pair[0].replace("_", " ")),
    Column(head="value", words=lambda pair: pair[1], is_number=True),
)


def _asked(facts: GateFacts) -> None:
    """What the plan asks; it stays as it is while the stage does."""
    with Tag("dl", "", "explanation"):
        Tag("dt", "what the plan asks")
        Tag("dd", "; ".join(f"{name}: {value}" for name, value in facts.asked))


def _explanation(kind: str) -> None:
    """As the gate's own file has it: the same that docs/reference/gates.md is made of."""
    try:
        found = gate(kind)
    except (UnknownGate, BrokenGate) as error:
        Tag("p", str(error), "empty")
        return
    with Tag("dl", "", "explanation"):
        for name, words in (
            (f"what a gate {kind} asks", found.question),
            ("how it is decided", found.formula),
            ("what it assumes", found.assumptions),
            ("where that does not hold", found.limitations),
            ("published in", found.reference),
        ):
            if words:
                Tag("dt", name)
                Tag("dd", words)
