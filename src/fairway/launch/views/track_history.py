"""What became of a launch over time, from its journal: stages, holds, results of gates, limits in force, and what happened."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from fairway.launch.control import launch_events, lifecycle
from fairway.launch.views.event_text import event_in_words
from fairway.money.amount import ZERO
from fairway.risk.limits import Limits, TradingState

NEWS_MAX: Final = 200
"""Sentences that are kept, the newest."""
TOLD: Final = frozenset(
    each.__name__
    for each in (
        *lifecycle.MOVES,
        launch_events.LaunchBegan,
        launch_events.PilotStarted,
        launch_events.ReleaseChanged,
        launch_events.EvidenceTaken,
        launch_events.ApprovalGiven,
        launch_events.WaiverGranted,
        launch_events.Reviewed,
        launch_events.HoldRaised,
        launch_events.HoldLifted,
        launch_events.ClockStopped,
        launch_events.ClockStarted,
        launch_events.KillOrdered,
        launch_events.KillDone,
        launch_events.InstructionAnswered,
    )
)
"""Kinds of events that are told in words."""
KINDS: Final = TOLD | {launch_events.Decided.__name__, launch_events.LeaseIssued.__name__}
"""Kinds of events that a history is made of."""


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """From an instant until another (ns); until 0: it lasts. name: of a stage, a gate's result, or what a hold is for."""

    name: str
    since: int
    until: int = 0
    contains: bool = False
    """Of a hold: whether nothing is opened meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackHistory:
    """Oldest first. gates: by name of a gate, its results."""

    stages: tuple[TimeSpan, ...]
    gates: Mapping[str, tuple[TimeSpan, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchHistory:
    """tracks: by name. allowed: from when on how much all accounts together may put to work, in quote; zero is nothing.

    news: (instant, sentence), oldest first.
    """

    began_at: int
    tracks: Mapping[str, TrackHistory]
    holds: tuple[TimeSpan, ...]
    allowed: tuple[tuple[int, Decimal], ...]
    news: tuple[tuple[int, str], ...]


def launch_history(events: Iterable[tuple[int, Any]]) -> LaunchHistory:
    """events: (instant in ns, event) of a launch's journal, oldest first; kinds that are not in KINDS are passed over."""
    made = _Making()
    for at, event in events:
        made.take(at, event)
    return made.history()


@dataclass(slots=True)
class _Making:
    began_at: int = 0
    stages: dict[str, list[TimeSpan]] = field(default_factory=dict)
    gates: dict[str, dict[str, list[TimeSpan]]] = field(default_factory=dict)
    holds: list[TimeSpan] = field(default_factory=list)
    open_holds: dict[str, TimeSpan] = field(default_factory=dict)
    leases: dict[str, tuple[int, Limits]] = field(default_factory=dict)
    allowed: list[tuple[int, Decimal]] = field(default_factory=list)
    news: list[tuple[int, str]] = field(default_factory=list)

    def take(self, at: int, event: Any) -> None:
        self.began_at = self.began_at or at
        self._note_lapsed(at)
        match event:
            case lifecycle.StageEntered(track=track, name=name) | lifecycle.TrackDemoted(track=track, name=name):
                self._enter(track, name, at)
            case lifecycle.TrackRearmed(track=track) | lifecycle.TrackAborted(track=track):
                _end(self.stages.get(track, []), at)
                self._end_gates(track, at)
            case launch_events.HoldRaised(hold=hold):
                self._close_hold(hold.id, at)
                self.open_holds[hold.id] = TimeSpan(hold.reason, at, contains=hold.contains)
            case launch_events.HoldLifted(hold_id=hold_id):
                self._close_hold(hold_id, at)
            case launch_events.Decided():
                self._judge(event, at)
            case launch_events.LeaseIssued():
                self.leases.update(dict.fromkeys(event.accounts, (event.until, event.limits)))
                self._note_allowed(at)
        if type(event).__name__ in TOLD and (words := event_in_words(event)):
            self.news.append((at, words))
            del self.news[:-NEWS_MAX]

    def history(self) -> LaunchHistory:
        return LaunchHistory(
            began_at=self.began_at,
            tracks={
                name: TrackHistory(
                    stages=tuple(self.stages.get(name, ())),
                    gates={gate: tuple(spans) for gate, spans in self.gates.get(name, {}).items()},
                )
                for name in dict.fromkeys((*self.stages, *self.gates))
            },
            holds=tuple(sorted((*self.holds, *self.open_holds.values()), key=lambda each: each.since)),
            allowed=tuple(self.allowed),
            news=tuple(self.news),
        )

    def _enter(self, track: str, name: str, at: int) -> None:
        """The gates of the stage that is left are asked no more."""
        spans = self.stages.setdefault(track, [])
        _end(spans, at)
        self._end_gates(track, at)
        spans.append(TimeSpan(name, at))

    def _end_gates(self, track: str, at: int) -> None:
        for spans in self.gates.get(track, {}).values():
            _end(spans, at)

    def _close_hold(self, hold_id: str, at: int) -> None:
        if (held := self.open_holds.pop(hold_id, None)) is not None:
            self.holds.append(TimeSpan(held.name, held.since, at, held.contains))

    def _judge(self, event: launch_events.Decided, at: int) -> None:
        for track, verdicts in event.verdicts.items():
            for verdict in verdicts:
                spans = self.gates.setdefault(track, {}).setdefault(verdict.gate, [])
                if spans and not spans[-1].until and spans[-1].name == verdict.result.value:
                    continue
                _end(spans, at)
                spans.append(TimeSpan(verdict.result.value, at))

    def _note_lapsed(self, at: int) -> None:
        """A lease that was not renewed has ended by itself, at its own instant."""
        ended = [until for until, limits in self.leases.values() if until <= at and limits.state is TradingState.ACTIVE]
        if ended:
            last = max(ended)
            self.leases = {account: given for account, given in self.leases.items() if given[0] > last}
            self._note_allowed(last)

    def _note_allowed(self, at: int) -> None:
        active = [limits for until, limits in self.leases.values() if until > at and limits.state is TradingState.ACTIVE]
        each = sum((limits.capital.value for limits in active if limits.capital is not None), ZERO)
        total = min((limits.capital_total.value for limits in active if limits.capital_total is not None), default=each)
        now = min(each, total)
        if not self.allowed or self.allowed[-1][1] != now:
            self.allowed.append((at, now))


def _end(spans: list[TimeSpan], at: int) -> None:
    if spans and not spans[-1].until:
        last = spans[-1]
        spans[-1] = TimeSpan(last.name, last.since, at, last.contains)
