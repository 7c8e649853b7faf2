"""Reports whether pilot, trader and venue are alive, for the first look of an operator when something is wrong."""

from collections.abc import Iterator
from typing import Final

from fairway.launch.control.leases import HEARD_WITHIN_NS, seated, wanted
from fairway.launch.control.state import Launch
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.risk.limits import TradingState
from fairway.texts.durations import duration_words
from fairway.world.clock import SECOND, text_of

UNSEEN_TOLD_NS: Final = 100 * SECOND


def life_signs(plan: CompiledPlan, launch: Launch, sight: Observation) -> Iterator[str]:
    """A line for each that is not seen to live, with what to do; nothing where all are. No pilot, no look at the venue."""
    without = list(_pilot(plan, launch, sight))
    yield from without or _venue(plan, launch, sight)
    yield from _trader(sight)


def _pilot(plan: CompiledPlan, launch: Launch, sight: Observation) -> Iterator[str]:
    """Warns that no pilot runs: a running pilot renews each lease before it ends, wherever a stage allows entries."""
    for track in plan.tracks:
        opens = track.leads and wanted(track, launch).state is TradingState.ACTIVE
        ends = [launch.leases[name].until for name in seated(plan, track, launch, sight) if name in launch.leases]
        if opens and ends and max(ends) <= sight.now:
            ended = f"NO PILOT FLIES: its last lease ended {text_of(max(ends))[:19]}"
            yield f"{ended}; nothing is opened, and stops stay. To go on: fairway launch start CONFIG"


def _venue(plan: CompiledPlan, launch: Launch, sight: Observation) -> Iterator[str]:
    """That a look at an account is overdue; each is looked at about once a minute, and the hold comes after three."""
    names = dict.fromkeys(name for track in plan.tracks if track.leads for name in seated(plan, track, launch, sight))
    looks = [look.asked_at for name, look in launch.looks.items() if name in names]
    if looks and sight.now - min(looks) > UNSEEN_TOLD_NS:
        since = f"THE VENUE IS NOT SEEN since {text_of(min(looks))[:19]}, for {duration_words(sight.now - min(looks))}"
        yield f"{since}; stops and targets rest there. What the trader knows of it: fairway caps CONFIG"


def _trader(sight: Observation) -> Iterator[str]:
    silent = sight.now - sight.written_at
    if not sight.written_at:
        yield "NO TRADER HAS RUN YET: nothing is measured, and no lease is accepted. To start it: fairway run CONFIG"
    elif silent > HEARD_WITHIN_NS:
        since = f"THE TRADER IS SILENT since {text_of(sight.written_at)[:19]}, for {duration_words(silent)}"
        todo = "If none runs: fairway run CONFIG; if one does, fairway doctor CONFIG says why"
        yield f"{since}; stops and targets rest at the exchange. {todo}"
