"""How far a gate's bar is filled: by what the verdict counts, and unknown where it is not known what is missing."""

from types import SimpleNamespace
from typing import cast

import pytest

from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.plan.compiled_plan import CompiledGate
from fairway.launch.views.gate_progress import GateProgress, gate_progress


def gate(*items: str) -> CompiledGate:
    return cast(CompiledGate, SimpleNamespace(settings=SimpleNamespace(items=items)))


def said(result: Result, missing: int | None = None, **numbers: str) -> Verdict:
    return Verdict(gate="a", result=result, reason="", numbers=numbers, missing=missing)


@pytest.mark.parametrize(
    ("verdict", "progress"),
    [
        (said(Result.INSUFFICIENT, 10, n="0", at_least_n="10"), GateProgress(0, 10)),
        (said(Result.INSUFFICIENT, 13, n="187"), GateProgress(187, 200)),
        (said(Result.INSUFFICIENT, 2, open="1/2", close="0/1"), GateProgress(1, 3)),
        (said(Result.PASS, None, n="40"), GateProgress(40, 40)),
        (said(Result.FAIL, None, n="40"), GateProgress(40, 40)),
        (said(Result.PASS), GateProgress(1, 1)),
    ],
    ids=["nothing yet", "some", "paths", "passed", "failed", "passed without a count"],
)
def test_it_is_what_was_gathered_of_what_is_needed(verdict: Verdict, progress: GateProgress) -> None:
    assert gate_progress(gate(), verdict) == progress


def test_of_a_checklist_it_is_the_items_that_hold() -> None:
    assert gate_progress(gate("a", "b", "c"), said(Result.INSUFFICIENT, 1, c="EVIDENCE_MISSING")) == GateProgress(2, 3)


@pytest.mark.parametrize("result", [Result.INSUFFICIENT, Result.STALE, Result.ERROR])
def test_it_is_unknown_where_nothing_says_how_much_is_missing(result: Result) -> None:
    assert gate_progress(gate(), said(result)) is None


def test_old_evidence_fills_no_bar() -> None:
    assert gate_progress(gate(), said(Result.STALE, 3, n="7")) is None


def test_a_share_is_never_above_one() -> None:
    assert GateProgress(3, 2).share == GateProgress(0, 0).share == 1.0
