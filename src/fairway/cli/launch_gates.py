"""`fairway launch prove-gates`: what stops a launch is seen to stop it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fairway.cli.exits import Exit
from fairway.cli.registry import show_rows

if TYPE_CHECKING:
    from fairway.launch.gates.proof import Proof
    from fairway.launch.verdict import Verdict


def prove_gates() -> int:
    """Show that each gate passes what is good and blocks what is not.

    Each gate is set as in its example, and judges facts that are made for it: flawless ones, and the same with one thing wrong
    at a time.
    """
    from fairway.launch.gates.found import example_of, installed
    from fairway.launch.gates.proof import proof_of

    found = installed()
    proofs = [proof_of(gate, example_of(gate)[1]) for _, gate in sorted(found.plugins.items())]
    show_rows(("gate", "says", "of", "because"), [row for each in proofs for row in _rows(each)])
    gaps = [f"{each.gate} {gap}" for each in proofs for gap in each.gaps] + [str(broken) for broken in found.broken]
    for gap in gaps:
        print(f"not proven: {gap}")
    if not gaps:
        print(f"all {len(proofs)} gates are proven: each passes flawless facts, and blocks on everything else here")
    return Exit.NO if gaps else Exit.OK


def _rows(proof: "Proof") -> Iterator[tuple[str, str, str, str]]:
    yield proof.gate, proof.passed.result, "flawless facts", _code(proof.passed)
    for name, said in proof.blocked.items():
        yield "", said.result, name, _code(said)


def _code(said: "Verdict") -> str:
    return said.reason.partition(":")[0]
