"""The market of the practice exchange on its page: prices, its time, and what moves both."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from fairway.operations.practice.market import TimeStep
from fairway.panel.elements import Tag
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_moment
from fairway.panel.one_click import act_button
from fairway.panel.pages.practice_facts import PracticeFacts, PriceFacts
from fairway.panel.tables import Column, live_table
from fairway.panel.visit import Visit
from fairway.world.clock import SECOND

PRICES: Final[tuple[Column[PriceFacts], ...]] = (
    Column(head="pair", words=lambda row: row.symbol),
    Column(head="last", words=lambda row: row.last, is_number=True),
    Column(head="spread", words=lambda row: row.spread, is_number=True),
    Column(head="state", words=lambda row: row.status, mark=lambda row: row.mark),
)
SPEEDS: Final = (1, 10, 60)
JUMPS: Final = (("1 min", "1m"), ("10 min", "10m"), ("1 h", "1h"))
GAPS: Final = ("-10", "-5", "-2", "+2", "+5")
_VALUE: Final = "(e) => emit(e.target.value)"


def market_controls(visit: Visit, live: Live[PracticeFacts]) -> None:
    """The card's content."""
    live_table(live, PRICES, lambda facts: facts.prices, lambda row: row.symbol, label="Prices", nothing="No pair is listed.")
    with Tag("p", "", "market-time"):
        Tag("span", "its time ")
        live_moment(live, lambda facts: facts.market_now, InstantPrecision.SECOND, classes="figure")
        live.words(lambda facts: facts.clock, classes="where-clock")
        live.words(lambda facts: facts.clock_note, classes="clock-note")
    said = Tag("p", "", "outcome", role="status")
    _running(visit, live, said)
    _jumps(visit, live, said)
    _gap(visit, live, said)


def _running(visit: Visit, live: Live[PracticeFacts], said: Tag) -> None:
    with _group("Time and speed", "market"):
        pause = act_button(visit, "Pause the market", "practice-time", {"step": TimeStep.PAUSE}, said)
        resume = act_button(visit, "Let it go on", "practice-time", {"step": TimeStep.RESUME}, said, "raises")
        live.visible(pause, lambda facts: not facts.is_paused)
        live.visible(resume, lambda facts: facts.is_paused)
        for times in SPEEDS:
            given = {"step": TimeStep.SPEED, "times": times}
            chosen = act_button(visit, f"{times} ×", "practice-time", given, said, aria_label=f"{times} times as fast")
            live.attribute(chosen, "aria-pressed", partial(_is_speed, times))


def _is_speed(times: int, facts: PracticeFacts) -> str:
    return str(facts.speed == times).lower()


def _jumps(visit: Visit, live: Live[PracticeFacts], said: Tag) -> None:
    with _group("Jump ahead by", "jump"):
        for words, ahead in JUMPS:
            act_button(visit, words, "practice-time", {"step": TimeStep.JUMP, "ahead": ahead}, said)

        def to_the_clock() -> Mapping[str, Any]:
            return {"step": TimeStep.JUMP, "ahead": f"{max(1, live.facts.behind // SECOND)}s"}

        catch_up = act_button(visit, "to the clock", "practice-time", to_the_clock, said)
        live.visible(catch_up, lambda facts: facts.behind > 0)


def _gap(visit: Visit, live: Live[PracticeFacts], said: Tag) -> None:
    chosen = {"symbol": live.facts.prices[0].symbol if live.facts.prices else ""}
    with _group("Gap in price", "gap"):
        with Tag("select", aria_label="pair of the gap") as select:
            for each in live.facts.prices:
                Tag("option", each.symbol, value=each.symbol)
        select.on("change", lambda event: chosen.update(symbol=str(event.args)), js_handler=_VALUE)
        for percent in GAPS:

            def given(percent: str = percent) -> Mapping[str, Any]:
                return {"symbol": chosen["symbol"], "percent": percent}

            words = percent.replace("-", "−")
            act_button(visit, f"{words} %", "practice-gap", given, said)


def _group(words: str, name: str) -> Tag:
    """Buttons that belong together, under a label."""
    found = Tag("div", "", "button-group", role="group", aria_labelledby=f"group-{name}")
    with found:
        Tag("span", words, "group-name", id=f"group-{name}")
    return found
