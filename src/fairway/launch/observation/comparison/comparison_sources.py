"""Follows the journals of traders that run beside a launch, and samples what its gates ask of them.

Nothing that they tell raises anything by itself: it is what a gate of the plan judges, and a companion that cannot be read is
told and grows stale, which passes nothing.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.port import JournalError, Record
from fairway.launch.control.launch_events import SamplesTaken
from fairway.launch.control.state import Launch
from fairway.launch.gates.kinds.regression import CONTROL, ProbeComparison, RegressionSettings
from fairway.launch.observation.comparison.legs import SignalExecutions
from fairway.launch.observation.comparison.pairing import OF, Pairing
from fairway.launch.observation.sample_buffer import SampleBuffer
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledPlan
from fairway.watch.indicators import OF_TRADER
from fairway.watch.observer import PASSED_OVER, Measurement, Observer
from fairway.world.clock import MINUTE, SECOND

SHADOW: Final = "shadow"
CODEC: Final = Codec(*EVENTS)
RETRY_NS: Final = 10 * SECOND
NOTED_EVERY_NS: Final = MINUTE
"""A trader measures itself once a minute, and no more is known of it in between."""


NAME_SHADOW: Final = "the configuration may name one,  beside: {shadow: paper.yaml}"
NAME_CONTROL: Final = "the configuration may name one,  beside: {control: old.yaml}"


class Unfollowed(Exception):
    """A companion cannot be followed now; one sentence says why."""


class Followed(Protocol):
    """The journal of a trader."""

    async def news(self, after: int) -> Sequence[Record]:
        """The next records. Raises Unfollowed, JournalErrors."""
        ...


def asked_of_control(plan: CompiledPlan) -> tuple[str, ...]:
    """The indicators that some gate compares with a control's."""
    names = (each.settings.of for each in plan.gates if is_against_control(each))
    measured = {each.name for each in OF_TRADER}
    return tuple(dict.fromkeys(name for name in names if name in measured))


def is_against_control(asked: CompiledGate) -> bool:
    return isinstance(asked.settings, RegressionSettings) and asked.settings.against == CONTROL


def is_against_probe(asked: CompiledGate) -> bool:
    return isinstance(asked.settings, RegressionSettings) and isinstance(asked.settings.against, ProbeComparison)


def lacking(plan: CompiledPlan, *, has_shadow: bool, has_control: bool) -> Iterator[str]:
    """Which gates of a plan ask for a companion that the configuration does not name, in words."""
    for each in dict.fromkeys(plan.gates):
        if not has_shadow and OF in each.gate.indicators(each.settings):
            yield f"gate {each.name} asks for {OF}, and no shadow is configured: {NAME_SHADOW}"
        if not has_control and is_against_control(each):
            yield f"gate {each.name} compares with a control, and none is configured: {NAME_CONTROL}"


@dataclass(frozen=True, slots=True)
class EarlierReadings:
    """What was noted of a source by whatever pilot flew before: from there another goes on. Instants in ns, 0 for none."""

    known_to: int = 0
    beats: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, launch: Launch, source: str) -> "EarlierReadings":
        last = launch.external.last(source)
        return cls(max(last.seen_to, launch.external.newest(source)), last.beats, last.counts) if last is not None else cls()


class _Reading:
    """Reads a journal to its end, each record once. read_to: the last that was taken."""

    def __init__(self, followed: Followed, take: Callable[[Record], None]) -> None:
        self._followed, self._take = followed, take
        self._trouble, self._again_at = "", 0
        self.read_to = 0

    async def read(self, now: int) -> str:
        """Why it could not be read at this instant (ns), or ""; what failed is not tried again at every tick."""
        if now < self._again_at:
            return self._trouble
        try:
            while records := await self._followed.news(self.read_to):
                for record in records:
                    self._take(record)
                    self.read_to = record.seq
                await asyncio.sleep(0)  # a long journal keeps no tick waiting
        except (Unfollowed, JournalError) as error:
            self._trouble, self._again_at = str(error), now + RETRY_NS
            return self._trouble
        return ""


class Control:
    """A trader that runs at the same time, such as the old release: what it measures of itself is what a gate compares with."""

    def __init__(self, followed: Followed, indicators: Sequence[str]) -> None:
        self._reading, self._indicators = _Reading(followed, self._take), frozenset(indicators)
        self._observer, self._since = Observer(), 0
        self._noting = SampleBuffer(CONTROL, indicators, is_control=True, every_ns=NOTED_EVERY_NS)
        self._before: EarlierReadings | None = None

    async def news(self, launch: Launch, now: int) -> Sequence[SamplesTaken]:
        if self._before is None:
            self._since, self._before = launch.began_at, EarlierReadings.of(launch, CONTROL)
        before = self._before
        trouble = await self._reading.read(now)
        self._noting.add(each._replace(label="") for each in self._observer.away() if self._is_new(each, before))
        seen_to, beats = max(before.known_to, self._observer.seen_to), max(before.beats, self._observer.beats)
        self._noting.stand(seen_to, beats, trouble)
        due = self._noting.due(now)
        return [due] if due is not None else []

    def _is_new(self, each: Measurement, before: "EarlierReadings") -> bool:
        return each.indicator in self._indicators and each.at > max(self._since, before.known_to)

    def _take(self, record: Record) -> None:
        if record.kind in PASSED_OVER:
            self._observer.pass_over(record.at)
        else:
            self._observer.take(CODEC.decode(record), record.account, record.at)


class Shadow:
    """A trader that runs the same release on paper: the same signals, filled on paper.

    own: the journal of the launch's trader; interval_ns: the length of the candles of both.
    """

    def __init__(self, own: Followed, followed: Followed, interval_ns: int) -> None:
        self._live, self._paper = SignalExecutions(interval_ns), SignalExecutions(interval_ns)
        self._pairing = Pairing(self._live, self._paper)
        self._readings = (_Reading(own, self._live.take), _Reading(followed, self._paper.take))
        self._noting = SampleBuffer(SHADOW, (OF,), every_ns=NOTED_EVERY_NS)
        self._before: EarlierReadings | None = None
        self._settled_to = 0

    async def news(self, launch: Launch, now: int) -> Sequence[SamplesTaken]:
        live, paper, pairing = self._live, self._paper, self._pairing
        if self._before is None:
            self._before = EarlierReadings.of(launch, SHADOW)
            self._settled_to = self._before.known_to
            live.since = paper.since = launch.began_at
        before = self._before
        troubles = [await each.read(now) for each in self._readings]
        trouble = next(filter(None, troubles), "") or _unlike(live, paper)
        self._noting.add(each for each in pairing.settle() if each.at > before.known_to)  # the others again, for their number
        if not trouble:
            self._settled_to = max(self._settled_to, pairing.settled_to)
        is_read = pairing.settled_to >= before.known_to
        counts = pairing.counts() if is_read else before.counts
        self._noting.stand(self._settled_to, max(before.beats, min(live.beats, paper.beats)), trouble, counts)
        due = self._noting.due(now)
        return [due] if due is not None else []


def _unlike(live: SignalExecutions, shadow: SignalExecutions) -> str:
    """Why these two do not follow the same signals, or ""."""
    if not live.seen_to or not shadow.seen_to:
        return f"{'this trader' if shadow.seen_to else 'the shadow'} has written nothing yet"
    if not live.release or not shadow.release:
        return f"the release that {'this trader' if shadow.release else 'the shadow'} runs is not known, so nothing is paired"
    if live.release != shadow.release:
        return f"it runs release {shadow.release[:12]}, and here {live.release[:12]}: nothing is paired"
    return ""
