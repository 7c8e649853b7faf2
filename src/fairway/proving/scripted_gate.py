"""A gate for proving launches: it says what the newest evidence for its name says, and blocks like any other."""

from collections.abc import Callable
from typing import Final

from fairway.launch.evidence.model import Evidence, Rank, newest
from fairway.launch.gates.port import Claim, Facts, Gate, GateSettings
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.plan.compiled_plan import CompiledGate, OnFail
from fairway.world.clock import HOUR

RESULTS: Final = {"good": Result.PASS, "bad": Result.FAIL}


def evidence(claim: str, word: str, at: int = 0) -> Evidence:
    """word: good or bad; anything else is no answer."""
    return Evidence(claim=claim, rank=Rank.MACHINE_ARTIFACT, holds=word == "good", why=word, producer="a proving", made_at=at)


def asked(name: str, on_fail: OnFail = OnFail.HOLD) -> CompiledGate:
    return CompiledGate(name=name, gate=WORD, settings=GateSettings(name=name), on_fail=on_fail)


def _judge(settings: GateSettings, facts: Facts) -> Verdict:
    counts = [each for each in facts.evidence if each.rank > Rank.BARE_WORD and not 0 < each.ends_at <= facts.now]
    said = newest(counts, settings.name)
    result = RESULTS.get(said.why, Result.INSUFFICIENT) if said else Result.INSUFFICIENT
    reason = f"SAID: word={said.why if said else 'nothing'}"
    return Verdict(gate=settings.name, result=result, reason=reason, until=facts.now)


def _facts(word: str) -> Callable[[GateSettings], Facts]:
    return lambda settings: Facts(now=HOUR, since=0, evidence=(evidence(settings.name, word),))


WORD: Final = Gate(
    name="word",
    settings=GateSettings,
    judge=_judge,
    indicators=lambda settings: (),
    question="what its newest evidence says",
    formula="none",
    reference="none: it is for proving",
    example="",
    passing_facts=_facts("good"),
    failing_facts=_facts("bad"),
    claims=lambda settings: (Claim(settings.name, Rank.ATTESTED_FILE, of_release=False),),
)
