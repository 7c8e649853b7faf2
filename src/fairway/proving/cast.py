"""The cast of the demo's launch: who shows evidence, approves, drills and repairs, and what goes wrong when.

Nobody in it sets a stage. They say what people may say at the doors, spoil the exchange, and turn the bot's knob; what follows of
that is the pilot's.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from fairway.exchange.mischief.kinds import make
from fairway.exchange.mischief.port import Scope
from fairway.journal.instructions import LiftCap
from fairway.launch import instructions as said
from fairway.launch.course import Leg, Route
from fairway.launch.evidence import Evidence
from fairway.launch.lifecycle import Phase
from fairway.launch.moving import lacks
from fairway.launch.obedience import binds_of, leg_after
from fairway.launch.state import TrackNow
from fairway.proving.knob import Knob
from fairway.proving.launched import TRADER, Launched
from fairway.risk.caps import Lifting
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND
from fairway.world.loop import running

AUTHOR: Final = "ann"
OWNER, RISK, OPERATOR = "olga", "ravi", "omar"
WAKES_EVERY_S: Final = 600.0
THINKS_NS: Final = 20 * MINUTE
"""So long after a stage is ready the first of them approves, and the second one as long after that."""
LOOKS_NS: Final = HOUR
"""So long after something was stopped the operator has looked, and lets it go on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When what happens, from the beginning (ns); in parts of the whole, so that a short run has it all, too."""

    maintenance_at: int
    maintenance_ns: int
    spoiled_at: int
    mended_after_ns: int = 4 * HOUR


TEN_DAYS: Final = Times(maintenance_at=3 * DAY, maintenance_ns=3 * HOUR, spoiled_at=5 * DAY)


@dataclass(slots=True)
class Cast:
    """tell: what is done, for whoever watches."""

    times: Times
    knob: Knob
    tell: Callable[[int, str], None]
    _ready_at: dict[str, int] = field(default_factory=dict)
    _seen_at: dict[str, int] = field(default_factory=dict)
    _drilled: dict[int, int] = field(default_factory=dict)
    _mend_at: int = 0

    async def play(self, universe: Launched) -> None:
        """Until cancelled."""
        began = running().wall_ns
        self._plan_maintenance(universe, began)
        await asyncio.sleep(300)
        await self._show_evidence(universe)
        while True:
            now = running().wall_ns
            self._approve(universe, now)
            await self._drill(universe, now)
            self._turn_the_knob(universe, now - began)
            self._look_after_holds(universe, now)
            self._look_after_caps(universe, now)
            await asyncio.sleep(WAKES_EVERY_S)

    def _say(self, line: str) -> None:
        self.tell(running().wall_ns, line)

    # -- what goes wrong -----------------------------------------------------------------------------------------

    def _plan_maintenance(self, universe: Launched, began: int) -> None:
        since = began + self.times.maintenance_at
        scope = Scope(since=since, until=since + self.times.maintenance_ns)
        universe.exchange.desk.mischief.add(make("maintenance", scope, {}, running().chance.child("maintenance")), "maintenance")
        running().call_later(
            self.times.maintenance_at / SECOND, self._say, "The exchange closes for maintenance, and has told nobody"
        )

    def _turn_the_knob(self, universe: Launched, since: int) -> None:
        track = _track(universe)
        if not self.knob.is_spoiled and not self._mend_at and since >= self.times.spoiled_at and track.stage > 0:
            self.knob.is_spoiled = True
            self._mend_at = -1
            self._say("The bot is made worse, without a word to anybody: it buys what falls, its stop too near")
        if self.knob.is_spoiled and track.stage == 0:
            if self._mend_at < 0:
                self._mend_at = since + self.times.mended_after_ns
            elif since >= self._mend_at:
                self.knob.is_spoiled = False
                self._say("The bot is mended: it trades as it did before")

    # -- what people do ------------------------------------------------------------------------------------------

    async def _show_evidence(self, universe: Launched) -> None:
        claims = {each.name: each for each in universe.course.checklist}
        now, release = running().wall_ns, universe.pilot.launch.release
        for claim in claims.values():
            shown = Evidence(
                claim=claim.name,
                rank=claim.rank,
                holds=True,
                why="shown for the demo",
                producer=OPERATOR,
                made_at=now,
                release=release if claim.of_release else "",
            )
            universe.tell_pilot(OPERATOR, said.Submit(reason="for the checklist", evidence=shown))

    def _approve(self, universe: Launched, now: int) -> None:
        for route in universe.course.routes:
            leg = self._waiting(universe, route, now)
            if leg is None:
                self._ready_at.pop(route.name, None)
                continue
            ready_at = self._ready_at.setdefault(route.name, now)
            for number, (person, role) in enumerate(((OWNER, "owner"), (RISK, "risk")), 1):
                if now - ready_at >= number * THINKS_NS and role in leg.approvals:
                    self._approve_as(universe, route, leg, person, role)

    def _waiting(self, universe: Launched, route: Route, now: int) -> Leg | None:
        """The stage that only people keep from being entered."""
        launch = universe.pilot.launch
        track = launch.track(route.name)
        if track.phase not in (Phase.ARMED, Phase.READY) or not lacks(universe.course, route, launch, now):
            return None
        return leg_after(route, track)

    def _approve_as(self, universe: Launched, route: Route, leg: Leg, person: str, role: str) -> None:
        launch = universe.pilot.launch
        stage = f"{route.name}/{leg.name}"
        if any(each.person == person and each.stage == stage and each.ends_at > running().wall_ns for each in launch.approvals):
            return
        binds = binds_of(universe.course, launch, leg)
        approval = said.Approve(reason="seen", track=route.name, stage=leg.name, role=role, login=f"{person} 1", binds=binds)
        universe.tell_pilot(person, approval)

    async def _drill(self, universe: Launched, now: int) -> None:
        """In the smallest stage the operator restarts the trader while it holds something, and pulls its network cable."""
        track = _track(universe)
        if track.stage != 0 or not track.settled_at:
            return
        done = self._drilled.get(track.entered_at, 0)
        lived = now - track.settled_at
        drills: tuple[tuple[int, Callable[[Launched], Awaitable[bool]]], ...] = (
            (HOUR, self._thin_the_book),
            (4 * HOUR, self._restart),
            (8 * HOUR, self._unplug),
        )
        if done < len(drills) and lived >= drills[done][0] and await drills[done][1](universe):
            self._drilled[track.entered_at] = done + 1

    async def _thin_the_book(self, universe: Launched) -> bool:
        now = running().wall_ns
        scope = Scope(since=now, until=now + 6 * HOUR)
        made = make("partial_fills", scope, {"quantity": "0.004", "levels": 20}, running().chance.child(f"thin {now}"))
        universe.exchange.desk.mischief.add(made)
        self._say("Drill: for six hours the book is thin, so that orders fill in parts")
        return True

    async def _restart(self, universe: Launched) -> bool:
        holding = [name for name, clerk in universe.trader.clerks.items() if clerk.desk.ledger.positions]
        if not holding:
            return False
        self._say(f"Drill: {OPERATOR} restarts the trader while {holding[0]} holds a position")
        await universe.restart_trader()
        return True

    async def _unplug(self, universe: Launched) -> bool:
        self._say(f"Drill: {OPERATOR} pulls the trader's network cable for a minute and a half")
        await universe.unplug(TRADER, 90)
        return True

    def _look_after_holds(self, universe: Launched, now: int) -> None:
        for hold in universe.pilot.launch.holds.values():
            if hold.lifting is Lifting.PERSON and self._has_looked(f"hold {hold.id}", now, hold.since):
                universe.tell_pilot(OPERATOR, said.Release(reason="looked into", track=hold.track, hold_id=hold.id))

    def _look_after_caps(self, universe: Launched, now: int) -> None:
        for name, clerk in universe.trader.clerks.items():
            for cap in clerk.desk.caps.values():
                if cap.lifting is Lifting.PERSON and self._has_looked(f"cap {name} {cap.id}", now, cap.since):
                    universe.doors.say(OPERATOR, LiftCap(reason="looked into", account=name, cap_id=cap.id))

    def _has_looked(self, what: str, now: int, since: int) -> bool:
        """Once for each time that it was raised. While the bot is worse nobody lets anything go on."""
        if self.knob.is_spoiled or now - since < LOOKS_NS or self._seen_at.get(what) == since:
            return False
        self._seen_at[what] = since
        return True


def _track(universe: Launched) -> TrackNow:
    return universe.pilot.launch.track(universe.course.routes[0].name)
