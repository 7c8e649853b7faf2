"""The drill of a plan's gates: what every gate and guard was seen to do is evidence, and one gap speaks against it."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.pure.launch.lint.drafts import SOUND

from fairway.cli.exits import ExitCode, known
from fairway.cli.launch.drill import drill
from fairway.launch.evidence.model import Rank
from fairway.launch.evidence.producers import GATES
from fairway.launch.gates.gate_drill import evidence_of_gates, prove_plan
from fairway.launch.plan import shipped
from fairway.launch.plan.load import Written, parse
from fairway.operations.refusal import Refusal
from fairway.world.clock import DAY


@pytest.mark.parametrize("name", shipped.names())
def test_the_gates_and_guards_of_a_shipped_plan_are_seen_to_block(name: str) -> None:
    written = parse(shipped.text(name))
    made = evidence_of_gates(written, "r1", DAY)
    assert (made.claim, made.rank, made.holds, made.release, made.made_at) == (GATES, Rank.OBSERVED_IN_A_DRILL, True, "r1", DAY)
    seen = prove_plan(written)
    assert len(seen.gates) == len(written.gates)
    assert {each.guard for each in seen.guards} >= set(written.plan.guards)


def blind(written: Written) -> Written:
    """The same plan, whose first gate passes whatever it is told."""
    path = next(iter(written.gates))
    gate, settings = written.gates[path]
    good = gate.judge(settings, gate.passing_facts(settings))
    return replace(written, gates={**written.gates, path: (replace(gate, judge=lambda *_: good), settings)})


def test_a_gate_that_blocks_on_nothing_speaks_against_the_claim() -> None:
    made = evidence_of_gates(blind(parse(SOUND)), "r1", DAY)
    assert not made.holds
    assert "passes with" in made.why


def test_another_plan_is_another_digest() -> None:
    one, two = (evidence_of_gates(parse(text), "r1", DAY) for text in (SOUND, SOUND.replace("95 %}", "96 %}")))
    assert one.digest != two.digest
    assert one.digest == evidence_of_gates(parse(SOUND), "r2", 2 * DAY).digest


def test_a_drill_that_there_is_not_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="'alerts' is no drill; there are controller-death, gates-proven, kill, ") as told:
        drill(tmp_path / "fairway.yaml", "alerts")
    assert known(told.value) == (ExitCode.USAGE, str(told.value))
