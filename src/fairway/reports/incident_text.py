"""Tells a mishap in plain words: what the exchange did, what Fairway did, in the order of time, and what it cost."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fairway.market.instrument import Instrument
from fairway.orders.ids import Role
from fairway.reports.event_context import Weight
from fairway.reports.incident_demo import Deed, Done, Mishap, MishapKind
from fairway.reports.incident_story import IncidentStep, MishapStory
from fairway.reports.report import Report
from fairway.texts.display import brief_text, count_text, exact_clock_text, moment_text, number, tick_places

INTRODUCTION: Final = (
    "The exchange of this demo was told to misbehave, to show what happens then. On the exchange's side is what it did, by its "
    "own log; on Fairway's what the bot knew and did, by its journal."
)
_TITLES: Final = {
    MishapKind.LOST_ANSWER: "The answer to an accepted order got lost",
    MishapKind.SILENT_STREAM: "The stream was silent while a position was sold",
}
_NAMES: Final = {Role.ENTRY: "order", Role.STOP: "stop", Role.TARGET: "target", Role.EXIT: "closing order"}
_Teller = Callable[[Done, Mishap, Instrument], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLine:
    """One thing that one of the two sides did at a time (UTC); did is what the bot did about it, or `""`."""

    at: str
    is_exchange: bool
    what: str
    did: str = ""
    is_trouble: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSection:
    title: str
    when: str
    symbol: str
    lines: tuple[IncidentLine, ...]
    """Of both sides, oldest first."""
    costs: tuple[str, ...]
    verdict: str
    is_well: bool
    """Whether everything was ordered once and booked once."""


def mishaps_told(report: Report) -> Iterator[IncidentSection]:
    """Each mishap of the run, in their order."""
    for story in report.mishaps:
        mishap = story.mishap
        yield IncidentSection(
            title=_TITLES[mishap.kind],
            when=moment_text(mishap.began_at),
            symbol=mishap.symbol,
            lines=tuple(_lines(story, report.run.instruments[mishap.symbol])),
            costs=tuple(_costs(story)),
            verdict=_verdict(story),
            is_well=story.is_booked_once,
        )


def _lines(story: MishapStory, instrument: Instrument) -> Iterator[IncidentLine]:
    """At the same instant the exchange comes first: the bot cannot know earlier."""
    theirs = [(done.at, _their_line(done, story.mishap, instrument)) for done in story.mishap.done]
    ours = [(step.at, _our_line(step, story.mishap.symbol)) for step in story.steps]
    return (line for _, line in sorted((*theirs, *ours), key=lambda timed: timed[0]))


def _their_line(done: Done, mishap: Mishap, instrument: Instrument) -> IncidentLine:
    return IncidentLine(at=exact_clock_text(done.at), is_exchange=True, what=_DEEDS[done.deed](done, mishap, instrument))


def _our_line(step: IncidentStep, symbol: str) -> IncidentLine:
    """Without the symbol that the mishap is headed with."""
    what = step.words.what.removeprefix(f"{symbol}: ")
    return IncidentLine(
        at=exact_clock_text(step.at),
        is_exchange=False,
        what=f"{what[0].upper()}{what[1:]}",
        did=step.words.did,
        is_trouble=step.words.weight is Weight.TROUBLE,
    )


def _accepted(done: Done, mishap: Mishap, instrument: Instrument) -> str:
    size = f"{number(done.quantity)} {instrument.base}"
    if done.role is Role.ENTRY:
        return f"Accepted the order to buy {size}"
    level = f" at {_price(done, instrument)}" if done.price else ""
    return f"Accepted the {_NAMES[done.role]} for {size}{level}"


def _filled(done: Done, mishap: Mishap, instrument: Instrument) -> str:
    deal = f"{number(done.quantity)} {instrument.base} at {_price(done, instrument)}"
    return f"Filled the order: {deal}" if done.role is Role.ENTRY else f"Sold {deal} by the {_NAMES[done.role]}"


def _price(done: Done, instrument: Instrument) -> str:
    return number(done.price, tick_places(instrument.tick))


def _told_late(done: Done, mishap: Mishap, instrument: Instrument) -> str:
    return f"IncidentSection of it by the account's stream only now, {brief_text(done.at - mishap.began_at)} late"


def _always(what: str) -> _Teller:
    return lambda done, mishap, instrument: what


_DEEDS: Final[Mapping[Deed, _Teller]] = {
    Deed.ACCEPTED: _accepted,
    Deed.TRIGGERED: _always("Triggered the stop: the price had reached it"),
    Deed.FILLED: _filled,
    Deed.ENDED: lambda done, mishap, instrument: f"Ended the {_NAMES[done.role]}",
    Deed.CUT: _always("Cut the connection before the answer was out"),
    Deed.TOLD_LATE: _told_late,
    Deed.FELL_SILENT: _always("Fell silent on the account's stream, which stays open and answers pings"),
    Deed.SPOKE_AGAIN: _always("Speaks again on the account's stream; what it has not told by now it never will"),
}


def _costs(story: MishapStory) -> Iterator[str]:
    if story.mishap.is_purchase and story.naked_ns is None:
        yield "The exchange held the position without a stop for as long as this was watched."
    elif story.naked_ns is not None:
        yield f"The exchange held the position without a stop for {brief_text(story.naked_ns)}."
    elif story.unaware_ns is not None:
        yield f"The bot believed for {brief_text(story.unaware_ns)} that it still held what was sold."
    if story.closed_ns is not None:
        yield f"Nothing could be opened for {brief_text(story.closed_ns)}, until all that was missed had been asked for."


def _verdict(story: MishapStory) -> str:
    deed = "bought" if story.mishap.is_purchase else "sold"
    there = f"{count_text(story.orders, 'order')} and {count_text(len(story.fills), 'fill')} at the exchange"
    if story.is_booked_once:
        return f"{there}, the same in the journal: nothing was {deed} twice."
    return f"{there} ({', '.join(story.fills) or 'none'}); the journal has booked {', '.join(story.booked) or 'none'}."
