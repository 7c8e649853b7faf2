"""The launch: stages as a track, gates that fill with evidence, people who approve, and what each command would do."""

from functools import partial
from typing import Final

from nicegui.element import Element

from fairway.panel.command_dialog import Choices, command_button
from fairway.panel.elements import Tag, card, empty
from fairway.panel.feed import Unseen
from fairway.panel.guards import MOUNT
from fairway.panel.launch_axis_chart import launch_axis_chart
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_moment, moment
from fairway.panel.page import Given, Page
from fairway.panel.pages.launch_evidence import evidence
from fairway.panel.pages.launch_facts import LAUNCH, LAUNCH_HISTORY, HistoryFacts, LaunchFacts, LaunchTrackFacts
from fairway.panel.pages.launch_gates import gates
from fairway.panel.pages.launch_people import people
from fairway.panel.pages.launch_stages import stages
from fairway.panel.parts import bar
from fairway.panel.unseen import say_unseen
from fairway.panel.visit import Visit

_COMMANDS: Final[tuple[tuple[str, str, tuple[str, ...], str], ...]] = (
    ("Hold", "launch-hold", ("contain",), "stop"),
    ("Demote", "launch-demote", ("stage",), "stop"),
    ("Abort", "launch-abort", (), "stop"),
    ("Review", "launch-review", (), ""),
)
"""Words, command, what is asked for besides the reason, and classes."""


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    live = await visit.live(LAUNCH)
    if isinstance(live, Unseen):
        Tag("h1", "Launch")
        say_unseen(live)
        Tag("a", "Choose a plan, rehearse it, and begin the launch", "next-step", href=f"{MOUNT}/launch/plan")
        empty("Without fairway up it begins beside a trader with ", "fairway launch start fairway.yaml beta")
        return
    _headline(live)
    live.rows(Tag("div", "", "tracks"), lambda facts: facts.tracks, lambda each: each.name, partial(_track, visit, live))
    history = await visit.live(LAUNCH_HISTORY)
    with card("On one time axis", "axis"):
        if isinstance(history, Unseen):
            say_unseen(history)
        else:
            launch_axis_chart(visit, history, lambda facts: facts.axis)
    if not isinstance(history, Unseen):
        with card("What happened", "news"):
            _news(history)


def _headline(live: Live[LaunchFacts]) -> None:
    with Tag("div", "", "headline"):
        live.words(lambda facts: f"Launch of the plan {facts.plan}", "h1")
        with Tag("p", "", "about"):
            Tag("span", "begun ")
            live_moment(live, lambda facts: facts.begun_at)
            live.words(lambda facts: f", written by {facts.author}; {facts.money}; plan {facts.digest[:12]}")
            live.words(lambda facts: f", release {facts.release[:12] or 'not known yet'}")
        waiting = live.words(lambda facts: f"{facts.waiting} instructions wait for a pilot to read them", "p", "duty")
        live.visible(waiting, lambda facts: bool(facts.waiting))
        with Tag("p", "", "links"):
            Tag("a", "GO or NO-GO record", href=f"{MOUNT}/launch/record")
            Tag("a", "Plan and rehearsal", href=f"{MOUNT}/launch/plan")


def _track(visit: Visit, whole: Live[LaunchFacts], row: Live[LaunchTrackFacts]) -> Element:
    is_first = row.facts.name == whole.facts.tracks[0].name
    with Tag("section", "", "launch-track", aria_label=f"Track {row.facts.name}") as found:
        with Tag("div", "", "track-head"):
            _where(row)
            _commands(visit, row)
        with Tag("div", "", "columns"):
            with card("Stages", "stages"):
                stages(row)
            with card("Gates of this stage", "gates-card"):
                gates(row)
            with Tag("div", "", "right-column"):
                people(visit, row)
                if is_first:  # evidence is the whole plan's
                    evidence(visit, whole)
    return found


def _where(row: Live[LaunchTrackFacts]) -> None:
    with Tag("div", "", "where-now"):
        with Tag("h2"):
            row.mark(lambda each: each.track.mark)
            row.words(lambda each: f"{each.track.name}: {each.track.stage}, {each.track.number}, {each.track.phase}")
        with Tag("p"):
            since = Tag("span", "since ")
            live_moment(row, lambda each: each.track.since)
            row.visible(since, lambda each: bool(each.track.since))
            row.words(lambda each: f" · {each.track.stay}")
        with Tag("div", "", "stay"):
            bar(row, lambda each: each.track.stay_share, lambda each: each.track.stay, "stay in this stage")
        _next(row)


def _next(row: Live[LaunchTrackFacts]) -> None:
    with Tag("p", "", "next") as following:
        row.words(lambda each: f"Next: {each.next.name}, at the earliest ")
        live_moment(row, lambda each: each.next.at)
        row.words(lambda each: f" at today's pace{_but(each)}")
    row.visible(following, lambda each: bool(each.next.name))
    last = row.words(lambda each: "Given up: nothing follows." if each.track.phase == "aborted" else "No stage follows.", "p")
    row.visible(last, lambda each: not each.next.name)


def _but(each: LaunchTrackFacts) -> str:
    return f", if by then comes: {'; '.join(each.next.waits_for)}" if each.next.waits_for else ""


def _commands(visit: Visit, row: Live[LaunchTrackFacts]) -> None:
    track = row.facts.name
    with Tag("div", "", "commands", role="group", aria_label=f"Commands for the track {track}"):
        for words, slug, asked, classes in _COMMANDS:
            if visit.may(slug, track=track):
                command_button(visit, words, slug, {"track": track}, classes=classes, ask=asked, choices=partial(_earlier, row))


def _earlier(row: Live[LaunchTrackFacts]) -> Choices:
    """The stages that a track can go back to."""
    names = [each.name for each in row.facts.stages if each.where == "passed"]
    return {"stage": [("", "the stage before the present one"), *((name, name) for name in names)]}


def _news(live: Live[HistoryFacts]) -> None:
    body = Tag("ol", "", "happened", tabindex="0", aria_label="What happened to the launch, the newest first")
    live.rows(body, lambda facts: facts.news, lambda each: each, _happened)


def _happened(row: Live[tuple[int, str]]) -> Element:
    at, words = row.facts
    with Tag("li") as found:
        moment(at, InstantPrecision.MINUTE)
        Tag("span", words)
    return found


PAGE: Final = Page(styles=("launch",), path="/launch", title="Launch", nav="Launch", key="l", build=build)
