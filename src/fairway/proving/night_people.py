"""The people of a simulated night: two who approve the launch, and two on call, who act by commands as every person does."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fairway.assembly.alerting_process import alerting_now
from fairway.incidents import incident_commands as incidents
from fairway.incidents.incident import Incident
from fairway.incidents.lifecycle import IncidentPhase
from fairway.journal.commands import LiftCap
from fairway.launch.control import commands as launch
from fairway.launch.control.command_handler import binds_of, stage_after
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.transitions import missing_approvals
from fairway.proving.night import NightSimulation
from fairway.risk.caps import Lifting
from fairway.world.clock import MINUTE
from fairway.world.loop import running

FIRST, SECOND_PERSON = "anna", "ben"
WAKES_EVERY_S: Final = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedResponse:
    """How people answer incidents of a cause. who acknowledges, and how long after it was declared (ns); impact: what users are
    sent, and how long after now it should be over (ns)."""

    by: str = FIRST
    acknowledges_after: int = 3 * MINUTE
    impact: str = "New orders wait"
    over_in: int = 30 * MINUTE


@dataclass(slots=True)
class NightPeople:
    """responses: by cause. Each wake looks at what `fairway incident list` shows."""

    responses: Mapping[str, PlannedResponse]
    _done: set[tuple[str, str]] = field(default_factory=set)

    async def play(self, simulation: NightSimulation) -> None:
        """Until it is cancelled."""
        while not hasattr(simulation, "pilot"):
            await asyncio.sleep(1)
        while True:
            self._approve(simulation)
            for incident in list(alerting_now(simulation.settings).incidents.living()):
                self._respond(simulation, incident)
            await asyncio.sleep(WAKES_EVERY_S)

    def _once(self, incident: Incident, what: str) -> bool:
        key = (incident.id, f"{what} {incident.reopened}")
        is_new = key not in self._done
        self._done.add(key)
        return is_new

    def _respond(self, simulation: NightSimulation, incident: Incident) -> None:
        """One step for each wake: acknowledge, write to users, repair, resolve."""
        now, response = running().wall_ns, self.responses.get(incident.cause, PlannedResponse())
        if not incident.is_open:
            return
        if not incident.acknowledged_at:
            if now - incident.response_since >= response.acknowledges_after and self._once(incident, "acknowledge"):
                simulation.tell_alerting(response.by, incidents.Acknowledge(incident=incident.id))
            return
        if self._once(incident, "inform"):
            words = incidents.InformUsers(incident=incident.id, impact=response.impact, eta=now + response.over_in)
            simulation.tell_alerting(response.by, words)
        elif incident.phase is IncidentPhase.STABLE and now - incident.stable_at >= MINUTE:
            if self._once(incident, f"resolve {incident.stable_at}"):
                what = incidents.MovePhase(incident=incident.id, phase=IncidentPhase.RESOLVED, reason="it works again")
                simulation.tell_alerting(response.by, what)
        elif now - incident.acknowledged_at >= 3 * MINUTE:
            self._lift(simulation, response.by)

    def _lift(self, simulation: NightSimulation, by: str) -> None:
        """What a person must lift, once it was looked into."""
        for name, executor in simulation.trader.executors.items():
            for cap in executor.state.limits.caps.values():
                key = (name, f"{cap.id} {cap.since}")
                if cap.lifting is Lifting.PERSON and key not in self._done:
                    self._done.add(key)
                    simulation.command_inbox.say(by, LiftCap(reason="looked into", account=name, cap_id=cap.id))
        for hold in simulation.pilot.launch.holds.values():
            key = ("hold", f"{hold.id} {hold.since}")
            if hold.lifting is Lifting.PERSON and key not in self._done:
                self._done.add(key)
                simulation.tell_pilot(by, launch.Release(reason="looked into", track=hold.track, hold_id=hold.id))

    def _approve(self, simulation: NightSimulation) -> None:
        """Two people, as soon as the pilot waits for them."""
        state, plan = simulation.pilot.launch, simulation.plan
        if not state.release:  # what would be approved is not known yet
            return
        for track in plan.tracks:
            progress = state.track(track.name)
            if progress.phase not in (Phase.ARMED, Phase.READY) or not missing_approvals(plan, track, state, running().wall_ns):
                continue
            stage = stage_after(track, progress)
            if stage is None or ("approved", stage.name) in self._done:
                continue
            self._done.add(("approved", stage.name))
            binds = binds_of(plan, state, stage)
            for person, role in (("olga", "owner"), ("ravi", "risk")):
                said = launch.Approve(
                    reason="seen", track=track.name, stage=stage.name, role=role, login=f"{person} 1", binds=binds
                )
                simulation.tell_pilot(person, said)
