"""The codes of guards as people read them: a sentence of the guard's own file first, its code in brackets."""

import pytest

from fairway.launch.gates.gate_drill import prove_guards
from fairway.risk import cap_kinds
from fairway.risk.caps import Cap, reduce_only
from fairway.risk.escalation import LIMITS_OF, Level
from fairway.risk.guards.registry import guards
from fairway.risk.guards.sentences import cap_reason, cap_sentence, guard_sentence, sentences_of, with_sentences

LOSSES = "GUARD_LOSSES_IN_A_ROW: losses=4 limit=4"
DRAWN_FROM_PROOFS = [(each.guard, said.code) for each in prove_guards(None) for said in each.tripped]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (LOSSES, "4 losses in a row, and the limit is 4"),
        ("GUARD_DAILY_LOSS: lost_24h=0.021 limit=0.02", "2.1 % was lost within a day, and the limit is 2 %"),
        ("GUARD_STAGE_LOSS: lost=100.5 limit=100 USDT", "100.5 USDT was lost since the stage began, and the limit is 100 USDT"),
        (
            "GUARD_POSITION_LOSS: loss=60 limit=50 symbol=BTC/USDT",
            "the position has lost 60 USDT, and the limit is 50 USDT",
        ),
        (
            "GUARD_LATENCY: latency_ms=1200 limit=1000",
            "the exchange takes 1,200 ms on average to answer an order, and the limit is 1,000 ms",
        ),
        ("GUARD_EDGE_HEALTH: without_edge=1 limit=1", "the last trades show that the strategy has no edge"),
    ],
)
def test_the_code_of_a_guard_has_a_sentence(code: str, says: str) -> None:
    assert guard_sentence(code) == says


def test_every_installed_guard_says_what_its_proof_alarmed() -> None:
    assert {name for name, _ in DRAWN_FROM_PROOFS} == {each.name for each in guards()}
    for name, code in DRAWN_FROM_PROOFS:
        said = guard_sentence(code)
        assert said, name
        assert not set("{}=_") & set(said), said


def test_a_code_within_a_longer_text_keeps_its_place_and_stays_in_brackets() -> None:
    text = f"a guard is alarmed (me: {LOSSES}); it ends."
    assert sentences_of(text) == "a guard is alarmed (me: 4 losses in a row, and the limit is 4); it ends."
    assert with_sentences(text) == f"a guard is alarmed (me: 4 losses in a row, and the limit is 4 [{LOSSES}]); it ends."
    assert sentences_of(f"{LOSSES}.") == "4 losses in a row, and the limit is 4."
    amounts = sentences_of("GUARD_STAGE_LOSS: lost=100.5 limit=100 USDT; me")
    assert amounts == "100.5 USDT was lost since the stage began, and the limit is 100 USDT; me"


def test_a_warning_does_not_call_its_bound_the_limit() -> None:
    code = "GUARD_LOSSES_IN_A_ROW: losses=3 limit=3"
    assert guard_sentence(code, Level.WARNING) == "3 losses in a row, and a warning begins at 3"
    warned = Cap(id="guard", kind=cap_kinds.HELD, limits=LIMITS_OF[Level.WARNING], reason=code, since=1)
    assert cap_sentence(warned) == "3 losses in a row, and a warning begins at 3"


@pytest.mark.parametrize("text", ["GUARD_OF_NO_PACKAGE: a=1 limit=2", "GUARD_POSITION_LOSS", "paused by ann: lunch"])
def test_what_no_installed_guard_says_stays_as_it_is(text: str) -> None:
    assert (with_sentences(text), sentences_of(text), guard_sentence(text)) == (text, text, "")


def test_a_cap_has_its_code_in_brackets_where_there_is_room() -> None:
    cap = reduce_only(cap_kinds.HELD, LOSSES, 1)
    assert cap_reason(cap) == f"4 losses in a row, and the limit is 4 ({LOSSES})"
