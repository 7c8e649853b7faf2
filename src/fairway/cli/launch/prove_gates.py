"""`fairway launch prove-gates`: each gate, and each guard, is seen to stop what it must stop."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode
from fairway.cli.registry import show_rows

if TYPE_CHECKING:
    from fairway.launch.gates.guard_proof import GuardProof
    from fairway.launch.gates.proof import GateProof
    from fairway.launch.gates.verdict import Verdict


@shows
def prove_gates(plan: str = "", /) -> CommandOutput:
    """Show that each gate and each guard passes what is good and blocks what is not. Exit code 1 where one does not.

    Gates judge facts that are made for their settings: flawless ones, and the same with one thing wrong at a time. Guards are
    told of a quiet day, and of the same with one thing wrong.

    Parameters
    ----------
    plan: str
        A plan's file, or the name of one that comes with Fairway: its gates, as they stand there. Left out: every gate there is,
        as in its example, and every guard.
    """
    gates, gaps = _gates_of(plan) if plan else _all_gates()
    guards = _guards(plan)
    gaps += [f"gate {each.name} {gap}" for each in gates for gap in each.gaps]
    gaps += [f"guard {each.guard} {gap}" for each in guards for gap in each.gaps]

    def show() -> None:
        show_rows(("gate", "says", "of", "because"), [row for each in gates for row in _rows(each)])
        print()
        show_rows(("guard", "says", "of", "because"), [row for each in guards for row in _guard_rows(each)])
        print()
        for gap in gaps:
            print(f"not proven: {gap}")
        if not gaps:
            proven = f"{len(gates)} gates and {len(guards)} guards are proven"
            print(f"{proven}: each lets pass what is good, and blocks on all else here")

    value = {"gates": [each.name for each in gates], "guards": [each.guard for each in guards], "gaps": gaps}
    return CommandOutput(value=value, text=show, code=ExitCode.NO if gaps else ExitCode.OK)


def _all_gates() -> "tuple[list[GateProof], list[str]]":
    from fairway.launch.gates.proof import proof_of
    from fairway.launch.gates.registry import example_of, installed

    found = installed()
    return [proof_of(gate, example_of(gate)[1]) for _, gate in sorted(found.plugins.items())], [
        str(each) for each in found.broken
    ]


def _gates_of(plan: str) -> "tuple[list[GateProof], list[str]]":
    from fairway.launch.gates.gate_drill import prove_plan
    from fairway.operations.launch.plan_files import read_plan

    return list(prove_plan(read_plan(plan)).gates), []


def _guards(plan: str) -> "list[GuardProof]":
    from fairway.launch.gates.gate_drill import prove_guards
    from fairway.operations.launch.plan_files import read_plan

    return prove_guards(read_plan(plan).plan.guards if plan else None)


def _rows(proof: "GateProof") -> Iterator[tuple[str, str, str, str]]:
    head = f"{proof.gate} {proof.name}"
    yield head, proof.passed.result, "passing facts", _code(proof.passed)
    for name, said in proof.blocked.items():
        yield "", said.result, name, _code(said)


def _guard_rows(proof: "GuardProof") -> Iterator[tuple[str, str, str, str]]:
    yield proof.guard, proof.calm[-1].level.name if proof.calm else "quiet", "a quiet day", ""
    said = proof.tripped[-1] if proof.tripped else None
    yield "", said.level.name if said else "quiet", "one thing wrong", said.code if said else ""


def _code(said: "Verdict") -> str:
    return said.reason.partition(":")[0]
