"""Faults of the practice exchange on its page: each as a switch with its parameters, and a tour of five of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from nicegui.element import Element

from fairway.operations.practice.fault_kinds import FaultKind, fault_kinds
from fairway.operations.practice.tour import TOUR, TourStep
from fairway.panel.elements import Tag, typed
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_moment
from fairway.panel.one_click import act_button, perform_now
from fairway.panel.pages.practice_facts import FaultFacts, PracticeFacts
from fairway.panel.visit import Visit
from fairway.world.clock import SECOND

LASTING: Final = (("30 s", "30s"), ("1 min", "1m"), ("5 min", "5m"), ("until it is switched off", ""))
_VALUE: Final = "(e) => emit(e.target.value)"


@dataclass(slots=True)
class FaultChoice:
    """What one visitor has chosen for one fault. options: only those that differ from their defaults."""

    name: str
    options: dict[str, str] = field(default_factory=dict)
    account: str = ""
    symbol: str = ""
    lasts: str = LASTING[0][1]

    def given(self) -> Mapping[str, Any]:
        """As the command takes it."""
        lasting = {"lasts": self.lasts} if self.lasts else {}
        options = tuple(f"{name}={value}" for name, value in self.options.items())
        return {"name": self.name, "options": options, "account": self.account, "symbol": self.symbol, **lasting}


def fault_switches(visit: Visit, live: Live[PracticeFacts]) -> None:
    """The card's content: all off at once, and a switch for each kind."""
    with Tag("p", "", "all-off"):
        said = Tag("span", "", "outcome", role="status")
        all_off = act_button(visit, "All off", "practice-clear", {}, said)
        live.visible(all_off, lambda facts: bool(facts.faults))
    with Tag("ul", "", "fault-list"):
        for kind in fault_kinds():
            _switch(visit, live, kind, said)


def _switch(visit: Visit, live: Live[PracticeFacts], kind: FaultKind, said: Tag) -> None:
    chosen = FaultChoice(kind.name)

    async def turn() -> None:
        on = live.facts.faults_named(kind.name)
        if not on:
            await perform_now(visit, "practice-fault", chosen.given(), said)
        for each in on:
            await perform_now(visit, "practice-clear", {"number": each.number}, said)

    words = kind.name.replace("_", " ")
    with Tag("li", "", "fault") as line:
        switch = Tag("button", words, "switch", type="button", role="switch", title=kind.trader)
        switch.on("click", turn, args=[])
        live.attribute(switch, "aria-checked", lambda facts: str(bool(facts.faults_named(kind.name))).lower())
        if not visit.may("practice-fault"):
            switch.attribute("disabled", True)
        Tag("span", kind.what, "what")
        live.rows(Tag("span", "", "lasting"), lambda facts: facts.faults_named(kind.name), lambda each: each.number, _lasting)
        with Tag("details", "", "parameters"):
            Tag("summary", "Parameters").attribute("aria-label", f"Parameters of {words}")
            _parameters(live, kind, chosen)
            Tag("p", kind.trader, "trader")
    live.toned(line, lambda facts: "is-on" if facts.faults_named(kind.name) else "")


def _lasting(row: Live[FaultFacts]) -> Element:
    with Tag("span", "", "on-now") as found:
        row.words(lambda fault: f"on for {fault.words}, until ")
        live_moment(row, lambda fault: fault.until, InstantPrecision.SECOND, nothing="it is switched off")
    return found


def _parameters(live: Live[PracticeFacts], kind: FaultKind, chosen: FaultChoice) -> None:
    with Tag("div", "", "fields"):
        for option in kind.options:
            with Tag("label", option.name.replace("_", " ")):
                entry = Tag("input", type="text", autocomplete="off", **typed(option.value))
            entry.on("input", lambda event, name=option.name: chosen.options.update({name: str(event.args)}), js_handler=_VALUE)
        _select("account", ["", *(each.name for each in live.facts.accounts)], lambda value: setattr(chosen, "account", value))
        _select("pair", ["", *(each.symbol for each in live.facts.prices)], lambda value: setattr(chosen, "symbol", value))
        with Tag("label", "lasts"), Tag("select") as select:
            for words, value in LASTING:
                Tag("option", words, value=value)
        select.on("change", lambda event: setattr(chosen, "lasts", str(event.args)), js_handler=_VALUE)


def _select(label: str, values: list[str], choose: Any) -> None:
    with Tag("label", label), Tag("select") as select:
        for value in values:
            Tag("option", value or "all", value=value)
    select.on("change", lambda event: choose(str(event.args)), js_handler=_VALUE)


def tour(visit: Visit, live: Live[PracticeFacts]) -> None:
    """Five faults in three minutes, one button each."""
    with Tag("details", "", "tour", open=True):
        with Tag("summary"):
            Tag("h2", "Five faults in three minutes: what Fairway is for")
        with Tag("ol", "", "steps"):
            for number, step in enumerate(TOUR, start=1):
                _step(visit, live, number, step)


def _step(visit: Visit, live: Live[PracticeFacts], number: int, step: TourStep) -> None:
    words = step.fault.replace("_", " ")
    with Tag("li", "", "step") as found:
        Tag("h3", f"{number}. {step.title}")
        with Tag("p"):
            Tag("strong", "Watch: ")
            Tag("span", step.watch)
        with Tag("p"):
            Tag("strong", "Fairway: ")
            Tag("span", step.fairway)
        seconds = f"{step.lasts // SECOND}s"
        with Tag("div", "", "do"):
            said = Tag("span", "", "outcome", role="status")
            start = act_button(visit, f"Switch on for {seconds.removesuffix('s')} s", "practice-tour", {"step": number}, said)
            start.attribute("aria-label", f"Switch {words} on for {seconds.removesuffix('s')} s")
            live.attribute(start, "aria-pressed", lambda facts: str(bool(facts.faults_named(step.fault))).lower())
    live.toned(found, lambda facts: "is-on" if facts.faults_named(step.fault) else "")
