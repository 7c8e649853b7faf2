"""The overview: is the money safe, what happens next, what must I do; all of it in one screen."""

from typing import Any, Final

from nicegui.element import Element

from fairway.panel.elements import Tag, card, empty, mark_of, moment, table
from fairway.panel.facts.caps import CapFacts
from fairway.panel.facts.life import LifeSign
from fairway.panel.facts.money import Signed
from fairway.panel.facts.positions import PositionFacts
from fairway.panel.facts.tracks import GateFacts, TrackFacts
from fairway.panel.feed import Unseen
from fairway.panel.guards import MOUNT
from fairway.panel.live import Live
from fairway.panel.page import Given, Page
from fairway.panel.pages.overview_facts import OVERVIEW, EventFacts, OverviewFacts
from fairway.panel.state_marks import Mark
from fairway.panel.unseen import say_unseen
from fairway.panel.visit import Visit
from fairway.panel.worth_chart import worth_chart
from fairway.world.clock import MILLISECOND


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    Tag("h1", "Overview", "only-read-out")
    live = await visit.live(OVERVIEW)
    if isinstance(live, Unseen):
        say_unseen(live)
        return
    with Tag("div", "", "headline"):
        with Tag("p", "", "safety"):
            live.mark(lambda facts: facts.safety_mark)
            live.words(lambda facts: facts.safety)
        live.words(lambda facts: facts.coming, "p")
        live.words(lambda facts: facts.duty, "p", "duty")
    with Tag("div", "", "cards"):
        with card("Money", "money", f"{MOUNT}/orders"):
            _money(live)
        with card("Launch", "launch", f"{MOUNT}/launch"):
            _launch(live)
        with card("Signs of life", "signs", f"{MOUNT}/control"):
            _signs(live)
        with card("Positions", "positions", f"{MOUNT}/orders"):
            _positions(live)
        with card("What limits us now", "caps", f"{MOUNT}/risk"):
            _caps(live)
        with card("Lately", "lately", f"{MOUNT}/journal"):
            _events(live)


def _money(live: Live[OverviewFacts]) -> None:
    with Tag("p", "", "figure"):
        live.words(lambda facts: facts.money.worth, classes="big number")
        live.words(lambda facts: facts.money.unit, classes="unit")
    with Tag("dl", "", "pairs"):
        for name, get in (("today", lambda facts: facts.money.today), ("in all", lambda facts: facts.money.in_all)):
            Tag("dt", name)
            signed(live, get, "dd")
        Tag("dt", "below the highest")
        live.words(lambda facts: facts.money.fall, "dd", "number")
        Tag("dt", "trades")
        live.words(lambda facts: facts.money.trades, "dd", "number")
    worth_chart(live, lambda facts: facts.curve, lambda facts: facts.money.unit, days=7)


def signed(live: Live[Any], get: Any, tag: str) -> Tag:
    """An amount with its sign, in the colour of a gain or a loss."""

    def words(facts: Any) -> str:
        found: Signed = get(facts)
        return found.words

    def tone(facts: Any) -> str:
        found: Signed = get(facts)
        return found.tone

    element = live.words(words, tag, "number")
    live.toned(element, tone)
    return element


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


def gate_line(row: Live[GateFacts]) -> Element:
    """One gate as a line: its name, its bar, what is there of what it needs, and its mark."""
    with Tag("li", "", "gate") as found:
        row.words(lambda gate: gate.name, classes="name")
        bar(row, lambda gate: gate.share, lambda gate: gate.gathered or gate.result, "evidence")
        row.mark(lambda gate: gate.mark)
    row.attribute(found, "title", lambda gate: f"{gate.result}: {gate.why}")
    return found


def bar(row: Live[Any], share: Any, words: Any, label: str) -> None:
    """A bar that fills; hatched where it is not known how far it is."""
    with Tag("span", "", "bar", role="progressbar", aria_label=label, aria_valuemin="0", aria_valuemax="100") as found:
        fill = Tag("span", "", "fill")
        row.words(words, classes="on-bar")
    row.attribute(found, "aria-valuenow", lambda facts: None if share(facts) is None else str(round(share(facts) * 100)))
    row.attribute(found, "aria-valuetext", words)
    row.toned(found, lambda facts: "not-known" if share(facts) is None else "full" if share(facts) >= 1 else "")
    row.bind(share, lambda value: fill.style(replace=f"width:{(value or 0) * 100:.1f}%"))


def _signs(live: Live[OverviewFacts]) -> None:
    live.rows(Tag("ul", "", "life"), lambda facts: facts.signs, lambda sign: sign.name, _sign)
    with Tag("p", "", "alerts"):
        live.mark(lambda facts: facts.alerts_mark)
        live.words(lambda facts: facts.alerts)


def _sign(row: Live[LifeSign]) -> Element:
    with Tag("li") as found:
        row.mark(lambda sign: sign.mark)
        row.words(lambda sign: sign.name, classes="name")
        since = Tag("span", "", "age")
        row.attribute(since, "data-at", lambda sign: str(sign.at // MILLISECOND) if sign.at else None)
        row.words(lambda sign: sign.why, classes="why")
    return found


def _positions(live: Live[OverviewFacts]) -> None:
    body = table(
        "positions",
        "Pair",
        "Account",
        "Quantity>",
        "Entry>",
        "Price>",
        "Result>",
        "Stop>",
        "Stop to target",
        "Target>",
        label="Open positions",
    )
    live.rows(body, lambda facts: facts.positions, lambda each: each.key, position_row)
    nothing = empty("Nothing is held. Positions appear as the strategy opens them.")
    live.visible(nothing, lambda facts: not facts.positions)


def position_row(row: Live[PositionFacts]) -> Element:
    """One position as a row of nine cells."""
    with Tag("tr") as found:
        with Tag("th", scope="row"):
            row.mark(lambda each: each.mark)
            row.words(lambda each: each.symbol)
        row.words(lambda each: each.account, "td")
        row.words(lambda each: each.quantity, "td", "number")
        row.words(lambda each: each.entry, "td", "number")
        row.words(lambda each: each.price, "td", "number")
        signed(row, lambda each: each.result, "td")
        row.words(lambda each: each.stop, "td", "number")
        with Tag("td", "", "between"), Tag("span", "", "rail") as rail:
            row.words(lambda each: f"−{each.to_stop}", classes="to-stop number")
            with Tag("span", "", "line"):
                dot = Tag("span", "", "dot")
            row.words(lambda each: f"+{each.to_target}", classes="to-target number")
        row.bind(lambda each: each.place, lambda place: dot.style(replace=f"left:{(0.5 if place is None else place) * 100:.1f}%"))
        row.visible(rail, lambda each: each.place is not None)
        row.words(lambda each: each.target, "td", "number")
    return found


def _caps(live: Live[OverviewFacts]) -> None:
    live.rows(Tag("ul", "", "caps"), lambda facts: facts.caps, lambda cap: cap.key, cap_line)
    nothing = empty("Nothing but the limits of the configuration.")
    live.visible(nothing, lambda facts: not facts.caps)


def cap_line(row: Live[CapFacts]) -> Element:
    """One cap as a line of three parts: what, why, and who lifts it."""
    with Tag("li") as found:
        row.mark(lambda cap: cap.mark)
        row.words(lambda cap: " ".join(filter(None, (cap.account, cap.symbol, cap.what))), classes="name")
        row.words(lambda cap: cap.reason, classes="why")
        row.words(lambda cap: cap.lifted_by, classes="lifted")
    return found


def _events(live: Live[OverviewFacts]) -> None:
    body = Tag("ol", "", "events")
    live.rows(body, lambda facts: facts.events, lambda event: event.seq, _event)
    live.visible(empty("Nothing has happened yet."), lambda facts: not facts.events)


def _event(row: Live[EventFacts]) -> Element:
    event = row.facts
    with Tag("li", "", "trouble-line" if event.mark is Mark.BAD else "") as found:
        moment(event.at)
        if event.mark is not None:
            mark_of(event.mark)
        Tag("span", event.account, "account")
        Tag("span", event.words)
    return found


PAGE: Final = Page(path="/", title="Overview", nav="Overview", key="o", build=build)
