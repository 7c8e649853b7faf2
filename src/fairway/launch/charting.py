"""Charting: from a plan to the course that its pilot flies for one trader. What the plan refers to is looked up once, here."""

from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from fairway.launch.course import Asked, Course, Leg, OnFail, Route
from fairway.launch.gates.found import BrokenGate, UnknownGate, gate
from fairway.launch.gates.port import Claim
from fairway.launch.plan.day import Item
from fairway.launch.plan.limits import Mode, limits_of
from fairway.launch.plan.load import PlanError, Written
from fairway.launch.plan.model import Placed, Plan
from fairway.launch.plan.stage import Answer, Split, Stage
from fairway.texts.misfits import problems_of
from fairway.texts.problems import Problem

ON_FAIL: Final = {
    Answer.NOTHING: OnFail.TELL,
    Answer.HOLD: OnFail.HOLD,
    Answer.REDUCE_ONLY: OnFail.CONTAIN,
}
"""Every graver answer takes the stage back: what becomes of positions is the trader's own rule for each cause."""
REPORTS: Final = "report_only"


def _claim(item: Item) -> Claim:
    return Claim(
        name=item.id,
        rank=item.need,
        max_age=item.expires if isinstance(item.expires, int) else 0,
        of_release=item.expires == "release",
    )


@dataclass(frozen=True, slots=True)
class Charting:
    """quote: the asset that the trader's accounts count in; mode: what its orders are."""

    written: Written
    quote: str
    mode: Mode

    @property
    def plan(self) -> Plan:
        return self.written.plan

    def course(self) -> Course:
        """Raises PlanError, with every gate that cannot be asked."""
        problems: list[Problem] = []
        entry = self._asked([Placed(each, ("entry", at)) for at, each in enumerate(self.plan.entry)], OnFail.HOLD, problems)
        routes = tuple(self._route(name, problems) for name in self.plan.rows)
        if problems:
            raise PlanError(self.written.file, problems)
        alone = self.plan.approvals.alone
        return Course(
            name=self.plan.name,
            digest=self.plan.digest,
            author=self.plan.author,
            routes=routes,
            entry=entry,
            approval_ns=self.plan.approvals.expires,
            alone=alone is not None,
            capital_alone_max=alone.capital if alone is not None else None,
            checklist=tuple(_claim(item) for item in self.plan.checklist),
            objectives=self.plan.objectives,
            alarms=self.plan.alarms,
            not_waivable=tuple(item.id for item in self.plan.checklist if not item.waivable),
        )

    def _route(self, name: str, problems: list[Problem]) -> Route:
        track = self.plan.rows[name]
        legs = tuple(self._leg(name, stage, problems) for stage in track.stages)
        return Route(name=name, legs=legs, after=track.after, leads=track.splits is Split.CAPITAL)

    def _leg(self, track: str, stage: Stage, problems: list[Problem]) -> Leg:
        gates = self._asked(self.plan.gates_of(track, stage.name), ON_FAIL.get(stage.on_fail, OnFail.DEMOTE), problems)
        return Leg(
            name=stage.name,
            limits=limits_of(stage.limits, quote=self.quote, mode=self.mode),
            is_flown=stage.limits.mode.rank >= self.mode.rank,
            stay_min_ns=stage.stay.at_least,
            stay_max_ns=stage.stay.at_most or 0,
            gates=gates,
            approvals=stage.approve if stage.approve is not None else self.plan.approvals.need,
            capital=stage.limits.capital,
        )

    def _asked(self, placed: list[Placed], on_fail: OnFail, problems: list[Problem]) -> tuple[Asked, ...]:
        found = []
        for each in placed:
            try:
                found.append(self._one(each, on_fail))
            except ValidationError as error:
                kind = gate(each.entry.gate).settings
                problems += problems_of(error, self.written.composed, kind, each.path)
            except (UnknownGate, BrokenGate) as error:
                line, column = self.written.composed.place((*each.path, "gate"))
                problems.append(Problem(line=line, column=column, key="gate", what=str(error), example="gate: proportion"))
        return tuple(found)

    def _one(self, placed: Placed, on_fail: OnFail) -> Asked:
        entry = placed.entry
        plugin = gate(entry.gate)
        settings: Any = plugin.settings.model_validate(entry.own)
        return Asked(
            name=entry.name,
            gate=plugin,
            settings=settings,
            on_fail=OnFail.TELL if entry.gate == REPORTS else on_fail,
        )
