"""A plan: how a bot goes from paper to its full capital. It names everything that a launch may do."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from fairway.launch.plan.day import Accept, Item, PlannedRunbook, PreparationPhase, Rollback, Step
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.people import Approvals, PlannedMessage
from fairway.launch.plan.probe import Probe
from fairway.launch.plan.stage import FailureAction, GateEntry, Name, Split, Stage, Track, check_stages
from fairway.launch.plan.stage_ref import StageRef
from fairway.launch.plan.watching import Alarm, Baseline, Objective, Target
from fairway.risk.causes import CauseCategory
from fairway.texts.located_yaml import Path
from fairway.texts.nearest import nearest
from fairway.texts.quantities import Duration, Expected
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit

MAIN = "main"
"""The one track of a plan that has only stages."""


class PlanRelease(Section):
    """What is launched, and what says so."""

    tag: str = Field(default="", description="Its name for people", examples=["v1.8.0"])
    attest: tuple[str, ...] = Field(
        default=("version", "configuration", "strategy"),
        description="What its digest is made of; a change of any part voids all evidence",
        examples=["[version, configuration, strategy]"],
    )
    nodes: Literal["one", "every"] = Field(
        default="every", description="Who must report that digest: `one` node or `every`", examples=["every"]
    )


class DeadMan(Section):
    """The venue cancels orders when it has not heard from us."""

    after: Duration = Field(description="How long the venue waits", examples=["60s"])
    cancels: Literal["entries", "everything"] = Field(
        description="What it cancels: `entries` or `everything`", examples=["entries"]
    )


class PlanAccount(Section):
    """An account of a venue, as far as a launch depends on it."""

    venue: str = Field(description="The exchange", examples=["binance"])
    mode: Mode = Field(description="What its orders are", examples=["live"])
    may: tuple[str, ...] = Field(default=("trade",), description="What its key may do", examples=["[trade]"])
    may_not: tuple[str, ...] = Field(
        default=("withdraw", "transfer"), description="What its key must not be able to do", examples=["[withdraw, transfer]"]
    )
    stops: Literal["venue", "bot"] = Field(
        default="venue", description="Where stops rest: at the `venue`, or in the `bot`", examples=["venue"]
    )
    dead_man: DeadMan | None = Field(
        default=None, description="The venue's dead-man's switch", examples=["{after: 60s, cancels: entries}"]
    )
    enforces: tuple[str, ...] = Field(
        default=(), description="Limits of stages that the venue itself enforces", examples=["[symbols]"]
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """A gate with its place in the file."""

    entry: GateEntry
    path: Path


class Plan(Section):
    """One plan."""

    plan: Name = Field(description="What the plan is called", examples=["beta"])
    about: str = Field(description="What it is for, in one sentence", examples=["Internal, limited and open beta."])
    author: str = Field(description="Who wrote it; an author approves nothing", examples=["ann"])
    release: PlanRelease = Field(default=PlanRelease(), examples=["{tag: v1.8.0}"])
    requires: tuple[PreparationPhase, ...] = Field(
        default=(), description="What must be done before", examples=["[{phase: audit, state: done}]"]
    )
    approvals: Approvals = Field(examples=["{need: {owner: 1, risk: 1}}"])
    accounts: dict[str, PlanAccount] = Field(default={}, examples=["{main: {venue: binance, mode: live}}"])
    guards: tuple[str, ...] = Field(
        description="Guards that must be on (docs/reference/guards.md); those that only a person lifts cannot be left out",
        examples=["[daily loss, drawdown, position loss]"],
    )
    expects: dict[str, Expected] = Field(
        default={},
        description="How many observations of an indicator come; the linter reckons with it",
        examples=["{order_success: 40/d}"],
    )
    objectives: tuple[Objective, ...] = Field(
        default=(), examples=["[{name: uptime, of: uptime, at_least: 99.9 %, within: 30d}]"]
    )
    alarms: tuple[Alarm, ...] = Field(default=(), examples=["[{name: errors, of: venue_api, above: 1 %}]"])
    probes: tuple[Probe, ...] = Field(
        default=(),
        max_length=50,
        examples=["[{name: health, of: http_ok, asks: GET http://127.0.0.1:8080/health, every: 1m, checks: [database]}]"],
    )
    baselines: tuple[Baseline, ...] = Field(default=(), examples=["[{name: testnet, stage: testnet, of: [order_ack]}]"])
    checklist: tuple[Item, ...] = Field(default=(), examples=["[{id: tests, text: tests pass, need: machine artifact}]"])
    entry: tuple[GateEntry, ...] = Field(
        default=(), description="Gates before the first stage", examples=["[{name: ready, gate: checklist}]"]
    )
    stages: tuple[Stage, ...] = Field(
        default=(), max_length=100, description="Steps of exposure, where there is one track", examples=["[{name: internal}]"]
    )
    tracks: dict[Name, Track] = Field(
        default={}, description="Instead of `stages`: several rows of them, by name", examples=["{api: {splits: http_weight}}"]
    )
    causes: dict[CauseCategory, FailureAction] = Field(
        default={},
        description="What is done about what is wrong, where that is graver than the usual",
        examples=["{losing: kill}"],
    )
    rollback: Rollback | None = Field(default=None, examples=["{target: previous, keep: 7d}"])
    timeline: tuple[Step, ...] = Field(default=(), examples=["[{at: T-12h, do: back up}]"])
    runbooks: tuple[PlannedRunbook, ...] = Field(default=(), examples=["[{when: blind, run: [fairway caps fairway.yaml]}]"])
    targets: tuple[Target, ...] = Field(default=(), examples=["[{name: uptime, within: 7d, of: uptime, at_least: 99.9 %}]"])
    say: tuple[PlannedMessage, ...] = Field(
        default=(), description="Who is told what", examples=["[{to: executives, every: 1d}]"]
    )
    accept: tuple[Accept, ...] = Field(
        default=(),
        description="Findings of the linter that stay, and why",
        examples=["[{finding: undecidable stages[0].gates[1], reason: the loss is small}]"],
    )

    @model_validator(mode="after")
    def _has_one_form(self) -> Self:
        if bool(self.stages) == bool(self.tracks):
            told = "stands beside tracks; a plan has one of them" if self.stages else "is missing"
            key = next((each for each in ("stages", "tracks") if each in self.model_fields_set), "stages")
            if not self.stages and key in self.model_fields_set:
                told = "is empty; a plan has one stage at least"
            raise misfit(key, told, example="stages: [{name: internal}]")
        check_stages(self.stages)
        for index, entry in enumerate(self.entry):
            if entry.use:
                raise misfit(f"entry.{index}.use", "is for stages; before the first one there is none to take gates from", "")
        return self

    @model_validator(mode="after")
    def _tracks_fit(self) -> Self:
        for name, track in self.tracks.items():
            if track.after and self.stage(track.after) is None:
                meant = nearest(track.after, self.stage_names)
                what = f"{track.after!r} is no stage of this plan; write track/stage"
                raise misfit(f"tracks.{name}.after", what, example=f"after: {meant}" if meant else "")
            if track.after and StageRef.parse(track.after).track == name:
                raise misfit(f"tracks.{name}.after", "is a stage of this track itself", example="")
        return self

    @model_validator(mode="after")
    def _probes_differ(self) -> Self:
        names = [probe.name for probe in self.probes]
        for index, name in enumerate(names):
            if name in names[:index]:
                raise misfit(f"probes.{index}.name", f"{name!r} is the name of another probe, too", example="")
        return self

    @property
    def name(self) -> str:
        return self.plan

    @property
    def rows(self) -> Mapping[str, Track]:
        """Its tracks by name; a plan of stages alone has one, `main`."""
        return self.tracks or {MAIN: Track(stages=self.stages)}

    @property
    def leading(self) -> list[str]:
        """The tracks whose stages are the accounts' limits. An account has one writer, so there must be one at most."""
        return [name for name, track in self.rows.items() if track.splits is Split.CAPITAL]

    def stage(self, path: str) -> Stage | None:
        """A stage by `track/name`, or by its name alone where there is one track."""
        ref = StageRef.parse(path, track=MAIN)
        row = self.rows.get(ref.track)
        return next((stage for stage in row.stages if stage.name == ref.stage), None) if row else None

    @property
    def stage_names(self) -> list[str]:
        """Every way in which a stage may be written, as `stage` reads it."""
        return [stage.name if track == MAIN else f"{track}/{stage.name}" for track, stage, _ in self.walk()]

    def walk(self) -> Iterator[tuple[str, Stage, Path]]:
        """Every stage with its track's name and its place in the file."""
        for name, track in self.rows.items():
            prefix: Path = ("stages",) if self.stages else ("tracks", name, "stages")
            for index, stage in enumerate(track.stages):
                yield name, stage, (*prefix, index)

    def gates_of(self, track: str, stage: str) -> list[Placed]:
        """All gates of a stage, those that it takes over from earlier ones included, each once."""
        found: dict[str, Placed] = {}
        place = {each.name: (each, path) for name, each, path in self.walk() if name == track}
        for index, entry in enumerate(place[stage][0].gates):
            inner = self.gates_of(track, entry.use) if entry.use else [Placed(entry, (*place[stage][1], "gates", index))]
            found |= {each.entry.name: each for each in inner}
        return list(found.values())

    @property
    def digest(self) -> str:
        """sha256 of the canonical form: comments, order of keys and spelling of numbers do not count, everything else does."""
        return hashlib.sha256(canonical(self).encode()).hexdigest()


def canonical(plan: Plan) -> str:
    """A plan that says nothing of what plans could not say once keeps the digest that it had then."""
    tree = plan.model_dump()
    if not plan.approvals.who:
        del tree["approvals"]["who"]
    for told, probe in zip(tree["probes"], plan.probes, strict=True):
        for key in {"within", "token", "beside"} - probe.model_fields_set:
            del told[key]
    for _, stage, path in plan.walk():
        if "expects_activity" not in stage.model_fields_set:
            del _at(tree, path)["expects_activity"]
    says = [(("say",), plan.say), *(((*path, "say"), stage.say) for _, stage, path in plan.walk())]
    for path, messages in says:
        for told, message in zip(_at(tree, path), messages, strict=True):
            if "ahead" not in message.model_fields_set:
                del told["ahead"]
    return json.dumps(tree, sort_keys=True, separators=(",", ":"), default=_text)


def _at(tree: Any, path: Path) -> Any:
    for key in path:
        tree = tree[key]
    return tree


def _text(value: object) -> str:
    return f"{type(value).__name__} {value}"
