"""Evaluates a stage's gates, and fails closed: a gate that raises an error, or has no proof, passes no launch."""

from collections.abc import Sequence
from functools import lru_cache

from fairway.launch.gates.port import Facts
from fairway.launch.gates.proof import proof_of
from fairway.launch.gates.verdict import Result, Verdict, combined
from fairway.launch.plan.compiled_plan import CompiledGate, OnFail


def evaluate(asked: Sequence[CompiledGate], facts: Facts) -> tuple[Verdict, ...]:
    """One verdict for each gate, in order."""
    return tuple(_judge(each, facts) for each in asked)


def result_of(asked: Sequence[CompiledGate], verdicts: Sequence[Verdict]) -> Result:
    """The combined result of all gates that decide; gates that only report do not count."""
    return combined(said.result for each, said in zip(asked, verdicts, strict=True) if each.on_fail is not OnFail.TELL)


def _judge(asked: CompiledGate, facts: Facts) -> Verdict:
    if asked.on_fail is not OnFail.TELL and not has_blocked(asked):
        return Verdict(
            gate=asked.name, result=Result.ERROR, reason="GATE_UNPROVEN: it has not been seen to block", until=facts.now
        )
    try:
        return asked.gate.judge(asked.settings, facts)
    except Exception as error:  # of a gate of any package: it blocks, and its verdict names the error
        return Verdict(gate=asked.name, result=Result.ERROR, reason=f"GATE_BROKEN: error={type(error).__name__}", until=facts.now)


@lru_cache(maxsize=1_000)
def has_blocked(asked: CompiledGate) -> bool:
    """Whether the gate with these settings passes the facts made to pass, and none of their mutations."""
    try:
        return proof_of(asked.gate, asked.settings).is_proven
    except Exception:  # a proof that cannot be carried out proves nothing
        return False
