"""The gate of docs/how-to/add-a-gate.md, one file of another package, is proven, linted, compiled and evaluated like ours."""

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.pure.launch.gates.facts import facts, series
from tests.pure.launch.lint.drafts import changed, check, findings, quiet, stages

from fairway.launch.gates.evaluation import evaluate
from fairway.launch.gates.gate_drill import prove_plan
from fairway.launch.gates.proof import proof_of
from fairway.launch.gates.registry import UnknownGate, example_of, gate, installed
from fairway.launch.gates.verdict import Result
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledPlan
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import parse

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-gate.md"
EVEN = "{name: even, gate: spread, of: order_ack, times: 10}"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The page's file and the page's entry point, as pip would install them."""
    code = re.search(r"```python\n# spread.py\n(.*?)```", PAGE.read_text(), re.DOTALL)
    entry = re.search(r"```toml\n\[project.entry-points.\"fairway.gates\"\]\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert code is not None
    assert entry is not None
    folder, about = tmp_path / "your_package", tmp_path / "your_package-1.0.dist-info"
    folder.mkdir()
    about.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "spread.py").write_text(code[1])
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: your-package\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[fairway.gates]\n" + entry[1].replace('"', ""))
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "your_package"]:
        del sys.modules[name]


def compiled(text: str) -> CompiledPlan:
    return PlanCompiler(parse(text), "USDT", Mode.LIVE).compiled()


def even(plan: CompiledPlan) -> CompiledGate:
    return next(each for each in plan.gates if each.name == "even")


def test_without_the_package_no_plan_can_name_it() -> None:
    with pytest.raises(UnknownGate):
        gate("spread")


@pytest.mark.usefixtures("package")
def test_it_is_found_and_proven() -> None:
    found = gate("spread")
    assert proof_of(found, example_of(found)[1]).gaps == []
    assert "spread" in installed().plugins
    assert installed().broken == []


@pytest.mark.usefixtures("package")
def test_a_plan_that_names_it_is_linted() -> None:
    check(changed(stages=stages("{name: even, gate: spread, of: order_ack, times: 0}")), "misread", "0")
    check(changed(stages=stages(EVEN), expects="{}"), "rate-unknown", "even waits for order_ack")
    check(changed(stages=stages("{name: even, gate: spread, of: trade_pnl_r, times: 10}")), "profit-promotes", "even")
    quiet(changed(stages=stages(EVEN)), "nothing-proven")
    assert not [each for each in findings(changed(stages=stages(EVEN))) if each.rule in ("misread", "unproven-gate")]


@pytest.mark.usefixtures("package")
def test_a_plan_that_names_it_is_compiled_and_its_stage_is_evaluated() -> None:
    asked = even(compiled(changed(stages=stages(EVEN))))
    kept, wide = facts(series("order_ack", [0.1, 0.5] * 10)), facts(series("order_ack", [0.1, 5.0] * 10))
    assert [said.reason for said in evaluate([asked], kept)] == ["SPREAD_KEPT: low=0.1 high=0.5"]
    assert [said.result for said in evaluate([asked], wide)] == [Result.FAIL]


@pytest.mark.usefixtures("package")
def test_a_drill_of_the_plan_proves_it() -> None:
    seen = prove_plan(parse(changed(stages=stages(EVEN))))
    (mine,) = [each for each in seen.gates if each.name == "even"]
    assert mine.is_proven
    assert mine.blocked["failing facts"].reason.startswith("SPREAD_WIDE")


@pytest.mark.usefixtures("package")
def test_a_gate_that_passes_its_failing_facts_blocks_the_stage() -> None:
    asked = even(compiled(changed(stages=stages(EVEN))))
    lazy = replace(asked, gate=replace(asked.gate, failing_facts=asked.gate.passing_facts))
    (said,) = evaluate([lazy], facts(series("order_ack", [0.1, 0.5] * 10)))
    assert (said.result, said.reason.partition(":")[0]) == (Result.ERROR, "GATE_UNPROVEN")
