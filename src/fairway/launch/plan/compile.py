"""Compiles a plan for one trader. What the plan refers to is looked up once, here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fairway.launch.control.activity import activity_asked
from fairway.launch.control.approvals import ALONE_AFTER_NS
from fairway.launch.evidence.checklist_asked import with_checklist
from fairway.launch.gates.port import Claim
from fairway.launch.plan.compiled_plan import (
    CompiledBaseline,
    CompiledGate,
    CompiledMessage,
    CompiledPlan,
    CompiledRollback,
    CompiledStage,
    CompiledStep,
    CompiledTrack,
    OnFail,
)
from fairway.launch.plan.day import Item, Rollback
from fairway.launch.plan.limits import Mode, limits_of
from fairway.launch.plan.load import PlanError, Written, whole
from fairway.launch.plan.model import MAIN, Plan
from fairway.launch.plan.people import PlannedMessage
from fairway.launch.plan.stage import FailureAction, Split, Stage
from fairway.launch.plan.stage_ref import StageRef
from fairway.launch.plan.watching import Baseline
from fairway.texts.located_yaml import Path, dotted
from fairway.texts.problems import Problem

ON_FAIL: Final = {
    FailureAction.NOTHING: OnFail.TELL,
    FailureAction.HOLD: OnFail.HOLD,
    FailureAction.REDUCE_ONLY: OnFail.CONTAIN,
    FailureAction.PREVIOUS_STAGE: OnFail.DEMOTE,
    FailureAction.KILL: OnFail.KILL,
    FailureAction.UNWIND: OnFail.FLATTEN,
    FailureAction.FLATTEN: OnFail.FLATTEN,
}


def _claim(item: Item) -> Claim:
    return Claim(
        name=item.id,
        rank=item.need,
        max_age=item.expires if isinstance(item.expires, int) else 0,
        of_release=item.expires == "release",
    )


def _message(message: PlannedMessage, place: str, stage: StageRef | None) -> CompiledMessage:
    every, ahead = message.every or 0, message.ahead
    return CompiledMessage(place, message.to, message.by, message.at, every, message.text, stage, ahead)


def _ref(stage: str) -> StageRef | None:
    """A stage that the plan names; None where it names none. A plan with one track may leave the track out."""
    return StageRef.parse(stage, track=MAIN) if stage else None


def _rollback(rollback: Rollback) -> CompiledRollback:
    return CompiledRollback(rollback.target, rollback.software, rollback.within or 0)


@dataclass(frozen=True, slots=True)
class PlanCompiler:
    """quote: the asset that the trader's accounts count in; mode: what its orders are."""

    written: Written
    quote: str
    mode: Mode

    @property
    def plan(self) -> Plan:
        return self.written.plan

    def compiled(self) -> CompiledPlan:
        """Raises PlanError, with every gate that cannot be asked, and every amount that the accounts cannot count in."""
        whole(self.written)
        self._check_money()
        self._check_tracks()
        entry = tuple(self._asked(("entry", at), OnFail.HOLD) for at in range(len(self.plan.entry)))
        tracks = tuple(self._track(name) for name in self.plan.rows)
        checklist = tuple(_claim(item) for item in self.plan.checklist)
        entry, tracks = with_checklist(checklist, entry, tracks)
        alone = self.plan.approvals.alone
        return CompiledPlan(
            name=self.plan.name,
            digest=self.plan.digest,
            author=self.plan.author,
            tracks=tracks,
            entry=entry,
            approval_ns=self.plan.approvals.expires,
            alone=alone is not None,
            capital_alone_max=alone.capital if alone is not None else None,
            baselines=tuple(self._baseline(each) for each in self.plan.baselines),
            alone_after_ns=alone.after if alone is not None else ALONE_AFTER_NS,
            waiver_roles=self.plan.approvals.waivers.by,
            waiver_ns=self.plan.approvals.waivers.at_most,
            timeline=tuple(CompiledStep(each.at, each.do, each.needs, _ref(each.raises)) for each in self.plan.timeline),
            targets=self.plan.targets,
            messages=tuple(self._messages()),
            rollback=_rollback(self.plan.rollback) if self.plan.rollback is not None else None,
            who=self.plan.approvals.who,
            checklist=checklist,
            objectives=self.plan.objectives,
            alarms=self.plan.alarms,
            probes=self.plan.probes,
            answers=self.plan.causes,
            guards=self.plan.guards,
            not_waivable=tuple(item.id for item in self.plan.checklist if not item.waivable),
        )

    def _check_tracks(self) -> None:
        """An account has one writer, so it follows one row of stages."""
        leading = self.plan.leading
        if len(leading) > 1:
            line, column = self.written.composed.place(("tracks", leading[1]))
            what = f"splits capital, and so does {leading[0]}: the accounts of a trader follow one track"
            example = "splits: http_weight"
            key = f"tracks.{leading[1]}"
            raise PlanError(self.written.file, [Problem(line=line, column=column, key=key, what=what, example=example)])

    def _check_money(self) -> None:
        problems = []
        for _, stage, path in self.plan.walk():
            try:
                limits_of(stage.limits, quote=self.quote, mode=self.mode)
            except ValueError as error:
                line, column = self.written.composed.place((*path, "limits"))
                problems.append(Problem(line=line, column=column, key=dotted((*path, "limits")), what=str(error)))
        if problems:
            raise PlanError(self.written.file, problems)

    def _track(self, name: str) -> CompiledTrack:
        track = self.plan.rows[name]
        stages = tuple(self._stage(name, stage) for stage in track.stages)
        return CompiledTrack(name=name, stages=stages, after=_ref(track.after), leads=track.splits is Split.CAPITAL)

    def _stage(self, track: str, stage: Stage) -> CompiledStage:
        on_fail = ON_FAIL[stage.on_fail]
        gates = tuple(self._asked(each.path, on_fail) for each in self.plan.gates_of(track, stage.name))
        trades = self.plan.rows[track].splits is Split.CAPITAL and stage.limits.mode is not Mode.OBSERVE
        return CompiledStage(
            name=stage.name,
            limits=limits_of(stage.limits, quote=self.quote, mode=self.mode),
            is_flown=stage.limits.mode.rank >= self.mode.rank,
            stay_min_ns=stage.stay.at_least,
            stay_max_ns=stage.stay.at_most or 0,
            gates=(*gates, *(activity_asked(gates) if trades and stage.expects_activity else ())),
            approvals=stage.approve if stage.approve is not None else self.plan.approvals.need,
            capital=stage.limits.capital,
            is_real=stage.limits.mode is Mode.LIVE,
            review_ns=stage.review or 0,
        )

    def _messages(self) -> Iterator[CompiledMessage]:
        """The plan's own words, and those of each stage."""
        for at, each in enumerate(self.plan.say):
            yield _message(each, f"say[{at}]", None)
        for track, stage, _ in self.plan.walk():
            for at, each in enumerate(stage.say):
                ref = StageRef(track, stage.name)
                yield _message(each, f"{ref} say[{at}]", ref)

    def _baseline(self, baseline: Baseline) -> CompiledBaseline:
        return CompiledBaseline(baseline.name, StageRef.parse(baseline.stage, track=MAIN), baseline.of)

    def _asked(self, path: Path, on_fail: OnFail) -> CompiledGate:
        gate, settings = self.written.gates[path]
        return CompiledGate(name=settings.name, gate=gate, settings=settings, on_fail=on_fail if gate.decides else OnFail.TELL)
