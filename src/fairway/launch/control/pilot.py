"""The pilot: the process that runs a launch. It observes, decides by a pure tick, journals the decision, and only then acts.

It starts by recovering, and issues no lease before it has seen trader and venue again. A decision that was lost is made again.
While the pilot is down, leases expire, and the trader only reduces positions.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from msgspec import Struct

import fairway
from fairway.journal.command_reader import ReadCommand
from fairway.journal.port import Journal, JournalError, Record
from fairway.launch.control import hold_kinds, launch_events
from fairway.launch.control.command_inbox import LaunchInbox
from fairway.launch.control.decision import decide
from fairway.launch.control.hold_kinds import HoldKind
from fairway.launch.control.holds import hold_of
from fairway.launch.control.lifecycle import PILOT
from fairway.launch.control.liquidation import LATE_NS
from fairway.launch.control.state import Launch, launch_from
from fairway.launch.observation.checkpoint import ProjectionCheckpoint
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.observation.venue_check import CheckDoubts, VenueAnswer, seen
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.views.rollback_view import gone_since
from fairway.store.failures import StoreError
from fairway.venues.port import VenueError
from fairway.watch.series import Spell, merged
from fairway.world.clock import SECOND, Clock
from fairway.world.garbage import without_collecting

TICK_S: Final = 1.0
VENUE_CHECK_EVERY_S: Final = 60.0
"""How often each account is checked at its venue."""
KILL_CHECKS_EVERY_NS: Final = 5 * SECOND
"""How often an account is checked whose kill, or whose rollback, is not seen to be done."""


class PilotFenced(Exception):
    """A newer pilot issues leases: this one may do nothing more."""


class TraderPort(Protocol):
    """The pilot's access to its trader: it reads the trader's journal, and writes leases and latches. Neither calls the other."""

    async def news(self, after: int) -> Sequence[Record]:
        """The next records of its journal. Raises JournalErrors."""
        ...

    async def issue(self, lease: launch_events.LeaseIssued, at: int) -> None:
        """Writes leases of these accounts into its command inbox, durable when this returns. Raises JournalErrors."""
        ...

    async def kill(self, account: str, ordered: launch_events.KillOrdered, at: int) -> None:
        """Sets an account's latch, durable when this returns. Where positions are to be sold, that has begun and goes on."""
        ...


class Venues(Protocol):
    """Connections of the pilot's own, which read only."""

    async def check(self, account: str, symbols: Sequence[str]) -> VenueAnswer:
        """How an account stands. Raises VenueErrors."""
        ...


class People(Protocol):
    """Whose accounts the trader carries."""

    async def accounts(self) -> Sequence[launch_events.LaunchAccount]: ...


class Source(Protocol):
    """What is known from elsewhere than the trader's journal."""

    async def news(self, launch: Launch, now: int) -> Sequence[launch_events.SamplesTaken]:
        """The samples that are due at an instant (ns), mostly none (see `sample_buffer`).

        A failure is reported in the samples, and raises nothing: no source may stop a pilot.
        """
        ...


@dataclass(frozen=True, slots=True)
class LaunchRequest:
    """What is to be launched. text: the plan as it was read; by: who began it; at: its T (ns), 0 for none.

    maintenance: planned spells (ns), in which no minute of uptime is due.
    """

    plan: CompiledPlan
    text: str
    by: str
    at: int = 0
    maintenance: tuple[Spell, ...] = ()


@dataclass(slots=True)
class Ports:
    """Everything around a pilot."""

    journal: Journal
    trader: TraderPort
    command_inbox: LaunchInbox
    venues: Venues
    people: People
    clock: Clock
    projection: TraderProjection = field(default_factory=TraderProjection)
    sources: Sequence[Source] = ()
    checkpoint: ProjectionCheckpoint | None = None
    """Keeps the state of the projection; without one, every start reads all of the trader's journal."""


class Pilot:
    """watchers: called with each event and its instant (ns) once it is durable."""

    def __init__(
        self, request: LaunchRequest, ports: Ports, *, venue_check_every_s: float = VENUE_CHECK_EVERY_S, tick_s: float = TICK_S
    ) -> None:
        self._request, self._ports = request, ports
        self._venue_check_every_s, self._tick_s = venue_check_every_s, tick_s
        self._doubts: dict[str, CheckDoubts] = {}
        self._checked_at: dict[str, int] = {}
        self._writing, self._reading = asyncio.Lock(), asyncio.Lock()
        self.launch = Launch()
        self.watchers: list[Callable[[Struct, int], None]] = []

    async def run(self) -> None:
        """Runs until it is cancelled or fenced. Raises PilotFenced, JournalErrors."""
        await self.recover()
        beside = [asyncio.ensure_future(work) for work in self._background()]
        try:
            while not any(each.done() for each in beside):
                await self.step()
                await asyncio.sleep(self._tick_s)
            for each in beside:
                if each.done():
                    each.result()
        finally:
            for each in beside:
                each.cancel()
            await asyncio.gather(*beside, return_exceptions=True)

    async def recover(self) -> None:
        """Replays the launch's journal, reads on in the trader's, and checks the venue. Raises JournalErrors."""
        ports = self._ports
        self.launch = launch_from(ports.journal.replay())
        await self._catch_up()
        if self.launch.began is None:
            await self._write(self._began())
        accepted = self._epoch_accepted()
        events: list[Struct] = [
            launch_events.PilotStarted(epoch=max(self.launch.epoch, accepted) + 1, version=fairway.__version__)
        ]
        if accepted > self.launch.epoch or self._has_forgotten():
            why = "the trader accepted a lease of a pilot unknown to this journal: it is an old copy, or another pilot flies"
            hold = hold_of(hold_kinds.SAFE_START, why, ports.clock.now())
            events.append(launch_events.HoldRaised(hold=hold))
        planned = merged(self._request.maintenance)
        if planned != self.launch.planned_maintenance:
            events.append(launch_events.MaintenancePlanned(spells=planned))
        await self._write(events)
        await self._read_accounts()
        await self._check_venues()

    def _has_forgotten(self) -> bool:
        """Whether the trader has a later lease than this journal, although each lease is journaled before it is issued."""
        accepted = {name: permissions.lease for name, permissions in self._ports.projection.observation(0).accounts.items()}
        issued_until = {name: lease.until for name, lease in self.launch.leases.items()}
        return any(
            lease is not None
            and lease.by == PILOT
            and lease.epoch == self.launch.epoch
            and lease.until > issued_until.get(name, 0)
            for name, lease in accepted.items()
        )

    async def step(self) -> None:
        """One tick. A trader or a venue that cannot be read is seen as blindness by the tick itself."""
        await self._read_trader()
        self._check_fence()
        await self._read_accounts()
        commands = await self._read_commands()
        async with self._writing:
            observation = self._ports.projection.observation(self._ports.clock.now())
            events, outcome = decide(self._request.plan, self.launch, observation, commands)
            await self._append(events)
        for ordered in outcome.kills():
            for account in ordered.accounts:
                await self._ports.trader.kill(account, ordered, observation.now)
        for lease in outcome.leases():
            await self._ports.trader.issue(lease, observation.now)

    def _began(self) -> list[Struct]:
        plan = self._request.plan
        release = self._ports.projection.observation(0).release
        request = self._request
        return [
            launch_events.LaunchBegan(
                plan=plan.name, text=request.text, digest=plan.digest, release=release, by=request.by, launch_at=request.at
            )
        ]

    async def _read_trader(self) -> None:
        """Folds the trader's new records, each once."""
        projection = self._ports.projection
        async with self._reading:
            while records := await self._ports.trader.news(projection.folded_to):
                projection.fold(records)

    async def _catch_up(self) -> None:
        """The same at a start, where it may be the whole journal; checkpoints are saved on the way."""
        projection, checkpoint = self._ports.projection, self._ports.checkpoint
        with without_collecting():
            while records := await self._ports.trader.news(projection.folded_to):
                projection.fold(records)
                if checkpoint is not None:
                    await checkpoint.keep_on_the_way(projection)

    def _epoch_accepted(self) -> int:
        return self._ports.projection.epoch_accepted

    def _check_fence(self) -> None:
        accepted = self._epoch_accepted()
        if accepted > self.launch.epoch:
            raise PilotFenced(f"a pilot of epoch {accepted} issues leases, and this one is of epoch {self.launch.epoch}")

    async def _read_accounts(self) -> None:
        """While the registry cannot be read, the last known accounts count, and no stage is promoted."""
        try:
            accounts = tuple(await self._ports.people.accounts())
        except StoreError as error:
            await self._hold(hold_kinds.REGISTRY, f"the registry cannot be read: {error}")
            return
        await self._lift(hold_kinds.REGISTRY, "the registry is read again")
        if accounts != self.launch.accounts:
            await self._write([launch_events.AccountsSeen(accounts=accounts)])

    def _background(self) -> Iterator[Coroutine[Any, Any, None]]:
        yield self._keep_checking()
        yield from map(self._keep_sampling, self._ports.sources)
        if self._ports.checkpoint is not None:
            yield self._save_checkpoint(self._ports.checkpoint)

    async def _save_checkpoint(self, checkpoint: ProjectionCheckpoint) -> None:
        """Beside the ticks, so that a slow store does not delay them."""
        while True:
            await checkpoint.keep(self._ports.projection)
            await asyncio.sleep(self._tick_s)

    async def _keep_checking(self) -> None:
        """Beside the ticks, so that a venue that does not answer does not delay them."""
        while True:
            await asyncio.sleep(self._tick_s)
            await self._check_venues()

    async def _keep_sampling(self, source: Source) -> None:
        """Beside the ticks, each source by itself, so that one that does not answer delays nothing else."""
        while True:
            await self._write(await source.news(self.launch, self._ports.clock.now()))
            await asyncio.sleep(self._tick_s)

    async def _check_venues(self) -> None:
        """One account after another, each at its time: most of the address's request budget is for the traders."""
        now = self._ports.clock.now()
        due_ns = round(self._venue_check_every_s * SECOND)
        for each in self.launch.accounts:
            if now - self._checked_at.get(each.account, -due_ns) >= due_ns or self._is_urgent(each.account):
                await self._check_venue(each.account, now)

    def _is_urgent(self, account: str) -> bool:
        """Whether a stage, a kill or a rollback waits for this check."""
        checked = self._checked_at.get(account, 0)
        ordered = self.launch.pending_kills.get(account)
        now = self._ports.clock.now()
        if ordered is not None and now - ordered.since < LATE_NS and now - max(checked, ordered.since) >= KILL_CHECKS_EVERY_NS:
            return True
        gone = gone_since(self._request.plan, self.launch)
        if gone < now < gone + LATE_NS and not self._is_in_order(account, gone):
            return checked <= gone or now - checked >= KILL_CHECKS_EVERY_NS
        entered = max((progress.entered_at for progress in self.launch.tracks.values() if not progress.settled_at), default=0)
        return checked <= entered < now

    def _is_in_order(self, account: str, since: int) -> bool:
        """Whether a check after an instant (ns) found nothing that the rollback waits for."""
        check = self.launch.venue_checks.get(account)
        return check is not None and check.asked_at > since and not (check.entries or check.trouble or check.naked)

    async def _check_venue(self, account: str, now: int) -> None:
        """A venue that does not answer leaves the last check in place, which grows old."""
        held = self._ports.projection.held(account)
        self._checked_at[account] = now
        try:
            answer = await self._ports.venues.check(account, tuple(held))
        except VenueError:
            return
        await self._read_trader()
        check, self._doubts[account] = seen(account, self._ports.projection.held(account), answer, self._doubts.get(account))
        await self._write([check])

    async def _read_commands(self) -> Sequence[ReadCommand]:
        """New commands. While the inbox cannot be read the launch is held: a pilot that people cannot stop issues no lease."""
        try:
            commands = await self._ports.command_inbox.heard(
                self.launch.commands_read, self.launch.commands_read, self.launch.commands_digest
            )
        except JournalError as error:
            await self._hold(hold_kinds.COMMANDS, f"what people say cannot be read: {error}")
            return ()
        await self._lift(hold_kinds.COMMANDS, "what people say is read again")
        return commands

    async def _hold(self, kind: HoldKind, why: str) -> None:
        if kind.id_of() not in self.launch.holds:
            await self._write([launch_events.HoldRaised(hold=hold_of(kind, why, self._ports.clock.now()))])

    async def _lift(self, kind: HoldKind, why: str) -> None:
        hold = self.launch.holds.get(kind.id_of())
        if hold is not None:
            await self._write([launch_events.lifted(hold, by=PILOT, why=why)])

    async def _write(self, events: Sequence[Struct]) -> None:
        async with self._writing:
            await self._append(events)

    async def _append(self, events: Sequence[Struct]) -> None:
        """Commits events and applies them. Where the commit fails the pilot ends, and the next one decides again.

        One at a time, so that what is known is always what the journal says, in its order.
        """
        if not events:
            return
        journal, now = self._ports.journal, self._ports.clock.now()
        journal.append(events, account="", author=PILOT, at=now)
        await journal.commit()
        for event in events:
            self.launch.apply(event, now)
            for watch in self.watchers:
                watch(event, now)
