"""Raises and lifts the holds of a launch in a tick: for the traders' caps, the plan's alarms, and what the pilot cannot see."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec
from msgspec import Struct

from fairway.launch.control import leases, liquidation, transitions
from fairway.launch.control.alarms import alarms
from fairway.launch.control.causes import ActiveCause, causes_of
from fairway.launch.control.guard_requirements import guard_hold
from fairway.launch.control.holds import Hold, hold_of
from fairway.launch.control.launch_events import HoldRaised, lifted
from fairway.launch.control.lifecycle import PILOT
from fairway.launch.control.tick_context import TickContext
from fairway.risk.caps import Lifting
from fairway.risk.causes import Effect
from fairway.risk.disposal import Disposal
from fairway.world.clock import HOUR

FLUTTERS_MAX: Final = 3
"""A hold that was lifted by itself so often within an hour stays the next time, until a person lifts it."""


def update_holds(context: TickContext) -> Iterator[Struct]:
    """Holds of new causes with their effects, kills that are due, holds of what cannot be seen, and holds that end."""
    causes = (*_trader_causes(context), *alarms(context.plan, context.launch, context.observation))
    held = {each.id: each for each in causes if each.effect is not Effect.NONE}
    for cause in held.values():
        yield from _raise(context, cause)
    for cause in causes:
        if cause.disposal is not None:
            accounts = cause.accounts if cause.effect is Effect.HOLD else ()
            yield from order_kill(context, cause.disposal, cause.reason, accounts)
    yield from liquidation.again(context.plan, context.launch, context.observation)
    unseen = _unseen(context)
    for hold in unseen:
        if hold.id not in context.launch.holds:
            yield HoldRaised(hold=_latched(context, hold))
    yield from _lift(context, {*held, *(each.id for each in unseen)})


def order_kill(context: TickContext, disposal: Disposal, why: str, accounts: Sequence[str] = ()) -> Iterator[Struct]:
    """Orders a kill. accounts: whose; all accounts of the launch where it is empty."""
    names = accounts or [each.account for each in context.launch.accounts]
    yield from liquidation.kills(context.plan, context.launch, context.observation, names, disposal, why)


def _trader_causes(context: TickContext) -> Iterator[ActiveCause]:
    """The causes that traders' caps show. Caps of an account that has left the launch do not count."""
    plan, launch, observation = context.plan, context.launch, context.observation
    present = {each.account for each in launch.accounts}
    caps = {name: known.caps for name, known in observation.accounts.items() if name in present or not present}
    yield from causes_of(caps, plan.answers, leases.leading_accounts(plan, launch, observation))


def _unseen(context: TickContext) -> list[Hold]:
    """Holds of what the pilot cannot see now: trader, venue, leases, kills, guards."""
    plan, launch, observation = context.plan, context.launch, context.observation
    return leases.blindness(plan, launch, observation) + guard_hold(launch.accounts, plan.guards, observation)


def _raise(context: TickContext, cause: ActiveCause) -> Iterator[Struct]:
    """The hold of a cause and its demotion: once, and again where one account's cause has become the whole launch's."""
    known = context.launch.holds.get(cause.id)
    if known is None or (cause.contains and not known.contains):
        yield HoldRaised(hold=_hold(context, cause, known))
        yield from _demote(context, cause)


def _lift(context: TickContext, present: set[str]) -> Iterator[Struct]:
    """Lifts holds that end by themselves. present: ids of the holds whose reason was seen in this tick."""
    for hold_id, hold in list(context.launch.holds.items()):
        if hold.kind.is_observed and hold_id not in present and hold.lifting is Lifting.ITSELF:
            why = leases.why_over(context.plan, context.launch, context.observation, hold)
            if why:
                yield lifted(hold, by=PILOT, why=why)


def _hold(context: TickContext, cause: ActiveCause, known: Hold | None) -> Hold:
    """The hold of a cause, which ends when the trader's cap ends. One that waits for a person goes on waiting for one."""
    hold = _latched(context, hold_of(cause.kind, cause.reason, context.observation.now))
    waits_for_person = known is not None and known.lifting is Lifting.PERSON
    return msgspec.structs.replace(hold, lifting=Lifting.PERSON) if waits_for_person else hold


def _latched(context: TickContext, hold: Hold) -> Hold:
    """The hold, which only a person can lift where it has ended by itself too often lately."""
    lifts = [at for at in context.launch.lifts.get(hold.id, ()) if context.observation.now - at <= HOUR]
    if len(lifts) < FLUTTERS_MAX:
        return hold
    reason = f"{hold.reason}; it came and went {len(lifts)} times within an hour"
    return msgspec.structs.replace(hold, reason=reason, lifting=Lifting.PERSON)


def _demote(context: TickContext, cause: ActiveCause) -> Iterator[Struct]:
    """Demotes the tracks whose limits are the accounts' own, where the cause asks for more than holding."""
    if cause.effect is Effect.CONTAIN or not cause.contains:
        return
    to_smallest = cause.effect is not Effect.DEMOTE
    for track in context.plan.tracks:
        if track.leads:
            yield from transitions.demotion(track, context.launch, cause.reason, context.observation.now, to_smallest=to_smallest)
