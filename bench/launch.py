"""A pilot's start over a journal of a million events, and its whole tick: what is new is read, fifty gates judge, it is decided.

The journal's own observations are too few and too short for most gates to say anything, which would cost them nothing; so they
judge a million made ones instead, over thirty days.
"""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from bench.gates import ASKED, OVERS, ROWS, SHARES, SPAN, filled
from bench.recovery import EVENTS, live
from fairway.assembly import CODEC
from fairway.journal.port import Record, ReplayEntry
from fairway.journal.sql import open_journal, open_reader
from fairway.launch.control import launch_events
from fairway.launch.control.decision import decide
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.control.lifecycle import StageEntered, StageSettled
from fairway.launch.control.state import Launch
from fairway.launch.gates.registry import gate
from fairway.launch.observation.checkpoint import ProjectionCheckpoint, checkpoint_beside, read_on, restore_to_look
from fairway.launch.observation.observation import Observation
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledPlan, CompiledStage, CompiledTrack
from fairway.money.amount import Amount, use_exact_decimals
from fairway.risk.limits import Limits
from fairway.watch.indicators import BY_NAME, Measures
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import DAY, SECOND
from fairway.world.garbage import without_collecting

LOOKS, NEW, GATES, BOUND_MS, START_S = 200, 25, 50, 50, 1


def rows() -> list[tuple[str, str, str]]:
    use_exact_decimals()
    with tempfile.TemporaryDirectory() as folder:
        journal = open_journal(Path(folder) / "bench.db", CODEC, mode="practice", trader="bench", synchronous="OFF")
        live(journal)
        starts = _starts(Path(folder) / "bench.db")
        projection, records = TraderProjection(), list(islice(journal.replay(), EVENTS - LOOKS * NEW))
        projection.fold(records)
        rest = list(journal.replay(records[-1].seq))
        journal.close()
    made = {name: filled(name, round(ROWS * share)) for name, share in SHARES.items()}
    plan, launch = _plan(), _launch(sorted({each.account for each in records if each.account}))
    first = _tick(plan, launch, projection, [], made, SPAN)
    took = sorted(
        _tick(plan, launch, projection, rest[each * NEW : (each + 1) * NEW], made, SPAN + each * SECOND) for each in range(LOOKS)
    )
    said = Counter(said.result.value for said in verdicts_of(plan, launch, _sight(projection, made, SPAN + DAY // 24))["main"])
    what = f"a tick over {EVENTS:,} events and {GATES} gates"
    beside = f"at most {BOUND_MS} ms; {len(launch.accounts)} accounts"
    return [
        *starts,
        (f"{what}, the first", f"{first:.0f} ms", "with all that is summed up once"),
        (f"{what}, {NEW} new events, p50", f"{took[LOOKS // 2]:.1f} ms", beside),
        (f"of these {GATES} gates", ", ".join(f"{count} {result}" for result, count in said.items()), "what they say"),
        (f"{what}, {NEW} new events, p95", f"{took[LOOKS * 95 // 100]:.1f} ms", beside),
    ]


def _starts(place: Path) -> list[tuple[str, str, str]]:
    """What a start reads of the trader's journal, and what is read for `status`: all of it, and what came after it was kept."""
    read_all = _looked(place)
    first, again = (asyncio.run(_started(place)) for _ in range(2))
    kept = Path(checkpoint_beside(place)).stat().st_size / 1e6
    what, bound = f"{EVENTS:,} events", f"at most {START_S} s"
    return [
        (f"a pilot's start from {what}, from nothing, CPU", f"{first:.1f} s", "with all that is kept of them on the way"),
        (f"the same from its checkpoint of {kept:.0f} MB, CPU", f"{again * 1000:.0f} ms", bound),
        (f"`fairway launch status` over {what}, from nothing, CPU", f"{read_all:.1f} s", "floor: all is read"),
        ("the same from the pilot's checkpoint, CPU", f"{_looked(place) * 1000:.0f} ms", bound),
    ]


async def _started(place: Path) -> float:
    """CPU seconds until a pilot knows all; then it ends."""
    projection, checkpoint = TraderProjection(), ProjectionCheckpoint(place, trader="bench", tell=print)
    began = time.process_time()
    with open_reader(place) as reader, without_collecting():
        checkpoint.open(projection, reader)
        while records := await reader.news(projection.folded_to):
            projection.fold(records)
            await checkpoint.keep_on_the_way(projection)
    took = time.process_time() - began
    await checkpoint.close(projection)
    return took


def _looked(place: Path) -> float:
    projection, began = TraderProjection(), time.process_time()
    with open_reader(place) as reader:
        restore_to_look(projection, reader, place, trader="bench")
        read_on(projection, reader)
    projection.observation(0)
    return time.process_time() - began


def _tick(
    plan: CompiledPlan,
    launch: Launch,
    projection: TraderProjection,
    new: Sequence[Record | ReplayEntry],
    made: Mapping[str, SeriesBuilder],
    now: int,
) -> float:
    """Milliseconds from what is new to what is decided."""
    for name, series in made.items():
        series.add(now, 1.0 if BY_NAME[name].measures in (Measures.GOOD, Measures.ONE) else 0.5)
    began = time.perf_counter()
    projection.fold(new)
    observation = _sight(projection, made, now)
    events, _ = decide(plan, launch, observation)
    for event in events:
        launch.apply(event, observation.now)
    return (time.perf_counter() - began) * 1000


def _sight(projection: TraderProjection, made: Mapping[str, SeriesBuilder], now: int) -> Observation:
    series = {name: each.series(watermark=now, beats=now) for name, each in made.items()}
    return replace(projection.observation(now), series=series, written_at=now)


def _plan() -> CompiledPlan:
    gates = tuple(_asked(number) for number in range(GATES))
    stages = (
        CompiledStage("small", Limits(capital=Amount.of("100", "USDT")), stay_min_ns=1, gates=gates),
        CompiledStage("large", Limits()),
    )
    return CompiledPlan(name="bench", digest="bench", author="ann", tracks=(CompiledTrack("main", stages),))


def _asked(number: int) -> CompiledGate:
    told: dict[str, Any] = dict(ASKED[number % len(ASKED)])
    found = gate(told.pop("gate"))
    name, over = f"gate {number}", OVERS[number // len(ASKED) % len(OVERS)]
    return CompiledGate(name, found, found.settings.model_validate({"name": name, "over": over, **told}))


def _launch(accounts: Sequence[str]) -> Launch:
    launch = Launch()
    launch.apply(launch_events.LaunchBegan(plan="bench", text="", digest="bench", release="", by="ann"), 0)
    launch.apply(
        launch_events.AccountsSeen(accounts=tuple(launch_events.LaunchAccount(account=each, user=each) for each in accounts)), 0
    )
    launch.apply(StageEntered(track="main", by="pilot", why="bench", stage=0, name="small"), SPAN - 25 * DAY)
    launch.apply(StageSettled(track="main", by="pilot", why="bench"), SPAN - 25 * DAY)
    return launch
