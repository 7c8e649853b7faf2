"""Parts that several pages have: what the money is, whether it is safe, what happened; a bar, a gate, a cap."""

from collections.abc import Callable, Sequence
from typing import Any

from nicegui.element import Element

from fairway.panel.elements import Tag, empty
from fairway.panel.facts.caps import CapFacts
from fairway.panel.facts.events import EventFacts
from fairway.panel.facts.money import Curve, MoneyFacts, Signed
from fairway.panel.facts.tracks import GateFacts
from fairway.panel.guards import MOUNT
from fairway.panel.journal_links import record_at, records_of
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_age, live_moment, moment_words
from fairway.panel.state_marks import Mark
from fairway.panel.worth_chart import worth_chart


def signed(live: Live[Any], get: Callable[[Any], Signed], tag: str) -> Tag:
    """An amount with its sign, in the colour of a gain or a loss."""
    element = live.words(lambda facts: get(facts).words, tag, "number")
    live.toned(element, lambda facts: get(facts).tone)
    return element


def bar(row: Live[Any], share: Callable[[Any], float | None], words: Callable[[Any], str], label: str) -> None:
    """A bar that fills, by a share of one; hatched where the share is not known."""
    with Tag("span", "", "bar", role="progressbar", aria_label=label, aria_valuemin="0", aria_valuemax="100") as found:
        fill = Tag("span", "", "fill")
        row.words(words, classes="on-bar")
    row.attribute(found, "aria-valuenow", lambda facts: _percent(share(facts)))
    row.attribute(found, "aria-valuetext", words)
    row.toned(found, lambda facts: _fullness(share(facts)))
    row.bind(share, lambda value: fill.style(replace=f"width:{(value or 0) * 100:.1f}%"))


def _percent(share: float | None) -> str | None:
    return None if share is None else str(round(share * 100))


def _fullness(share: float | None) -> str:
    return "not-known" if share is None else "full" if share >= 1 else ""


def gate_line(row: Live[GateFacts]) -> Element:
    """One gate as a line: its name, its bar, what is there of what it needs, and its mark."""
    with Tag("li", "", "gate") as found:
        row.words(lambda gate: gate.name, classes="name")
        bar(row, lambda gate: gate.share, lambda gate: gate.gathered or gate.result, "evidence")
        row.mark(lambda gate: gate.mark)
    row.attribute(found, "title", lambda gate: f"{gate.result}: {gate.why}")
    return found


def cap_line(row: Live[CapFacts]) -> Element:
    """One cap as a line: what it is, why it is in force and since when, and who lifts it. Its beginning leads to its record."""
    with Tag("li") as found:
        row.mark(lambda cap: cap.mark)
        row.words(lambda cap: " ".join(filter(None, (cap.account, cap.symbol, cap.what))), classes="name")
        row.words(lambda cap: cap.reason, classes="why")
        since_link(row)
        row.words(lambda cap: cap.lifted_by, classes="lifted")
        code = row.words(lambda cap: cap.code, "code", "code-of")
    row.visible(code, lambda cap: bool(cap.code))
    return found


def since_link(row: Live[CapFacts], before: str = "since ") -> None:
    """Since when a cap is in force, as a link to the records that raised it. before: the word that leads to it."""
    with Tag("a", before, "since") as link:
        live_moment(row, lambda cap: cap.since)
    row.attribute(link, "href", lambda cap: cap.records or None)
    row.visible(link, lambda cap: bool(cap.since))


def safety_line(live: Live[Any], get: Callable[[Any], tuple[str, Mark]]) -> None:
    """Whether the money is safe, as the largest words of a page."""
    with Tag("p", "", "safety"):
        live.mark(lambda facts: get(facts)[1])
        live.words(lambda facts: get(facts)[0])


def money_part(live: Live[Any], get: Callable[[Any], MoneyFacts], curve: Callable[[Any], Curve]) -> None:
    """What the accounts are worth and have earned, and how that went in the last week."""
    with Tag("p", "", "figure"):
        live.words(lambda facts: get(facts).worth, classes="big number")
        live.words(lambda facts: get(facts).unit, classes="unit")
        with Tag("a", "", "at-prices", href=records_of("Marked")) as priced:
            Tag("span", "prices ")
            live_age(live, lambda facts: get(facts).at)
        live.visible(priced, lambda facts: bool(get(facts).at))
    with Tag("dl", "", "pairs"):
        Tag("dt", "today")
        signed(live, lambda facts: get(facts).today, "dd")
        Tag("dt", "week")
        signed(live, lambda facts: get(facts).week, "dd")
        with Tag("dt"):
            Tag("a", "in all", href=f"{MOUNT}/orders")
        signed(live, lambda facts: get(facts).in_all, "dd")
        Tag("dt", "below the highest")
        live.words(lambda facts: get(facts).fall, "dd", "number")
        Tag("dt", "trades")
        live.words(lambda facts: get(facts).trades, "dd", "number")
    worth_chart(live, curve, lambda facts: get(facts).unit, days=7)


def events_part(live: Live[Any], get: Callable[[Any], Sequence[EventFacts]]) -> None:
    """What happened lately, the newest first."""
    live.rows(Tag("ol", "", "events"), get, lambda event: event.seq, _event)
    live.visible(empty("Nothing has happened yet."), lambda facts: not get(facts))


def _event(row: Live[EventFacts]) -> Element:
    """Few elements, and no more: with each event every open page gets one of these."""
    event = row.facts
    with Tag("li", "", event.mark.value if event.mark is not None else "") as found:
        row.words(_event_words)
        if event.did or event.can:
            Tag("span", ". ".join(each.rstrip(". ") for each in (event.did, event.can) if each), "did")
        with Tag("a", "", "when", href=record_at(event.seq)):
            live_moment(row, lambda each: each.at)
    return found


def _event_words(event: EventFacts) -> str:
    """Accounts first; of alike lines how many there were, and since when."""
    often = f" ({event.count:,} times since {moment_words(event.since, InstantPrecision.MINUTE)})" if event.count > 1 else ""
    return f"{event.account}  {event.words}{often}"
