"""Trend, regression and timeslices: what is judged in pieces of time."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError
from tests.pure.launch.gates.facts import NOW, captured, facts, judged, series

from fairway.launch.gates.kinds.regression import RegressionSettings, ratios
from fairway.launch.gates.kinds.trend import fit_trend
from fairway.launch.gates.verdict import Result
from fairway.watch.series import Series
from fairway.world.chance import Chance
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND


def memory(hours: int, a_day: float, *, noise: float = 0.0, saw: float = 0.0) -> str:
    """A process of 200 MB that grows by a share a day, beside noise, and a saw of an hour as of a cache that is emptied."""
    chance = Chance(3).stream("noise")
    values = [
        2e8 * (1 + a_day * minute / 1440 + noise * chance.gauss(0, 1) + saw * (minute % 60) / 60) for minute in range(hours * 60)
    ]
    seen = facts(series("rss", values, step=MINUTE), since=NOW - hours * HOUR)
    return judged("trend", seen, of="rss", rise_at_most="2 %/24h").reason.partition(":")[0]


def test_memory_may_rise_so_fast_and_no_faster() -> None:
    assert memory(23, 0.0) == "TREND_SHORT"
    assert memory(25, 0.0) == memory(48, 0.019) == "TREND_PROVEN"
    assert memory(48, 0.021) == "TREND_DISPROVEN"
    assert memory(48, 0.0, noise=0.01, saw=0.1) == "TREND_PROVEN"
    assert memory(48, 0.05, noise=0.01, saw=0.1) == "TREND_DISPROVEN"
    assert memory(26, 0.02, noise=0.05) == "TREND_DEPENDENT"  # of a day alone nobody knows how alike its hours are


@pytest.mark.parametrize(("span", "told"), [("24h", "seen_s=129600 span_s=86400"), ("100500ms", "seen_s=150 span_s=100")])
def test_a_time_of_which_too_little_was_seen_has_no_trend(span: str, told: str) -> None:
    """Three of each four pieces of the newest two spans, of what comes with trading."""
    piece = {"24h": HOUR, "100500ms": 100_500_000_000 // 24}[span]
    now = NOW // piece // 24 * 24 * piece
    ats = [now - (48 - place) * piece + piece // 2 for place in range(48) if place % 4]
    rows = replace(series("order_ack", [0.1] * len(ats), until=now), ats=np.array(ats))
    said = judged("trend", facts(rows, now=now), of="order_ack", rise_at_most="1 s/24h", span=span)
    assert said.reason == f"TREND_SHORT: {told}"


def test_what_is_zero_all_the_time_does_not_rise() -> None:
    """A share of nothing is nothing, and no bound is passed by it."""
    rows = series("loop_lag", [0.0] * 2880, step=MINUTE)
    said = judged("trend", facts(rows, since=NOW - 2 * DAY), of="loop_lag", rise_at_most="2 %/24h")
    assert said.reason.startswith("TREND_PROVEN: slope_a_span=0 from_a_span=0 to_a_span=0 at_most_a_span=0 ")


def test_one_wild_hour_moves_no_slope() -> None:
    times = np.arange(48, dtype=float)
    level = np.full(48, 100.0)
    level[20] = 1e6
    line = fit_trend(times, level)
    assert line.slope == 0.0
    assert line.low <= 0.0 <= line.high


def acks(hours: float, level: float, *, until: int = NOW, seed: int = 1) -> Series:
    chance = Chance(seed).stream("acks")
    values = [level * chance.lognormvariate(0, 0.3) for _ in range(int(hours * 60))]
    return series("order_ack", values, step=MINUTE, until=until)


def slower(now: Series, before: Series | None, **settings: str) -> str:
    baselines = {"testnet": captured(before)} if before is not None else {}
    seen = facts(now, since=NOW - DAY, baselines=baselines)
    return judged("regression", seen, of="order_ack", against="testnet", **settings).reason.partition(":")[0]


def test_a_fifth_slower_is_tolerated_and_half_is_not() -> None:
    before = acks(24, 0.1, until=NOW - 3 * DAY, seed=2)
    assert slower(acks(24, 0.1), before) == slower(acks(24, 0.05), before) == "NONINFERIORITY_PROVEN"
    assert slower(acks(24, 0.15), before) == "NONINFERIORITY_DISPROVEN"
    assert slower(acks(24, 0.12), before) == "NONINFERIORITY_UNPROVEN"
    assert slower(acks(24, 0.12), before, strength="not_disproven", at_least_n="100") == "NONINFERIORITY_NOT_DISPROVEN"
    assert slower(acks(24, 0.15), before, tolerate="60 %") == "NONINFERIORITY_PROVEN"


def test_it_takes_thirty_blocks_on_both_sides_and_a_baseline() -> None:
    before = acks(24, 0.1, until=NOW - 3 * DAY)
    assert slower(acks(4.8, 0.1), before) == "BLOCKS_FEW"
    assert slower(acks(24, 0.1), acks(4.8, 0.1)) == "BLOCKS_FEW"
    assert slower(acks(24, 0.1), None) == "BASELINE_MISSING"


def test_a_control_is_compared_in_the_same_window() -> None:
    def said(control: Series | None) -> str:
        controls = {"order_ack": control} if control is not None else {}
        seen = facts(acks(24, 0.1), since=NOW - DAY, controls=controls)
        return judged("regression", seen, of="order_ack", against="control").reason.partition(":")[0]

    assert said(acks(24, 0.1, seed=2)) == "NONINFERIORITY_PROVEN"
    assert said(acks(24, 0.05, seed=2)) == "NONINFERIORITY_DISPROVEN"
    assert said(None) == "CONTROL_MISSING"
    assert said(replace(acks(24, 0.1), watermark=NOW - HOUR)) == "SERIES_STALE"


def answers(*levels: tuple[str, float], minutes: int = 60, until: int = NOW) -> Series:
    """Of each of these probes what it was answered, every ten seconds, in turn."""
    chance = Chance(4).stream("answers")
    rows = [(name, level * chance.lognormvariate(0, 0.3)) for _ in range(minutes * 6) for name, level in levels]
    names, values = [name for name, _ in rows], [value for _, value in rows]
    return series("http_latency", values, step=10 * SECOND // len(levels), labels=names, until=until)


def beside(own: Series, control: Series | None, **settings: object) -> str:
    seen = facts(own, since=NOW - 2 * HOUR, controls={"http_latency": control} if control is not None else {})
    settings = {"block": "1m", "q": "95 %", "against": {"probe": "blue"}, **settings}
    return judged("regression", seen, of="http_latency", **settings).reason.partition(":")[0]


def test_a_probe_is_compared_with_one_that_asks_beside_it_in_the_same_minutes() -> None:
    blue = answers(("blue", 0.1))
    assert beside(answers(("green", 0.1)), blue) == beside(answers(("green", 0.05)), blue) == "NONINFERIORITY_PROVEN"
    assert beside(answers(("green", 0.15)), blue) == "NONINFERIORITY_DISPROVEN"
    assert beside(answers(("green", 0.1)), None) == "CONTROL_MISSING"
    assert beside(answers(("green", 0.1)), replace(blue, watermark=NOW - HOUR)) == "SERIES_STALE"
    assert beside(answers(("green", 0.1)), answers(("other", 0.1))) == "BLOCKS_FEW", "nobody has asked blue"


def test_of_two_probes_no_block_counts_in_which_only_one_was_asked() -> None:
    """An hour of each, of which twenty minutes are the same: the market of the other forty is another one."""
    earlier = replace(answers(("blue", 0.1), until=NOW - 40 * MINUTE), watermark=NOW, beats=NOW)
    assert beside(answers(("green", 0.1)), earlier) == "BLOCKS_FEW"
    overlaps = replace(answers(("blue", 0.1), until=NOW - 10 * MINUTE), watermark=NOW, beats=NOW)
    assert beside(answers(("green", 0.1)), overlaps, tolerate="60 %") == "NONINFERIORITY_PROVEN"


def test_only_the_probes_that_are_named_are_compared() -> None:
    both, control = answers(("green", 0.1), ("page", 0.9)), answers(("blue", 0.1), ("old page", 0.9))
    assert beside(both, control, only=["green"]) == "NONINFERIORITY_PROVEN"
    assert beside(both, control, only=["page"]) == "NONINFERIORITY_DISPROVEN"
    assert beside(both, control, only=["page"], against={"probe": "old page"}) == "NONINFERIORITY_PROVEN"
    assert beside(both, control) == "NONINFERIORITY_DISPROVEN", "both together are slower than blue"


def test_a_gate_that_names_no_probes_is_digested_as_it_ever_was() -> None:
    told = {"name": "slower", "of": "order_ack", "against": "testnet"}
    plain, only = (RegressionSettings.model_validate({**told, **more}) for more in ({}, {"only": ("green",)}))
    assert "only" not in plain.spec
    assert "against='testnet'" in plain.spec
    assert "only=('green',)" in only.spec


@pytest.mark.parametrize("against", [{}, {"probe": ""}, {"prob": "blue"}, {"probe": "blue", "of": "x"}, ["blue"], ""])
def test_what_is_compared_with_is_a_name_or_a_probe(against: object) -> None:
    with pytest.raises(ValidationError, match=r"nor a probe; of a probe it is \{probe: blue\}"):
        RegressionSettings.model_validate({"name": "slower", "of": "http_latency", "against": against})


def test_a_ratio_lies_between_its_bounds() -> None:
    low, ratio, high = ratios(np.full(30, 1.1), np.full(40, 1.0))
    assert np.allclose([low, ratio, high], 1.1)


def test_of_blocks_that_say_little_there_are_no_bounds() -> None:
    """Neighbours that are all alike are as good as one."""
    rising = np.linspace(1.0, 2.0, 30)
    assert np.allclose(ratios(rising, rising), (0.0, 1.0, np.inf))


def minutes(*values: float, until: int = NOW) -> Series:
    """A row in the middle of each block of ten minutes, and one at the end, by which the last block is complete."""
    rows = series("order_ack", values, step=10 * MINUTE, until=until - 5 * MINUTE)
    return replace(rows, watermark=until, beats=until)


def compared(now: Series, before: Series, **settings: str) -> str:
    seen = facts(now, since=NOW - DAY, baselines={"testnet": captured(before)})
    return judged("regression", seen, of="order_ack", against="testnet", **settings).reason


def test_thirty_blocks_are_enough_on_each_side() -> None:
    """Of a baseline from its first observation until its last one."""
    whole = series("order_ack", [0.1] * 301, step=MINUTE, until=NOW - DAY)
    assert compared(minutes(*[0.1] * 30), whole) == "NONINFERIORITY_PROVEN: ratio=1 from=1 to=1 at_most=1.2"
    assert compared(minutes(*[0.1] * 29), whole) == "BLOCKS_FEW: blocks=29 against_blocks=30 at_least=30"
    fewer = series("order_ack", [0.1] * 300, step=MINUTE, until=NOW - DAY)
    assert compared(minutes(*[0.1] * 30), fewer) == "BLOCKS_FEW: blocks=30 against_blocks=29 at_least=30"


@pytest.mark.parametrize("only", [(), ("",)])
def test_a_row_of_many_calls_counts_as_many_in_its_block(only: tuple[str, ...]) -> None:
    """Of ten minutes nine have one slow call each, and the last a hundred fast ones: the median is that of the hundred."""
    slow, many = [1.0] * 9 + [0.1], [1] * 9 + [100]
    calls = replace(series("db_latency", slow * 40, step=MINUTE), counts=np.array(many * 40))
    before = series("db_latency", [0.1] * 1440, step=MINUTE, until=NOW - DAY)
    seen = facts(calls, since=NOW - 400 * MINUTE, baselines={"testnet": captured(before)})
    said = judged("regression", seen, of="db_latency", against="testnet", only=only)
    assert said.reason == "NONINFERIORITY_PROVEN: ratio=1 from=1 to=1 at_most=1.2"


def test_against_an_empty_baseline_nothing_is_said() -> None:
    assert compared(minutes(*[0.1] * 30), series("order_ack", [])) == "BLOCKS_FEW: blocks=30 against_blocks=0 at_least=30"


def test_a_baseline_that_is_not_there_is_named() -> None:
    said = judged("regression", facts(minutes(*[0.1] * 30)), of="order_ack", against="testnet")
    assert said.reason == "BASELINE_MISSING: against=testnet of=order_ack"


@pytest.mark.parametrize("least", [0.0, -0.5])
def test_no_ratio_is_made_of_what_is_not_above_zero(least: float) -> None:
    """On either side."""
    good, wrong = [0.1] * 40, [0.1] * 39 + [least]
    before = NOW - DAY
    told = [
        compared(minutes(*wrong), minutes(*good, 0.1, until=before)),
        compared(minutes(*good), minutes(*wrong, 0.1, until=before)),
    ]
    assert [code.partition(":")[0] for code in told] == ["VALUES_IMPOSSIBLE"] * 2


def test_the_quantile_of_a_plan_is_that_of_both_sides() -> None:
    """One answer of ten is five times as slow as the others, as it was before."""
    before = series("order_ack", [0.5 if row % 10 == 9 else 0.1 for row in range(1440)], step=MINUTE, until=NOW - 2 * DAY)
    now = series("order_ack", [0.5 if row % 10 == 9 else 0.1 for row in range(1440)], step=MINUTE)
    assert compared(now, before, q="95 %").startswith("NONINFERIORITY_PROVEN: ratio=1 ")


def uptime(good: int, bad: int, *, unseen: int = 0, over: str = "stage", excused: int = 0) -> tuple[Result, int | None]:
    """Minutes: the bad ones first, after those that nobody saw and those of planned maintenance."""
    seen = series("uptime", [0.0] * bad + [1.0] * good, step=MINUTE)
    since = NOW - (good + bad + unseen + excused) * MINUTE
    seen = replace(seen, excused=((since, since + excused * MINUTE),) if excused else ())
    said = judged("timeslices", facts(seen, since=since), of="uptime", at_least="99.5 %", over=over)
    return said.result, said.missing


def test_minutes_that_nobody_saw_were_not_good() -> None:
    assert uptime(199, 0) == (Result.INSUFFICIENT, 1)
    assert uptime(200, 0) == uptime(199, 1) == uptime(199, 0, unseen=1) == (Result.PASS, None)
    assert uptime(198, 2) == uptime(198, 0, unseen=2) == (Result.INSUFFICIENT, 200)
    assert uptime(398, 2) == (Result.PASS, None)


def test_planned_maintenance_is_left_out() -> None:
    assert uptime(200, 0, excused=60) == (Result.PASS, None)
    assert uptime(200, 0, unseen=60)[0] is Result.INSUFFICIENT


def test_of_maintenance_alone_nothing_is_said() -> None:
    """No slice was due, whatever was seen."""
    seen = replace(series("uptime", [1.0] * 10, step=MINUTE), excused=((NOW - 10 * MINUTE, NOW),))
    said = judged("timeslices", facts(seen, since=NOW - 10 * MINUTE), of="uptime", at_least="99.5 %")
    assert said.reason == "SLICES_FEW: slices=0 good=10 share=0 at_least=0.995 needed=200"
    assert said.missing == 200


def test_good_slices_of_maintenance_make_up_for_no_bad_ones() -> None:
    """A share is never above one; and what is behind is told with what it takes."""
    rows = replace(series("uptime", [1.0] * 300, step=MINUTE), excused=((NOW - 300 * MINUTE, NOW - 250 * MINUTE),))
    said = judged("timeslices", facts(rows, since=NOW - 300 * MINUTE), of="uptime", at_least="99.5 %")
    assert said.reason == "SLICES_GOOD: slices=250 good=300 share=1 at_least=0.995"
    behind = series("uptime", [0.0] * 2 + [1.0] * 198, step=MINUTE)
    said = judged("timeslices", facts(behind, since=NOW - 200 * MINUTE), of="uptime", at_least="99.5 %")
    assert said.reason == "SLICES_BEHIND: slices=200 good=198 share=0.99 at_least=0.995"


def test_a_window_of_fixed_length_fails_below_its_share() -> None:
    assert uptime(1433, 7, over="24h") == (Result.PASS, None)
    assert uptime(1432, 8, over="24h") == (Result.FAIL, None)
