"""The overview: is the money safe, what happens next, what must I do; all of it in one screen."""

from typing import Final

from nicegui.element import Element

from fairway.panel.elements import Tag, card, empty
from fairway.panel.facts.caps import CapFacts
from fairway.panel.facts.life import LifeSign
from fairway.panel.facts.tracks import TrackFacts
from fairway.panel.feed import Unseen
from fairway.panel.guards import MOUNT
from fairway.panel.live import Live
from fairway.panel.moments import live_age
from fairway.panel.page import Audience, Given, Page
from fairway.panel.pages import own
from fairway.panel.pages.overview_facts import OVERVIEW, Duty, OverviewFacts
from fairway.panel.parts import bar, cap_line, events_part, gate_line, money_part, safety_line
from fairway.panel.position_columns import OVERVIEW_COLUMNS
from fairway.panel.state_marks import Mark
from fairway.panel.tables import live_table
from fairway.panel.unseen import say_unseen
from fairway.panel.visit import Visit
from fairway.texts.display import count_text

CAPS_SHOWN: Final = 4


async def build(visit: Visit, given: Given) -> None:
    """The page; of who has own accounts only, the own view."""
    if not visit.sees_all:
        await own.build(visit, given)
        return
    Tag("h1", "Overview", "only-read-out")
    live = await visit.live(OVERVIEW)
    if isinstance(live, Unseen):
        say_unseen(live)
        return
    with Tag("div", "", "headline"):
        safety_line(live, lambda facts: (facts.safety, facts.safety_mark))
        live.words(lambda facts: facts.coming, "p")
        with Tag("p", "", "duty"):
            live.words(lambda facts: "You:" if facts.duties else "Nothing waits for you.")
            live.rows(Tag("span", "", "duties"), lambda facts: facts.duties, lambda duty: (duty.page, duty.words), _duty)
    with Tag("div", "", "cards"):
        with card("Money", "money", f"{MOUNT}/orders"):
            money_part(live, lambda facts: facts.money, lambda facts: facts.curve)
        with card("Launch", "launch", f"{MOUNT}/launch"):
            _launch(live)
        with card("Signs of life", "signs", f"{MOUNT}/control"):
            _signs(live)
        with card("Positions", "positions", f"{MOUNT}/orders"):
            _positions(live)
        with card("What limits us now", "caps", f"{MOUNT}/risk"):
            _caps(live)
        with card("Lately", "lately", f"{MOUNT}/journal"):
            events_part(live, lambda facts: facts.events)


def _duty(row: Live[Duty]) -> Element:
    duty = row.facts
    return Tag("a", duty.words, href=f"{MOUNT}{duty.page}") if duty.page else Tag("span", duty.words)


def _launch(live: Live[OverviewFacts]) -> None:
    hint = live.words(lambda facts: facts.no_launch, "p", "empty")
    live.visible(hint, lambda facts: bool(facts.no_launch))
    live.rows(Tag("div", "", "tracks"), lambda facts: facts.tracks, lambda track: track.name, _track)


def _track(row: Live[TrackFacts]) -> Element:
    with Tag("div", "", "track") as found:
        with Tag("p", "", "where"):
            row.mark(lambda track: track.mark)
            row.words(lambda track: f"{track.name}: {track.stage}, {track.number}, {track.phase}")
        bar(row, lambda track: track.stay_share, lambda track: track.stay, "stay")
        row.rows(Tag("ul", "", "gates"), lambda track: track.gates, lambda gate: gate.name, gate_line)
    return found


def _signs(live: Live[OverviewFacts]) -> None:
    live.rows(Tag("ul", "", "life"), lambda facts: facts.signs, lambda sign: sign.name, _sign)
    with Tag("p", "", "alerts"):
        live.mark(lambda facts: facts.alerts_mark)
        live.words(lambda facts: facts.alerts)


def _sign(row: Live[LifeSign]) -> Element:
    with Tag("li") as found:
        row.mark(lambda sign: sign.mark)
        row.words(lambda sign: sign.name, classes="name")
        live_age(row, lambda sign: sign.at)
        why = row.words(lambda sign: sign.why, classes="why")
        row.toned(why, lambda sign: sign.mark.value)
        row.attribute(why, "title", lambda sign: sign.why or None)
    return found


def _positions(live: Live[OverviewFacts]) -> None:
    live_table(
        live,
        OVERVIEW_COLUMNS,
        lambda facts: facts.positions,
        lambda each: each.key,
        label="Open positions",
        nothing="Nothing is held. Positions appear as the strategy opens them.",
    )


def _caps(live: Live[OverviewFacts]) -> None:
    live.rows(Tag("ul", "", "caps"), _first_caps, lambda cap: cap.key, cap_line)
    with Tag("p", "", "more") as more:
        live.words(lambda facts: f"{count_text(len(facts.caps), 'cap')} in force: ")
        Tag("a", "what each allows, and who lifts it", href=f"{MOUNT}/risk")
    live.visible(more, lambda facts: bool(facts.caps))
    nothing = empty("Nothing but the limits of the configuration.")
    live.visible(nothing, lambda facts: not facts.caps)


def _first_caps(facts: OverviewFacts) -> tuple[CapFacts, ...]:
    """What opens nothing comes first: there is room for two or three."""
    return tuple(sorted(facts.caps, key=lambda cap: cap.mark is Mark.GOOD)[:CAPS_SHOWN])


PAGE: Final = Page(path="/", title="Overview", nav="Overview", key="o", audience=Audience.ALL, build=build)
