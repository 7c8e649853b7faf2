"""The people of a flight: they bring evidence, approve, review, answer pages and surveys, and do what a stage's paths need."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fairway.exchange.faults.port import FaultScope
from fairway.exchange.faults.registry import make
from fairway.launch.control import commands as said
from fairway.launch.control.approvals import valid
from fairway.launch.control.command_handler import binds_of, stage_after
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.transitions import missing_approvals
from fairway.launch.evidence.claims import facts_of_claims
from fairway.launch.evidence.survey import UserAnswer
from fairway.launch.gates.port import Claim
from fairway.launch.gates.statistics.claim_check import assess_claim
from fairway.launch.gates.verdict import Result
from fairway.launch.plan.compiled_plan import CompiledStage, CompiledTrack
from fairway.launch.plan.stage_ref import StageRef
from fairway.launch.simulation.population import survey_answer
from fairway.proving.evidence_flight import FlightSimulation, Showing
from fairway.proving.night import NightSimulation
from fairway.proving.night_people import NightPeople
from fairway.world.clock import HOUR, MINUTE
from fairway.world.loop import running

WAKES_EVERY_S: Final = 60.0
AGAIN_AFTER_NS: Final = 10 * MINUTE
"""Evidence that was not enough is not brought again before."""
SURVEYED_EVERY_NS: Final = HOUR
REVIEWED_EVERY_NS: Final = 20 * MINUTE
THIN_SYMBOL, THIN = "BTCUSDT", "0.0003"


@dataclass(slots=True)
class FlightPeople(NightPeople):
    """showings: by claim, who shows it. shown: what was brought, by claim."""

    showings: Mapping[str, Showing] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    _brought_at: dict[str, int] = field(default_factory=dict)
    _surveyed_at: int = 0
    _reviewed_at: int = 0

    async def play(self, simulation: NightSimulation) -> None:
        """Until it is cancelled."""
        assert isinstance(simulation, FlightSimulation)
        while not hasattr(simulation, "pilot") or not simulation.pilot.launch.release:
            await asyncio.sleep(1)
        async with asyncio.TaskGroup() as people:
            people.create_task(self._work(simulation), name="people who launch")
            people.create_task(self._answer_pages(simulation), name="people on call")

    async def _work(self, simulation: FlightSimulation) -> None:
        while True:
            now = running().wall_ns
            for claim in self._unmet(simulation, now):
                await self._bring(simulation, claim, now)
            self._approve(simulation)
            self._lift(simulation, "omar")
            self._review(simulation, now)
            self._survey(simulation, now)
            await self._go_paths(simulation)
            await asyncio.sleep(WAKES_EVERY_S)

    async def _answer_pages(self, simulation: FlightSimulation) -> None:
        """The people on call look at their phones."""
        while True:
            for incident in list(simulation.alerting.service.state.incidents.living()) if hasattr(simulation, "alerting") else ():
                self._respond(simulation, incident)
            await asyncio.sleep(20)

    def _unmet(self, simulation: FlightSimulation, now: int) -> list[Claim]:
        """Items that are not met, of which nothing was brought just now."""
        facts = facts_of_claims(simulation.pilot.launch, simulation.projection.observation(now))
        waiting = (each for each in simulation.plan.checklist if now - self._brought_at.get(each.name, 0) >= AGAIN_AFTER_NS)
        return [each for each in waiting if assess_claim(each, facts).result is not Result.PASS]

    async def _bring(self, simulation: FlightSimulation, claim: Claim, now: int) -> None:
        showing = self.showings.get(claim.name)
        made = await showing(simulation, claim, now) if showing is not None else None
        if made is not None:
            self._brought_at[claim.name] = now
            self.shown[claim.name] = f"{made.rank}: {made.producer}: {made.why}"
            simulation.tell_pilot("omar", said.Submit(reason="for the checklist", evidence=made))

    def _approve(self, simulation: NightSimulation) -> None:
        """As many people of each role as the next stage or a gate of the present one asks for; again when an approval ends."""
        launch, plan = simulation.pilot.launch, simulation.plan
        for track in plan.tracks:
            progress = launch.track(track.name)
            stage = stage_after(track, progress)
            is_waiting = progress.phase in (Phase.ARMED, Phase.READY) and missing_approvals(
                plan, track, launch, running().wall_ns
            )
            if is_waiting and stage is not None:
                self._approve_stage(simulation, track, stage, stage.approvals)
            elif progress.stage >= 0:
                present = track.stages[progress.stage]
                for gate in present.gates:
                    self._approve_stage(simulation, track, present, gate.gate.approvals(gate.settings))

    def _approve_stage(
        self, simulation: NightSimulation, track: CompiledTrack, stage: CompiledStage, need: Mapping[str, int]
    ) -> None:
        launch, now = simulation.pilot.launch, running().wall_ns
        binds = binds_of(simulation.plan, launch, stage)
        known = {(each.role, each.person) for each in valid(launch.approvals, StageRef(track.name, stage.name), binds, now)}
        for role, count in need.items():
            for number in range(count):
                person = f"{role.replace(' ', '-')}-{number}"
                if (role, person) in known:
                    continue
                login = f"{person} {now}"
                word = said.Approve(reason="seen", track=track.name, stage=stage.name, role=role, login=login, binds=binds)
                simulation.tell_pilot(person, word)

    def _review(self, simulation: FlightSimulation, now: int) -> None:
        if now - self._reviewed_at >= REVIEWED_EVERY_NS:
            self._reviewed_at = now
            for track in simulation.plan.tracks:
                simulation.tell_pilot("olga", said.Review(reason="trades and stops were looked at", track=track.name))

    def _survey(self, simulation: FlightSimulation, now: int) -> None:
        """Users whose balance has fallen are not content."""
        is_asked = any(gate.gate.name == "survey" for track in simulation.plan.tracks for s in track.stages for gate in s.gates)
        if not is_asked or now - self._surveyed_at < SURVEYED_EVERY_NS:
            return
        self._surveyed_at = now
        answers = []
        for user in simulation.users:
            worth = simulation.trader.executors[user.name].state.worth()
            answer = survey_answer(float(worth.value) / user.opening if worth is not None else 1.0)
            severity = "severe" if answer.is_severe else "none"
            answers.append(UserAnswer(key=f"{user.name} {now}", at=now, is_positive=answer.is_content, severity=severity))
        command = said.BringAnswers(reason="the users were asked", answers=tuple(answers), digest=f"asked at {now}")
        simulation.tell_pilot("olga", command)

    async def _go_paths(self, simulation: FlightSimulation) -> None:
        """In the first stage: the book is thin for a while, every stream ends once, the trader is restarted with a position."""
        track = simulation.plan.tracks[0]
        settled_at, now = simulation.pilot.launch.track(track.name).settled_at, running().wall_ns
        is_asked = any(gate.gate.name == "coverage" for gate in track.stages[0].gates)
        if not is_asked or not settled_at or ("paths", "done") in self._done:
            return
        if ("paths", "thin") not in self._done:
            self._done.add(("paths", "thin"))
            scope = FaultScope(symbol=THIN_SYMBOL, until=now + 12 * MINUTE)
            options = {"quantity": THIN, "levels": 20}
            simulation.exchange.context.faults.add(make("partial_fills", scope, options, running().chance.child("thin")))
            for user in simulation.users:
                simulation.exchange.hub.end_all(user.name)
        holds = any(each.state.money.ledger.positions for each in simulation.trader.executors.values())
        if holds and now - settled_at > 10 * MINUTE:
            self._done.add(("paths", "done"))
            await simulation.restart_trader()
