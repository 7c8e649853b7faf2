"""Means: proven with their tail, worse than shadow or not, and harm, which profit never outweighs."""

from collections.abc import Sequence

import pytest
from tests.pure.launch.gates.facts import facts, judged, series

from fairway.launch.gates.means import Line
from fairway.launch.verdict import Result
from fairway.world.chance import Chance

ACK = {"of": "order_ack", "at_most": "800 ms", "tail": {"q": "99 %", "at_most": "2400 ms"}}


def ack(values: Sequence[float], **settings: str) -> str:
    return judged("mean", facts(series("order_ack", values)), **{**ACK, **settings}).reason.partition(":")[0]


def test_a_mean_is_proven_only_with_its_tail() -> None:
    assert ack([0.2] * 553) == "MEAN_PROVEN"
    assert ack([0.2] * 552) == "TAIL_UNPROVEN"
    assert ack([0.2] * 580 + [3.0] * 20) == "TAIL_DISPROVEN"
    assert ack([1.2] * 600) == "MEAN_DISPROVEN"
    assert ack([0.79] * 600) == "MEAN_UNPROVEN"
    assert ack([0.79] * 600, strength="not_disproven", at_least_n="30") == "MEAN_NOT_DISPROVEN"


def test_one_terrible_answer_neither_hides_nor_ruins() -> None:
    """Capped at the tail's bound: a minute counts as 2.4 s, and the tail says that it was there."""
    assert ack([0.2] * 999 + [60.0]) == "MEAN_PROVEN"


def paired(values: Sequence[float], **settings: str) -> tuple[Result, int | None]:
    said = judged("paired", facts(series("live_vs_shadow_bps", values)), not_worse_than="3 bps", **settings)
    return said.result, said.missing


def test_live_is_compared_with_shadow() -> None:
    noise = Chance(1).stream("noise")
    alike = [noise.gauss(0, 5) for _ in range(120)]
    assert paired(alike)[0] is Result.PASS
    assert paired([each + 10 for each in alike])[0] is Result.FAIL
    assert paired([each + 3 for each in alike])[0] is Result.INSUFFICIENT
    said, missing = paired(alike[:10])
    assert said is Result.INSUFFICIENT
    assert missing
    assert paired([*alike[:10], *[-20.0] * missing])[0] is Result.PASS
    assert paired([*alike[:10], *[-20.0] * (missing - 1)])[0] is Result.INSUFFICIENT


def test_what_is_missing_of_a_mean_counts_what_is_proven_already() -> None:
    """At best: after so many answers at once it passes, and after one fewer it does not."""
    asked = {**ACK, "tail": {"q": "50 %", "at_most": "2400 ms"}}
    slow = [0.75] * 60

    def said(more: int) -> tuple[Result, int | None]:
        verdict = judged("mean", facts(series("order_ack", [*slow, *[0.0] * more])), **asked)
        return verdict.result, verdict.missing

    result, missing = said(0)
    assert (result, missing is not None) == (Result.INSUFFICIENT, True)
    assert said(missing or 0) == (Result.PASS, None)
    assert said((missing or 0) - 1) == (Result.INSUFFICIENT, 1)


def test_what_is_missing_of_a_comparison_counts_what_is_proven_already() -> None:
    good = [2.0] * 100
    result, missing = paired(good)
    assert (result, missing is not None) == (Result.INSUFFICIENT, True)
    assert paired([*good, *[-20.0] * (missing or 0)]) == (Result.PASS, None)
    assert paired([*good, *[-20.0] * ((missing or 0) - 1)]) == (Result.INSUFFICIENT, 1)


def harm(values: Sequence[float]) -> str:
    return judged("mean_harm", facts(series("trade_pnl_r", values)), not_below="-0.2 R").reason.partition(":")[0]


def test_harm_fails_and_profit_proves_nothing() -> None:
    assert harm([5.0] * 19) == "OBSERVATIONS_FEW"
    assert harm([5.0] * 20) == harm([-0.2] * 400) == harm([0.0] * 20) == "HARM_NOT_SHOWN"
    assert harm([-1.0] * 26) == "HARM_NOT_SHOWN"
    assert harm([-1.0] * 27) == "HARM_PROVEN"
    assert harm([-1.0] * 40 + [50.0]) == "HARM_PROVEN"


@pytest.mark.parametrize("at", ["0.2 R", "0 R", "-3 R"])
def test_profit_is_no_condition(at: str) -> None:
    with pytest.raises(ValueError, match="losses may stop a launch, gains are no proof"):
        judged("mean_harm", facts(series("trade_pnl_r", [0.0] * 20)), not_below=at)


def test_at_the_line_one_launch_in_twenty_is_wrong_at_most() -> None:
    """A bot that is exactly at the line, looked at after each of 300 trades: in both directions."""
    import numpy as np

    from fairway.launch.gates.betting import BOLDNESS, ENOUGH, growth, wealth

    line, runs, wrong = Line(-0.2, -3.0, 3.0), 400, 0
    chance = Chance(7).stream("trades")
    for _ in range(runs):
        trades = np.array([1.8 if chance.random() < 2 / 7 else -1.0 for _ in range(300)])  # mean -0.2
        grown = growth(line.at - trades, line.high - line.at).cumsum(axis=0)
        wrong += any(wealth(row) >= ENOUGH for row in grown)
    assert len(BOLDNESS) == grown.shape[1]
    assert 0 < wrong <= runs * 0.05
