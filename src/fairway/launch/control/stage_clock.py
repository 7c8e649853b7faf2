"""Stops and starts the clock of a stage: it stands while the trader is silent, takes no lease, or may open nothing.

The clock counts time in which the stage could be seen to work. A trader that is dead or paused proves nothing by waiting.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from fairway.journal.account_permissions import AccountPermissions
from fairway.launch.control import launch_events
from fairway.launch.control.causes import concerns_launch
from fairway.launch.control.leases import LEASE_TAKEN_WITHIN_NS, admitted, is_trader_silent
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.state import Launch
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledTrack
from fairway.risk.caps import Cap, CapSource
from fairway.risk.limits import TradingState
from fairway.world.clock import text_of


@dataclass(frozen=True, slots=True)
class Stop:
    """Why the clock stands, in words that stay the same while the reason does. since: ns."""

    why: str
    since: int


def clock_moves(
    plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation
) -> Iterator[launch_events.ClockStopped | launch_events.ClockStarted]:
    """What is to be written: that the clock stops, that it stands for another reason, or that it runs again."""
    progress, stop = launch.track(track.name), _stop(plan, track, launch, observation)
    if stop is None and progress.stopped:
        yield launch_events.ClockStarted(track=track.name)
    elif stop is not None and progress.settled_at and stop.why != progress.stopped:
        yield launch_events.ClockStopped(track=track.name, since=stop.since, why=stop.why)


def _stop(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> Stop | None:
    """Why the clock of the present stage stands; None where it runs, or where the stage belongs to another trader."""
    progress = launch.track(track.name)
    if progress.stage < 0 or progress.phase is Phase.ABORTED or not track.stages[progress.stage].is_flown:
        return None
    if is_trader_silent(observation):
        return Stop(f"the trader has not been heard since {text_of(observation.written_at)[:19]}", observation.written_at)
    if not track.leads:
        return None
    names = admitted(plan, track, launch, observation)
    if not names:
        return Stop("the stage has no account", observation.now)
    found = {name: stop for name in names if (stop := _stop_of(plan, launch, observation, name)) is not None}
    if not concerns_launch(found, names):
        return None
    first, stop = next(iter(found.items()))
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return Stop(f"{first}{more}: {stop.why}", max(each.since for each in found.values()))


def _stop_of(plan: CompiledPlan, launch: Launch, observation: Observation, account: str) -> Stop | None:
    """Why one account may open nothing, whatever its stage allows."""
    given, known = launch.leases.get(account), observation.accounts.get(account)
    if given is not None:
        lease = known.lease if known is not None else None
        taken = lease.until if lease is not None else 0
        if taken + plan.renew_ns + LEASE_TAKEN_WITHIN_NS < given.until:
            since = f" since {text_of(taken - plan.lease_ns)[:19]}" if taken else ""
            return Stop(f"no lease was taken{since}", max(0, taken - plan.lease_ns) or observation.now)
    cap = shut_by(known) if known is not None else None
    return Stop(f"nothing may be opened: {cap.reason}", min(cap.since, observation.now)) if cap is not None else None


def shut_by(permissions: AccountPermissions) -> Cap | None:
    """A cap by which an account opens nothing in any of its symbols, the newest of those of symbols; None where it may open."""
    caps = [
        cap
        for cap in permissions.caps.values()
        if cap.limits.state is not TradingState.ACTIVE and cap.source is not CapSource.LEASE
    ]
    of_all = next((cap for cap in caps if not cap.symbol), None)
    if of_all is not None:
        return of_all
    is_shut = bool(permissions.symbols) and all(any(cap.covers(symbol) for cap in caps) for symbol in permissions.symbols)
    return max(caps, key=lambda cap: cap.since) if is_shut else None
