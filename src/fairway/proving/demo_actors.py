"""The actors of the demo's launch: who shows evidence, approves, drills and repairs, and what goes wrong when.

They use only what people can use: the command inbox, the exchange's faults, and the bot's quality;
what follows of that is the pilot's.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from fairway.exchange.faults.port import FaultScope
from fairway.exchange.faults.registry import make
from fairway.journal.commands import LiftCap
from fairway.launch.control import commands as said
from fairway.launch.control.command_handler import binds_of, stage_after
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.track_progress import TrackProgress
from fairway.launch.control.transitions import missing_approvals
from fairway.launch.evidence.model import Evidence
from fairway.launch.evidence.survey import UserAnswer
from fairway.launch.plan.compiled_plan import CompiledStage, CompiledTrack
from fairway.launch.plan.stage_ref import StageRef
from fairway.launch.simulation.population import survey_answer
from fairway.proving.degradable_strategy import DegradableStrategy
from fairway.proving.demo_incident import Script
from fairway.proving.launched import LaunchSimulation
from fairway.risk.caps import Lifting
from fairway.texts.durations import duration_words
from fairway.world.clock import DAY, HOUR, MINUTE
from fairway.world.loop import running

OWNER, RISK, OPERATOR = "olga", "ravi", "omar"
WAKES_EVERY_S: Final = 600.0
EVIDENCE_AFTER_S: Final = 300.0
THIN_SYMBOL, THIN = "BTCUSDT", "0.0003"
THINKS_NS: Final = 20 * MINUTE
"""So long after a stage is ready the first of them approves, and the second one as long after that."""
NAMED_MOST: Final = 3
"""Accounts that are named of those that the operator lets trade again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSchedule:
    """When what happens (ns): incident and maintenance after the second stage was first lived in, the rest one after another.

    mended_after: how long after the launch was taken back for a bot that was made worse. drills: after how long in the smallest
    stage the book becomes thin, the trader is restarted, and streams end. looked_after: how long after something was stopped the
    operator has looked, and lets it go on. surveyed_every: where a gate asks for it.
    """

    incident_after: int = 6 * HOUR
    maintenance_after: int = 30 * HOUR
    maintenance_ns: int = 2 * HOUR
    spoiled_after: int = 16 * HOUR
    mended_after: int = HOUR
    drills: tuple[int, int, int] = (HOUR, 4 * HOUR, 6 * HOUR)
    looked_after: int = HOUR
    surveyed_every: int = DAY


@dataclass(slots=True)
class DemoActors:
    """script: the incident of one account. tell: reports what is done; look: reports what is done often."""

    times: DemoSchedule
    strategy: DegradableStrategy
    tell: Callable[[int, str], None]
    look: Callable[[int, str], None]
    script: Script | None = None
    _ready_at: dict[str, int] = field(default_factory=dict)
    _seen_at: dict[str, int] = field(default_factory=dict)
    _shown_at: dict[str, int] = field(default_factory=dict)
    _drilled: dict[int, int] = field(default_factory=dict)
    _thin: int = 0
    _surveyed_at: int = 0
    _spoiled_stage: int = 0
    """In which the launch was when the bot was made worse."""
    _due: dict[str, int] = field(default_factory=dict)
    """When what is to happen next happens (ns), by what it is; 0 for what is over."""

    async def play(self, simulation: LaunchSimulation) -> None:
        """Until cancelled."""
        await asyncio.sleep(EVIDENCE_AFTER_S)
        while True:
            now = running().wall_ns
            self._show_evidence(simulation, now)
            self._approve(simulation, now)
            await self._drill(simulation, now)
            self._go_wrong(simulation, now)
            self._look_after_holds(simulation, now)
            self._look_after_caps(simulation, now)
            self._survey(simulation, now)
            await asyncio.sleep(WAKES_EVERY_S)

    def _say(self, line: str) -> None:
        self.tell(running().wall_ns, line)

    # -- what goes wrong -----------------------------------------------------------------------------------------

    def _go_wrong(self, simulation: LaunchSimulation, now: int) -> None:
        """One thing after another, each when its time has come."""
        track, times = _track(simulation), self.times
        if track.stage > 0 and track.settled_at:
            self._due.setdefault("incident", track.settled_at + times.incident_after)
            self._due.setdefault("maintenance", track.settled_at + times.maintenance_after)
        if self._is_due("incident", now):
            self._begin_incident(simulation)
        if _is_flat(simulation) and self._is_due("maintenance", now):
            self._close_exchange(simulation, now)
            self._due["spoil"] = now + times.maintenance_ns + times.spoiled_after
        if track.stage > 0 and self._is_due("spoil", now):
            self.strategy.is_spoiled, self._spoiled_stage = True, track.stage
            self._say("The bot is made worse, without a word to anybody: it buys what falls, its stop too near")
        if self._is_known_worse(simulation):
            self._due.setdefault("mend", now + times.mended_after)
        if self._is_due("mend", now):
            self.strategy.is_spoiled = False
            self._say("The bot is mended: it trades as it did before")

    def _is_known_worse(self, simulation: LaunchSimulation) -> bool:
        """Whether the launch was rolled back since the bot became worse."""
        return self.strategy.is_spoiled and _track(simulation).stage < self._spoiled_stage

    def _is_due(self, what: str, now: int) -> bool:
        """Once."""
        if not 0 < self._due.get(what, 0) <= now:
            return False
        self._due[what] = 0
        return True

    def _begin_incident(self, simulation: LaunchSimulation) -> None:
        for act in self.script.acts if self.script is not None else ():
            simulation.exchange.context.faults.add(act)

    def _close_exchange(self, simulation: LaunchSimulation, now: int) -> None:
        scope = FaultScope(since=now, until=now + self.times.maintenance_ns)
        simulation.exchange.context.faults.add(make("maintenance", scope, {}, running().chance.child("maintenance")))
        self._say(f"The exchange closes for {duration_words(self.times.maintenance_ns)} of maintenance, without notice")

    # -- what people do ------------------------------------------------------------------------------------------

    def _show_evidence(self, simulation: LaunchSimulation, now: int) -> None:
        """Each item once, and again at half of its time: it counts at every promotion."""
        release = simulation.pilot.launch.release
        for claim in simulation.plan.checklist:
            shown_at = self._shown_at.get(claim.name)
            if shown_at is not None and (not claim.max_age or now - shown_at < claim.max_age // 2):
                continue
            self._shown_at[claim.name] = now
            shown = Evidence(
                claim=claim.name,
                rank=claim.rank,
                holds=True,
                why="shown for the demo",
                producer=OPERATOR,
                made_at=now,
                release=release if claim.of_release else "",
            )
            simulation.tell_pilot(OPERATOR, said.Submit(reason="for the checklist", evidence=shown))

    def _survey(self, simulation: LaunchSimulation, now: int) -> None:
        """Users say what they think of it: who has lost a twentieth is not content, and who has lost three of them complains."""
        progress, track = _track(simulation), simulation.plan.tracks[0]
        is_asked = progress.settled_at and any(each.gate.name == "survey" for each in track.stages[progress.stage].gates)
        if not is_asked or now - max(progress.settled_at, self._surveyed_at) < self.times.surveyed_every:
            return
        self._surveyed_at = now
        answers = []
        for user in simulation.users:
            worth = simulation.trader.executors[user.name].state.worth() if user.name in simulation.trader.executors else None
            left = float(worth.value) / user.opening if worth is not None else 1.0
            answer = survey_answer(left)
            severity = "severe" if answer.is_severe else "none"
            answers.append(UserAnswer(key=f"{user.name} {now}", at=now, is_positive=answer.is_content, severity=severity))
        command = said.BringAnswers(reason="the users were asked", answers=tuple(answers), digest="asked by the demo")
        simulation.tell_pilot(OPERATOR, command)

    def _approve(self, simulation: LaunchSimulation, now: int) -> None:
        for track in simulation.plan.tracks:
            stage = self._waiting(simulation, track, now)
            if stage is None:
                self._ready_at.pop(track.name, None)
                continue
            ready_at = self._ready_at.setdefault(track.name, now)
            for number, (person, role) in enumerate(((OWNER, "owner"), (RISK, "risk")), 1):
                if now - ready_at >= number * THINKS_NS and role in stage.approvals:
                    self._approve_as(simulation, track, stage, person, role)

    def _waiting(self, simulation: LaunchSimulation, track: CompiledTrack, now: int) -> CompiledStage | None:
        """The stage that only people keep from being entered."""
        launch = simulation.pilot.launch
        progress = launch.track(track.name)
        if progress.phase not in (Phase.ARMED, Phase.READY) or not missing_approvals(simulation.plan, track, launch, now):
            return None
        return stage_after(track, progress)

    def _approve_as(
        self, simulation: LaunchSimulation, track: CompiledTrack, stage: CompiledStage, person: str, role: str
    ) -> None:
        launch = simulation.pilot.launch
        ref = StageRef(track.name, stage.name)
        if any(each.person == person and each.stage == ref and each.ends_at > running().wall_ns for each in launch.approvals):
            return
        binds = binds_of(simulation.plan, launch, stage)
        approval = said.Approve(reason="seen", track=track.name, stage=stage.name, role=role, login=f"{person} 1", binds=binds)
        simulation.tell_pilot(person, approval)

    async def _drill(self, simulation: LaunchSimulation, now: int) -> None:
        """In the smallest stage the operator lets everything happen that must have happened before more is at stake."""
        track = _track(simulation)
        if track.stage != 0 or not track.settled_at or self.strategy.is_spoiled:
            self._fill_the_book(simulation)
            return
        drills = (self._thin_the_book, self._restart, self._end_streams)
        done, lived = self._drilled.get(track.settled_at, 0), now - track.settled_at
        if done < len(drills) and lived >= self.times.drills[done] and await drills[done](simulation):
            self._drilled[track.settled_at] = done + 1

    async def _thin_the_book(self, simulation: LaunchSimulation) -> bool:
        symbol, now = THIN_SYMBOL, running().wall_ns
        made = make(
            "partial_fills", FaultScope(symbol=symbol), {"quantity": THIN, "levels": 20}, running().chance.child(f"thin {now}")
        )
        self._thin = simulation.exchange.context.faults.add(made)
        self._say("Drill: the book of BTC/USDT is thin in this stage, so that orders fill in parts")
        return True

    def _fill_the_book(self, simulation: LaunchSimulation) -> None:
        if self._thin:
            simulation.exchange.context.faults.remove(self._thin)
            self._thin = 0

    async def _restart(self, simulation: LaunchSimulation) -> bool:
        holding = [name for name, executor in simulation.trader.executors.items() if executor.state.money.ledger.positions]
        if not holding:
            return False
        self._say(f"Drill: {OPERATOR} restarts the trader while {holding[0]} holds a position")
        await simulation.restart_trader()
        return True

    async def _end_streams(self, simulation: LaunchSimulation) -> bool:
        for user in simulation.users:
            simulation.exchange.hub.end_all(user.name)
        self._say("Drill: the exchange ends the stream of every account, so that each must subscribe again")
        return True

    def _look_after_holds(self, simulation: LaunchSimulation, now: int) -> None:
        for hold in simulation.pilot.launch.holds.values():
            if hold.lifting is Lifting.PERSON and self._has_looked(simulation, f"hold {hold.id}", now, hold.since):
                simulation.tell_pilot(OPERATOR, said.Release(reason="looked into", track=hold.track, hold_id=hold.id))

    def _look_after_caps(self, simulation: LaunchSimulation, now: int) -> None:
        lifted: dict[str, list[str]] = {}
        for name, executor in simulation.trader.executors.items():
            for cap in executor.state.limits.caps.values():
                if cap.lifting is Lifting.PERSON and self._has_looked(simulation, f"cap {name} {cap.id}", now, cap.since):
                    simulation.command_inbox.say(OPERATOR, LiftCap(reason="looked into", account=name, cap_id=cap.id))
                    lifted.setdefault(cap.kind.name, []).append(name)
        for what, names in lifted.items():
            whose = ", ".join(names[:NAMED_MOST]) + (f" and {len(names) - NAMED_MOST} more" if len(names) > NAMED_MOST else "")
            self.look(now, f"{OPERATOR} has looked into {what} ({whose}), and lets them trade again")

    def _has_looked(self, simulation: LaunchSimulation, what: str, now: int, since: int) -> bool:
        """Once for each time that it was raised; not while the bot is known to be worse."""
        if self._is_known_worse(simulation) or now - since < self.times.looked_after or self._seen_at.get(what) == since:
            return False
        self._seen_at[what] = since
        return True


def _is_flat(simulation: LaunchSimulation) -> bool:
    """Whether no account holds a position, so that the maintenance meets no stops."""
    return not any(executor.state.money.ledger.positions for executor in simulation.trader.executors.values())


def _track(simulation: LaunchSimulation) -> TrackProgress:
    return simulation.pilot.launch.track(simulation.plan.tracks[0].name)
