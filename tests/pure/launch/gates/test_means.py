"""Means: proven with their tail, worse than shadow or not, and harm, which profit never outweighs."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from tests.pure.launch.gates.facts import NOW, facts, judged, series

from fairway.launch.gates.statistics.mean_test import MeanBound
from fairway.launch.gates.verdict import Result
from fairway.world.chance import Chance
from fairway.world.clock import HOUR, MINUTE, SECOND

ACK = {"of": "order_ack", "at_most": "800 ms", "tail": {"q": "99 %", "at_most": "2400 ms"}}


def ack(values: Sequence[float], **settings: str) -> str:
    return judged("mean", facts(series("order_ack", values)), **{**ACK, **settings}).reason.partition(":")[0]


def test_a_mean_is_proven_only_with_its_tail() -> None:
    assert ack([0.2] * 4000) == "MEAN_PROVEN"
    assert ack([0.2] * 3999) == "TAIL_DEPENDENT"
    assert ack(([0.2] * 29 + [3.0]) * 20) == "TAIL_DISPROVEN"
    assert ack([1.2] * 4000) == "MEAN_DISPROVEN"
    assert ack([0.799] * 4000) == "MEAN_UNPROVEN"
    assert ack([0.79] * 600, strength="not_disproven", at_least_n="30") == "MEAN_NOT_DISPROVEN"


def with_slow(share: float, seconds: float, n: int = 4000) -> list[float]:
    """Answers of 0.2 s, of which a share takes so long, each alone."""
    step = round(1 / share)
    return [seconds if place % step == step // 2 else 0.2 for place in range(n)]


def test_what_is_cut_off_counts_as_much_as_it_was_seen_to_be() -> None:
    """Of 1000 answers two take ten minutes: the mean is 1.4 s, and capped at 2.4 s it looked like 0.2 s."""
    assert ack(with_slow(0.002, 600.0)) == "MEAN_CUT_OFF"
    assert ack(with_slow(0.002, 60.0)) == "MEAN_PROVEN"
    assert ack(with_slow(0.001, 60.0)) == "MEAN_PROVEN"


def paired(values: Sequence[float], **settings: str) -> tuple[Result, int | None]:
    said = judged("paired_difference", facts(series("live_vs_shadow_bps", values)), not_worse_than="3 bps", **settings)
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
    assert missing == 65, "the tail takes 75 pairs"
    assert paired([-2.0] * 75)[0] is Result.PASS
    assert paired([-2.0] * 74) == (Result.INSUFFICIENT, 1)


def test_pairs_beyond_the_cap_count_as_much_as_they_were() -> None:
    """One of 25 is 200 bps worse, the mean is 8 bps, and capped at 20 bps it would be 0.8."""
    noise = Chance(2).stream("noise")
    tail = [200.0 if place % 25 == 24 else noise.gauss(0, 2) for place in range(400)]
    assert paired(tail)[0] is not Result.PASS
    assert paired([min(each, 20.0) for each in tail])[0] is Result.PASS
    rare = [600.0 if place % 100 == 99 else noise.gauss(0, 2) for place in range(400)]
    said = judged("paired_difference", facts(series("live_vs_shadow_bps", rare)), not_worse_than="3 bps")
    assert said.reason.startswith("PARITY_CUT_OFF: n=400 mean_bps=6.")


def test_what_is_missing_of_a_mean_counts_what_is_proven_already() -> None:
    """At best: with fewer it does not pass. In any order but this one a few more are enough; here the slow ones share a cause."""
    asked = {**ACK, "tail": {"q": "50 %", "at_most": "2400 ms"}}

    def said(more: int, order: Random | None = None) -> tuple[Result, int | None]:
        values = [*[0.75] * 60, *[0.0] * more]
        if order is not None:
            order.shuffle(values)
        verdict = judged("mean", facts(series("order_ack", values)), **asked)
        return verdict.result, verdict.missing

    result, missing = said(0)
    assert (result, missing is not None) == (Result.INSUFFICIENT, True)
    assert said((missing or 0) - 1)[0] is Result.INSUFFICIENT
    assert said(200)[0] is Result.INSUFFICIENT
    assert said(200, Random(1)) == (Result.PASS, None)


def test_what_is_missing_of_a_comparison_counts_what_is_proven_already() -> None:
    good = [2.0] * 100
    result, missing = paired(good)
    assert (result, missing is not None) == (Result.INSUFFICIENT, True)
    assert paired([*good, *[-20.0] * (missing or 0)]) == (Result.PASS, None)
    assert paired([*good, *[-20.0] * ((missing or 0) - 1)]) == (Result.INSUFFICIENT, 1)


def harm(values: Sequence[float]) -> str:
    return judged("expectancy", facts(series("trade_pnl_r", values)), not_below="-0.2 R").reason.partition(":")[0]


def test_harm_fails_and_profit_proves_nothing() -> None:
    assert harm([5.0] * 19) == "OBSERVATIONS_FEW"
    assert harm([5.0] * 20) == harm([-0.2] * 400) == harm([0.0] * 20) == "HARM_NOT_SHOWN"
    assert harm([-1.0] * 26) == "HARM_NOT_SHOWN"
    assert harm([-1.0] * 27) == "HARM_PROVEN"
    assert harm([-1.0] * 40 + [50.0]) == "HARM_PROVEN"


PROVEN = {"not_below": "-0.2 R", "strength": "proven", "tail": {"q": "80 %", "at_least": "-2 R"}}


def ruled_out(values: Sequence[float], **settings: str) -> tuple[str, int | None]:
    said = judged("expectancy", facts(series("trade_pnl_r", values, step=5 * MINUTE)), **{**PROVEN, **settings})
    return said.reason.partition(":")[0], said.missing


def trades(edge: float, n: int, seed: int) -> list[float]:
    """Gains of 1.5 R and losses of 1 R, each alone, with so large a mean."""
    chance = Chance(seed).stream("trades")
    return [1.5 if chance.random() < (edge + 1) / 2.5 else -1.0 for _ in range(n)]


def test_harm_is_ruled_out_by_evidence_and_not_by_silence() -> None:
    code, missing = ruled_out([0.0] * 20)
    assert code == "TAIL_UNPROVEN"
    assert missing
    assert ruled_out([0.0] * (19 + missing)) != ("HARM_RULED_OUT", None)
    assert ruled_out([0.0] * 200) == ("HARM_RULED_OUT", None)
    assert ruled_out([-0.2] * 400)[0] == "HARM_NOT_RULED_OUT"
    assert ruled_out([-1.0] * 100)[0] == "HARM_PROVEN"


def test_a_bot_below_the_line_is_rarely_taken_for_a_harmless_one_and_a_good_one_often() -> None:
    """600 trades, looked at every twenty; at the line itself at most one of twenty may pass, in the long run."""

    def passed(edge: float, launches: int) -> int:
        looks = range(80, 601, 20)
        made = [trades(edge, 600, seed) for seed in range(launches)]
        return sum(any(ruled_out(each[:n])[0] == "HARM_RULED_OUT" for n in looks) for each in made)

    assert passed(-0.2, 60) <= 6
    assert passed(0.1, 20) >= 16


def test_a_rare_and_terrible_loss_is_not_ruled_out() -> None:
    """Three of a hundred lose 20 R, the others win 0.15 R: capped at 2 R the mean is 0.08 R, and it is -0.45 R."""
    rare = [-20.0 if place % 33 == 20 else 0.15 for place in range(200)]
    assert ruled_out(rare)[0] in ("HARM_IN_THE_TAIL", "HARM_PROVEN")
    assert ruled_out([max(each, -2.0) for each in rare])[0] == "HARM_RULED_OUT"


def test_one_lucky_trade_rules_no_harm_out() -> None:
    assert ruled_out([*[-0.25] * 399, 500.0])[0] == "HARM_NOT_RULED_OUT"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"strength": "proven"}, "is missing: strength proven takes it"),
        ({"tail": {"q": "90 %", "at_least": "-2 R"}}, "is of strength proven alone"),
        ({"strength": "proven", "tail": {"q": "100 %", "at_least": "-2 R"}}, "must be above 0 % and below 100 %"),
        ({"strength": "proven", "tail": {"q": "90 %", "at_least": "-0.1 R"}}, "must be below not_below"),
    ],
)
def test_a_proof_without_its_tail_is_none(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        judged("expectancy", facts(series("trade_pnl_r", [0.0] * 20)), not_below="-0.2 R", **settings)


def test_a_rare_and_terrible_loss_is_harm() -> None:
    """Three trades of a hundred lose 20 R, the others win 0.15 R: the mean is -0.45 R."""
    trades = [-20.0 if place % 33 == 20 else 0.15 for place in range(1200)]
    assert harm(trades) == "HARM_PROVEN"
    assert harm([max(each, -3.0) for each in trades]) == "HARM_NOT_SHOWN"


def test_accounts_that_follow_one_signal_are_no_more_evidence_of_harm_than_one_account() -> None:
    """Ten accounts at the line itself, looked at every five signals: stopped as seldom as one account that follows as many."""

    def stopped(accounts: int) -> int:
        return sum(any(followed(seed, signals, accounts) == "HARM_PROVEN" for signals in range(5, 101, 5)) for seed in range(100))

    assert stopped(1) <= 5
    assert stopped(10) <= 5


def followed(seed: int, signals: int, accounts: int) -> str:
    """What the gate says after so many signals, an hour apart, each followed by every account within seconds."""
    chance = Chance(seed).stream("signals")
    results = [1.8 if chance.random() < 2 / 7 else -1.0 for _ in range(100)]  # mean -0.2
    values = [each for each in results[:signals] for _ in range(accounts)]
    ats = np.array([NOW - (signals - place) * HOUR + each * SECOND for place in range(signals) for each in range(accounts)])
    rows = series("trade_pnl_r", values, labels=[f"account {each}" for each in range(accounts)] * signals)
    said = judged("expectancy", facts(replace(rows, ats=ats)), not_below="-0.2 R", at_least_n=2, max_age="2h")
    return said.reason.partition(":")[0]


@pytest.mark.parametrize("at", ["0.2 R", "0 R", "-3 R"])
def test_profit_is_no_condition(at: str) -> None:
    with pytest.raises(ValueError, match="losses may stop a launch, gains are no proof"):
        judged("expectancy", facts(series("trade_pnl_r", [0.0] * 20)), not_below=at)


def test_at_the_line_one_launch_in_twenty_is_wrong_at_most() -> None:
    """A bot that is exactly at the line, looked at after each of 300 trades: in both directions."""
    from fairway.launch.gates.statistics.betting import BOLDNESS, ENOUGH, growth, wealth

    line, runs, wrong = MeanBound(-0.2, -3.0, 3.0), 400, 0
    chance = Chance(7).stream("trades")
    for _ in range(runs):
        trades = np.array([1.8 if chance.random() < 2 / 7 else -1.0 for _ in range(300)])  # mean -0.2
        grown = growth(line.at - trades, line.high - line.at).cumsum(axis=0)
        wrong += any(wealth(row) >= ENOUGH for row in grown)
    assert len(BOLDNESS) == grown.shape[1]
    assert 0 < wrong <= runs * 0.05
