"""Reports whether pilot, trader and venue are alive: an operator needs that first when something is wrong."""

from collections.abc import Iterator
from typing import Final

from fairway.launch.control.leases import TRADER_WRITES_WITHIN_NS, admitted, allowed_limits
from fairway.launch.control.state import Launch
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.risk.limits import TradingState
from fairway.texts.durations import duration_words
from fairway.world.clock import SECOND, text_of

UNSEEN_TOLD_NS: Final = 100 * SECOND


def life_signs(plan: CompiledPlan, launch: Launch, observation: Observation) -> Iterator[str]:
    """A line for each of them that shows no sign of life, with what to do. Without a pilot the venue is not checked."""
    without = list(_pilot(plan, launch, observation))
    yield from without or _venue(plan, launch, observation)
    yield from _trader(observation)


def _pilot(plan: CompiledPlan, launch: Launch, observation: Observation) -> Iterator[str]:
    """Warns that no pilot runs: a running pilot renews each lease before it ends, wherever a stage allows entries."""
    for track in plan.tracks:
        opens = track.leads and allowed_limits(track, launch).state is TradingState.ACTIVE
        ends = [launch.leases[name].until for name in admitted(plan, track, launch, observation) if name in launch.leases]
        if opens and ends and max(ends) <= observation.now:
            ended = f"NO PILOT FLIES: its last lease ended {text_of(max(ends))[:19]}"
            yield f"{ended}; nothing is opened, and stops stay. To go on: fairway launch start CONFIG"


def _venue(plan: CompiledPlan, launch: Launch, observation: Observation) -> Iterator[str]:
    """That the check of an account is overdue. Each is checked once a minute; the hold comes after three minutes."""
    names = dict.fromkeys(name for track in plan.tracks if track.leads for name in admitted(plan, track, launch, observation))
    checked = [check.asked_at for name, check in launch.venue_checks.items() if name in names]
    if checked and observation.now - min(checked) > UNSEEN_TOLD_NS:
        since = f"THE VENUE IS NOT SEEN since {text_of(min(checked))[:19]}, for {duration_words(observation.now - min(checked))}"
        yield f"{since}; stops and targets rest there. What the trader knows of it: fairway caps CONFIG"


def _trader(observation: Observation) -> Iterator[str]:
    silent = observation.now - observation.written_at
    if not observation.written_at:
        yield "NO TRADER HAS RUN YET: nothing is measured, and no lease is accepted. To start it: fairway run CONFIG"
    elif silent > TRADER_WRITES_WITHIN_NS:
        since = f"THE TRADER IS SILENT since {text_of(observation.written_at)[:19]}, for {duration_words(silent)}"
        todo = "If none runs: fairway run CONFIG; if one does, fairway doctor CONFIG says why"
        yield f"{since}; stops and targets rest at the exchange. {todo}"
