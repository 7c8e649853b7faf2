"""The six faults of a simulated night, what each must lead to, and the log of when each was injected."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.port import Fault, FaultScope, RequestEffect, RequestView
from fairway.exchange.faults.registry import make
from fairway.exchange.units import ONE
from fairway.proving.launched import QUOTE, TOWER, TRADER
from fairway.proving.night import ALERTING, NightSimulation
from fairway.proving.night_launch import BEGINS, PACE
from fairway.risk.causes import AlertSeverity
from fairway.world.clock import MINUTE, SECOND
from fairway.world.loop import running

ROBBED: Final = "ben"
"""Whose money leaves."""
TAKEN: Final = 10
"""In whole units of the quote: half a hundredth of the account, so that no guard of losses stops it."""
REFUSAL: Final = ExchangeRefusal(-2010, "Account has insufficient balance for requested action.")
MAIL_NODE: Final = "mail"


class EntriesRejected(Fault):
    """The exchange rejects each order that buys."""

    __slots__ = ()

    def before_request(self, request: RequestView) -> RequestEffect | None:
        buys = request.endpoint == "order.place" and request.parameters.get("side") == "BUY"
        return RequestEffect(answer=REFUSAL) if buys and self.scope.is_on(request.at) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class NightFault:
    """after, lasts: ns from the beginning of the night; 0 lasts no time. cause: of the one incident that it leads to.

    follows: causes of further incidents that come with it: no other alert keeps one about money from people, and what Fairway
    does by itself is an alarm of the trader, too. rules: those of which one opens the incident; severity: the most urgent that
    its messages must and may reach. seen_within: how long until what is wrong is in a journal (ns), beside what the rule itself
    asks for. inject, mend: what begins and ends it.
    """

    name: str
    after: int
    lasts: int = 0
    cause: str
    follows: tuple[str, ...] = ()
    rules: tuple[str, ...]
    severity: AlertSeverity
    seen_within: int
    inject: Callable[[NightSimulation, "NightFault"], None]
    mend: Callable[[NightSimulation], None] = lambda simulation: None

    @property
    def since(self) -> int:
        return BEGINS + self.after

    @property
    def until(self) -> int:
        return self.since + self.lasts

    @property
    def scope(self) -> FaultScope:
        return FaultScope(since=self.since, until=self.until)


def _mute(simulation: NightSimulation, fault: NightFault) -> None:
    options = {"market": True, "account": False}
    simulation.exchange.context.faults.add(make("muted_stream", fault.scope, options, running().chance.child("mute")))


def _close(simulation: NightSimulation, fault: NightFault) -> None:
    simulation.exchange.context.faults.add(make("maintenance", fault.scope, {}, running().chance.child("closed")))


def _rob(simulation: NightSimulation, fault: NightFault) -> None:
    refused = simulation.exchange.backend.accounts.deposit(ROBBED, QUOTE, -TAKEN * ONE)
    assert refused is None, "the account holds so much"


def _reject(simulation: NightSimulation, fault: NightFault) -> None:
    simulation.exchange.context.faults.add(EntriesRejected(fault.scope))


FAULTS: Final = (
    NightFault(
        name="the market stream is mute",
        after=22 * MINUTE,
        lasts=4 * MINUTE,
        cause="data",
        rules=("data-stale",),
        severity=AlertSeverity.P1,
        seen_within=0,
        inject=_mute,
    ),
    NightFault(
        name="the venue does not answer",
        after=34 * MINUTE,
        lasts=6 * MINUTE,
        cause="venue",
        rules=("venue-unreachable", "venue-errors-10"),
        severity=AlertSeverity.P0,
        seen_within=PACE.reconcile_ns,
        inject=_close,
    ),
    NightFault(
        name="the trader dies",
        after=48 * MINUTE,
        lasts=4 * MINUTE,
        cause="trader",
        rules=("trader-silent",),
        severity=AlertSeverity.P0,
        seen_within=0,
        inject=lambda simulation, fault: simulation.crash(TRADER),
        mend=lambda simulation: simulation.start_again(TRADER),
    ),
    NightFault(
        name="money leaves an account",
        after=68 * MINUTE,
        cause="books",
        follows=("guard", "breaker", "launch"),
        rules=("books-differ",),
        severity=AlertSeverity.P0,
        seen_within=3 * PACE.reconcile_ns,
        inject=_rob,
    ),
    NightFault(
        name="the pilot dies",
        after=95 * MINUTE,
        lasts=6 * MINUTE,
        cause="pilot",
        rules=("pilot-silent",),
        severity=AlertSeverity.P1,
        seen_within=0,
        inject=lambda simulation, fault: simulation.crash(TOWER),
        mend=lambda simulation: simulation.start_again(TOWER),
    ),
    NightFault(
        name="the exchange rejects orders",
        after=123 * MINUTE,
        lasts=8 * MINUTE,
        cause="orders",
        follows=("guard", "breaker", "launch"),
        rules=("cannot-place-orders",),
        severity=AlertSeverity.P0,
        seen_within=3 * MINUTE,
        inject=_reject,
    ),
)
HOURS: Final = 2.5


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What happens to the alerting itself: a node that is gone from an instant for a while (ns from the night's beginning)."""

    node: str
    after: int
    lasts: int

    @property
    def since(self) -> int:
        return BEGINS + self.after

    @property
    def until(self) -> int:
        return self.since + self.lasts


DISTURBANCES: Final = (
    Disturbance(MAIL_NODE, 33 * MINUTE, 10 * MINUTE),
    Disturbance(ALERTING, 50 * MINUTE, 30 * SECOND),
)


@dataclass(slots=True)
class FaultPlayer:
    """log: what was injected and mended, each with its instant (ns)."""

    faults: Sequence[NightFault] = FAULTS
    disturbances: Sequence[Disturbance] = DISTURBANCES
    log: list[tuple[int, str]] = field(default_factory=list)

    async def play(self, simulation: NightSimulation) -> None:
        """All of them, each at its time."""
        for at, _, what, act in sorted(self._steps(simulation), key=lambda step: step[:3]):
            await asyncio.sleep(max(0, at - running().wall_ns) / SECOND)
            act()
            self.log.append((running().wall_ns, what))

    def _steps(self, simulation: NightSimulation) -> Iterator[tuple[int, int, str, Callable[[], None]]]:
        """Instant (ns), place among those of one instant, what it is, and how it is done."""
        for fault in self.faults:
            yield fault.since, 1, fault.name, partial(fault.inject, simulation, fault)
            if fault.lasts:
                yield fault.until, 0, f"{fault.name}: mended", partial(fault.mend, simulation)
        for each in self.disturbances:
            is_ours = each.node == ALERTING
            gone, back = simulation.stop_service, simulation.start_service
            yield each.since, 1, f"{each.node} is killed", partial(simulation.crash if is_ours else gone, each.node)
            yield each.until, 0, f"{each.node} is back", partial(simulation.start_again if is_ours else back, each.node)
