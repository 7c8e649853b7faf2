"""What the overview says: whether the money is safe, what happens next, and what a person must do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fairway.assembly.tower import NotBegun
from fairway.operations.actor import Actor
from fairway.operations.alerts.show import ALERTS, AlertsOutcome, AlertsRequest
from fairway.operations.launch.show import SHOW_LAUNCH, LaunchOutcome, ShowLaunchRequest
from fairway.operations.trader.caps import CAPS, CapsRequest
from fairway.operations.trader.status import STATUS, StatusRequest
from fairway.operations.trader.worth import WORTH, WorthRequest
from fairway.panel.facts.caps import CapFacts, cap_facts
from fairway.panel.facts.events import EventFacts, recent_events
from fairway.panel.facts.kills import ask_kills
from fairway.panel.facts.life import LifeSign, life_signs
from fairway.panel.facts.money import Curve, MoneyFacts, drawn_curve, money_facts
from fairway.panel.facts.positions import PositionFacts, position_facts
from fairway.panel.facts.safety import safety
from fairway.panel.facts.tracks import TrackFacts, track_facts
from fairway.panel.feed import Question
from fairway.panel.sources import SETTLED_NS, Sources
from fairway.panel.state_marks import Mark
from fairway.texts.display import count_text
from fairway.world.clock import SECOND

CURVE_NS: Final = 10 * SECOND
"""The curve of a week is asked again after this time."""


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that waits for a person. page: where it is done, within the panel; "" where it is told only."""

    words: str
    page: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewFacts:
    """safety, coming: sentences at the top. duties: what a person must do, and where."""

    safety: str
    safety_mark: Mark
    coming: str
    duties: tuple[Duty, ...]
    money: MoneyFacts
    curve: Curve
    tracks: tuple[TrackFacts, ...]
    no_launch: str
    signs: tuple[LifeSign, ...]
    alerts: str
    alerts_mark: Mark
    positions: tuple[PositionFacts, ...]
    caps: tuple[CapFacts, ...]
    events: tuple[EventFacts, ...]


def overview_facts(sources: Sources, actor: Actor) -> OverviewFacts:
    """Raises what the operations raise."""
    config = sources.context.config
    status = sources.outcome(actor, STATUS, StatusRequest(config=config))
    caps = sources.outcome(actor, CAPS, CapsRequest(config=config))
    alerts = sources.outcome(actor, ALERTS, AlertsRequest(config=config))
    worth = sources.outcome(actor, WORTH, WorthRequest(config=config), CURVE_NS)
    try:
        launch: LaunchOutcome | None = sources.outcome(actor, SHOW_LAUNCH, ShowLaunchRequest(config=config), SETTLED_NS)
        no_launch = ""
    except NotBegun as error:
        launch, no_launch = None, str(error)
    positions = position_facts(status)
    tracks = track_facts(launch) if launch is not None else ()
    sentence, mark = safety(status, positions, ask_kills(sources, actor, caps, launch))
    limiting = cap_facts(caps)
    return OverviewFacts(
        safety=sentence,
        safety_mark=mark,
        coming=_coming(tracks, no_launch),
        duties=tuple(duties_of(tracks, alerts, limiting, caps.waiting_trouble)),
        money=money_facts(status, worth),
        curve=drawn_curve(worth),
        tracks=tracks,
        no_launch=no_launch,
        signs=life_signs(sources, status, launch, alerts),
        alerts=alerts_words(alerts),
        alerts_mark=_alerts_mark(alerts),
        positions=positions,
        caps=limiting,
        events=recent_events(sources, actor),
    )


def _coming(tracks: Sequence[TrackFacts], no_launch: str) -> str:
    if not tracks:
        return f"No launch flies: {no_launch}"
    return " ".join(each.sentence for each in tracks)


def duties_of(
    tracks: Sequence[TrackFacts], alerts: AlertsOutcome, caps: Sequence[CapFacts], waiting_trouble: str
) -> Iterator[Duty]:
    """What waits for a person: first what keeps accounts from trading."""
    killed = dict.fromkeys(each.account for each in caps if each.is_kill)
    if killed:
        yield Duty(f"resume {', '.join(killed)} once it is in order", "/control")
    stopping: dict[str, dict[str, None]] = {}
    for each in caps:
        if each.id and not each.is_kill and each.mark is not Mark.GOOD:
            stopping.setdefault(f"{each.what} {each.symbol}".rstrip(), {})[each.account] = None
    for what, accounts in stopping.items():
        yield Duty(f"lift the cap {what} of {', '.join(accounts)}, or let it stand", "/risk")
    yield from _of_launch(tracks)
    if alerts.alerts:
        yield Duty(f"look at {count_text(len(alerts.alerts), 'open alert')}", "/incidents")
    if waiting_trouble:
        yield Duty(waiting_trouble, "")


def _of_launch(tracks: Sequence[TrackFacts]) -> Iterator[Duty]:
    for track in tracks:
        if any(hold.needs_person for hold in track.holds):
            yield Duty("release what holds the launch", "/launch")
        if track.approvals_missing:
            yield Duty(f"approve {track.next_stage} (missing: {track.approvals_missing})", "/launch")


def alerts_words(alerts: AlertsOutcome) -> str:
    """What fires, in one sentence: how many alerts, and the most urgent one."""
    if alerts.is_silent:
        return "what fires is unknown: alerting is silent"
    if not alerts.alerts:
        return "no alert fires"
    worst = alerts.alerts[0].fired
    of = f" ({worst.key.subject})" if worst.key.subject else ""
    return f"{count_text(len(alerts.alerts), 'alert')}, the worst {worst.severity.value}{of}: {worst.sentence}"


def _alerts_mark(alerts: AlertsOutcome) -> Mark:
    if alerts.is_silent:
        return Mark.UNKNOWN
    return Mark.BAD if alerts.alerts else Mark.GOOD


OVERVIEW: Final = Question("overview", overview_facts)
