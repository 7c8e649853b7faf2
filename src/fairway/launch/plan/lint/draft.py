"""A plan as the linter sees it: each gate with its stage, its time, and how many observations it can expect."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from fairway.launch.gates.port import Gate, GateSettings
from fairway.launch.gates.registry import BrokenGate, UnknownGate, gate
from fairway.launch.plan.load import Written
from fairway.launch.plan.model import Plan
from fairway.launch.plan.stage import GateEntry, Stage
from fairway.texts.durations import as_setting
from fairway.texts.located_yaml import Path
from fairway.watch.indicators import BY_NAME, MINUTE_S, OF_TRADER, Indicator
from fairway.world.clock import SECOND


@dataclass(frozen=True, slots=True)
class DraftGate:
    """A gate in a stage. settings: None where its plug-in could not read them, so that only its texts are known.

    path: where the gate is written, which is another stage where it was taken over.
    """

    plan: Plan
    track: str
    stage: Stage
    stage_path: Path
    entry: GateEntry
    path: Path
    settings: GateSettings | None

    @property
    def of(self) -> str:
        """The indicator that it is about; some gates have one of their own."""
        return self.entry.text("of") or str(getattr(self.settings, "of", ""))

    @property
    def gate(self) -> Gate | None:
        """The gate that the entry names; None where no package has one of this name that can be used."""
        try:
            return gate(self.entry.gate)
        except (UnknownGate, BrokenGate):
            return None

    @property
    def decides(self) -> bool:
        """Whether it can hold a launch; an entry whose gate is not known counts as one that can."""
        return self.gate is None or self.gate.decides

    @property
    def indicator(self) -> Indicator | None:
        return BY_NAME.get(self.of)

    @property
    def horizon(self) -> int:
        """The longest that the stage may last without a person (ns)."""
        return self.stage.stay.at_most or self.stage.stay.at_least

    @property
    def expected(self) -> int | None:
        """How many observations come in that time; None where that is unknown."""
        return expected(self.plan, self.stage, self.of, self.horizon)

    @property
    def where(self) -> str:
        return f"{self.stage.name}/{self.entry.name}"

    @property
    def lasts(self) -> str:
        return as_setting(self.horizon)


def expected(plan: Plan, stage: Stage, of: str, ns: int) -> int | None:
    """How many observations of an indicator come in a stage within a time: as the plan says, else by the clock and its probes."""
    rate = stage.expects.get(of) or plan.expects.get(of)
    if rate is not None:
        return rate.within(ns)
    probes = [probe for probe in plan.probes if of in probe.feeds_own]
    if probes:
        return sum(ns // probe.every for probe in probes)
    indicator = BY_NAME.get(of)
    if indicator is None or indicator.every_s is None:
        return None
    return ns // (indicator.every_s * SECOND)


def pace(plan: Plan, of: str) -> int | None:
    """How often what measures an indicator shows that it is alive (ns); None where that is unknown."""
    asked = [probe.every for probe in plan.probes if of in probe.feeds_own]
    if asked:
        return min(asked)
    return MINUTE_S * SECOND if BY_NAME.get(of) in OF_TRADER else None


@dataclass(frozen=True)
class Draft:
    """command_trouble: what is wrong with a command line of Fairway's own, in words, or ""."""

    written: Written
    command_trouble: Callable[[str], str] = lambda _: ""

    @property
    def plan(self) -> Plan:
        return self.written.plan

    @cached_property
    def asked(self) -> tuple[DraftGate, ...]:
        """Every gate in every stage, those that were taken over too."""
        return tuple(self._asked())

    def _asked(self) -> Iterator[DraftGate]:
        for track, stage, path in self.plan.walk():
            for placed in self.plan.gates_of(track, stage.name):
                settings = self.written.gates.get(placed.path)
                yield DraftGate(self.plan, track, stage, path, placed.entry, placed.path, settings[1] if settings else None)

    @property
    def gates(self) -> Iterator[tuple[Path, GateEntry]]:
        """Each gate once, where it is written, those before the first stage too."""
        for index, entry in enumerate(self.plan.entry):
            yield ("entry", index), entry
        for _, stage, path in self.plan.walk():
            for index, entry in enumerate(stage.gates):
                if not entry.use:
                    yield (*path, "gates", index), entry

    def steps_up(self) -> Iterator[tuple[str, Stage, Stage, Path]]:
        """Each promotion: the track, the stage that is left, the one that is entered, and the latter's place."""
        for name, track in self.plan.rows.items():
            paths = [path for each, _, path in self.plan.walk() if each == name]
            for index in range(1, len(track.stages)):
                yield name, track.stages[index - 1], track.stages[index], paths[index]
