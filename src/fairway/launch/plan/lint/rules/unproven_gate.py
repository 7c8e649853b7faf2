"""A gate that, as the plan sets it, can never count: facts without a flaw do not pass it, or facts with one do."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from fairway.launch.gates.port import Gate, GateSettings
from fairway.launch.gates.proof import GateProof, proof_of
from fairway.launch.gates.verdict import Result
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.views.reason_text import reason_in_words
from fairway.money.fraction import Fraction
from fairway.texts.durations import as_setting
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

LENGTHS: Final = (
    *(each * SECOND for each in (10, 30)),
    *(each * MINUTE for each in (1, 2, 5, 10, 30)),
    *(each * HOUR for each in (1, 2, 6, 12, 24)),
    *(each * DAY for each in (2, 3, 7, 14, 30)),
)
SHARES: Final = tuple(map(Fraction.parse, ("91 %", "92 %", "95 %", "99 %")))
TIMES: Final = ("over", "block", "span")


def look(draft: Draft) -> Iterator[RuleFinding]:
    for path, (gate, settings) in draft.written.gates.items():
        found = _found(gate, settings)
        if found is not None:
            what, mend = found
            yield RuleFinding(path, f"{settings.name} can never count: {what}", mend)


@lru_cache(maxsize=1_000)
def _found(gate: Gate, settings: GateSettings) -> tuple[str, str] | None:
    """What keeps it from being proven, as `fairway launch prove-gates` and the pilot find it, and the change that mends it."""
    try:
        proof = proof_of(gate, settings)
    except Exception as error:  # the gate may be another package's: to the pilot, too, a gate that raises is unproven
        return f"its proof breaks ({type(error).__name__})", "repair that gate, or leave it out"
    return None if proof.is_proven else (_gap(proof), _mend(gate, settings, proof))


def _gap(proof: GateProof) -> str:
    if proof.passed.result is not Result.PASS:
        return f"of facts without a flaw it says {reason_in_words(proof.passed.reason)}"
    passes = [name for name, said in proof.blocked.items() if said.result is Result.PASS]
    return f"it passes facts with {' and with '.join(passes)}".replace("a hole", "a hole, a tenth of all missing")


def _mend(gate: Gate, settings: GateSettings, proof: GateProof) -> str:
    """The nearest change of one key with which it is proven."""
    for key, value, text in _changes(settings, proof):
        try:
            if proof_of(gate, settings.model_copy(update={key: value})).is_proven:
                return f"{key}: {text}"
        except Exception:  # such a change does not mend it
            continue
    return "change its keys: `fairway launch prove-gates PLAN` says what it passes"


def _changes(settings: GateSettings, proof: GateProof) -> Iterator[tuple[str, Any, str]]:
    """Of each key that it has the next values, those with which it asks no less first."""
    for key in TIMES:
        now = getattr(settings, key, None)
        if now:
            yield from ((key, each, as_setting(each)) for each in LENGTHS if each > now)
    share = getattr(settings, "at_least", None)
    if isinstance(share, Fraction):
        yield from (("at_least", each, str(each)) for each in SHARES if each > share)
    for key in TIMES[1:]:
        now = getattr(settings, key, None)
        if now:
            yield from ((key, each, as_setting(each)) for each in reversed(LENGTHS) if each < now)
    n = proof.passed.numbers.get("n", "")
    if n.isdecimal() and int(n):
        yield "at_least_n", int(n), n


RULE = Rule(
    "unproven-gate",
    Severity.REFUSE,
    "A gate that was not seen to pass what is good and to block what is not does not count, so its stage is never left.",
    look,
    may_stay=False,
)
