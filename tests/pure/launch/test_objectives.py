"""Objectives and alarms: what is spent of a budget and how fast, to the observation; and what sounding means for a launch."""

from collections.abc import Sequence

import numpy as np
import pytest

from fairway.launch.control.alarms import ActiveAlarm, active_alarms, causes_of_alarms, why
from fairway.launch.control.objectives import standing
from fairway.launch.plan.stage import FailureAction
from fairway.launch.plan.watching import Alarm, Objective, Tells
from fairway.risk.causes import Effect
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

NOW = 100 * DAY


def series(of: str, *rows: tuple[int, float], labels: Sequence[str] = ("",), beats: int = NOW) -> Series:
    """Observations, each so long ago (ns) with a value; labels: one name for each, or one for all."""
    placed = sorted((NOW - ago, value, n) for n, (ago, value) in enumerate(rows))
    names = tuple(dict.fromkeys(labels))
    told = [labels[n] if len(labels) > 1 else labels[0] for _, _, n in placed]
    return Series(
        indicator=BY_NAME[of],
        ats=np.array([at for at, _, _ in placed], dtype=np.int64),
        values=np.array([value for _, value, _ in placed], dtype=np.float64),
        labels=np.array([names.index(name) for name in told], dtype=np.int32),
        names=names,
        watermark=NOW,
        beats=beats,
    )


def spread(within: int, n: int, bad: int, good: float = 1.0, worse: float = 0.0) -> list[tuple[int, float]]:
    """n observations evenly within a time, the newest of them bad."""
    return [(within * k // n, worse if k < bad else good) for k in range(n)]


def objective(**keys: object) -> Objective:
    return Objective.model_validate({"name": "it", "within": "30d", **keys})


SUCCESS = objective(of="order_success", at_least="99 %")


@pytest.mark.parametrize(("bad", "spent", "is_kept"), [(0, 0, True), (5, 0.5, True), (10, 1, True), (11, 1.1, False)])
def test_a_budget_is_what_may_be_bad(bad: int, spent: float, is_kept: bool) -> None:
    """Of 1,000 orders ten may fail."""
    found = standing(SUCCESS, series("order_success", *spread(29 * DAY, 1000, bad)), NOW)
    assert round(found.spent, 9) == spent
    assert (found.n, found.is_kept) == (1000, is_kept)


def test_what_is_older_than_the_window_is_forgotten() -> None:
    old = [(31 * DAY, 0.0)] * 100
    assert standing(SUCCESS, series("order_success", *old, *spread(DAY, 100, 0)), NOW).spent == 0


@pytest.mark.parametrize(("bad", "burns"), [(14, []), (15, ["2 %"])])
def test_two_percent_of_a_budget_in_an_hour_is_the_first_alarm(bad: int, burns: list[str]) -> None:
    """14.4 times one percent is 14.4 of a hundred; with a thousand before it, the slower ones are silent."""
    rows = [*spread(5 * MINUTE - 1, 100, bad), *((7 * HOUR + k, 1.0) for k in range(20_000))]
    found = standing(SUCCESS, series("order_success", *rows), NOW)
    assert [str(burn.spent) for burn in found.burning if burn.within == HOUR] == burns


def test_what_is_over_burns_no_more() -> None:
    """The hour is as bad as before, and its last five minutes are good."""
    rows = [*((30 * MINUTE, 0.0) for _ in range(50)), *((MINUTE, 1.0) for _ in range(50))]
    found = standing(SUCCESS, series("order_success", *rows), NOW)
    assert HOUR not in [burn.within for burn in found.burning]


def test_two_bad_ones_are_no_pace() -> None:
    rows = [*spread(MINUTE, 10, 2)]
    assert standing(SUCCESS, series("order_success", *rows), NOW).burning == ()


def test_a_bound_on_a_tail_is_a_budget_of_slow_ones() -> None:
    slow = objective(of="order_confirm", at_most="500 ms", share="95 %")
    found = standing(slow, series("order_confirm", *spread(DAY, 100, 5, good=0.5, worse=0.501)), NOW)
    assert found.spent == pytest.approx(1.0)
    assert found.is_kept
    assert not standing(slow, series("order_confirm", *spread(DAY, 100, 6, good=0.5, worse=0.501)), NOW).is_kept


def test_a_mean_is_kept_or_not() -> None:
    mean = objective(of="order_ack", mean="800 ms")
    assert standing(mean, series("order_ack", (1, 0.7), (2, 0.9)), NOW).is_kept
    assert not standing(mean, series("order_ack", (1, 0.7), (2, 0.91)), NOW).is_kept


LOSS = objective(loss="8 %")


@pytest.mark.parametrize(
    ("lost", "burning"), [(7.9, []), (8.0, ["10 %"]), (20.0, ["10 %", "25 %"]), (32.0, ["10 %", "25 %", "40 %"])]
)
def test_a_loss_budget_burns_like_any_other(lost: float, burning: list[str]) -> None:
    """Of 1,000 dollars 80 may be lost; ten percent of them within an hour is told, forty within a day opens nothing more."""
    found = standing(LOSS, series("trade_pnl", (MINUTE, -lost - 2), (2 * MINUTE, 2.0)), NOW, capital=1000.0)
    assert [str(burn.spent) for burn in found.burning] == burning
    assert found.bad == pytest.approx(lost)


def test_what_nobody_can_tell_is_not_kept() -> None:
    for found in (
        standing(SUCCESS, None, NOW),
        standing(SUCCESS, series("order_success"), NOW),
        standing(LOSS, series("trade_pnl", (1, -1.0)), NOW),
        standing(objective(of="rss", at_most="2 %/24h"), series("rss", (1, 1.0)), NOW),
    ):
        assert found.unknown
        assert not found.is_kept


def alarm(**keys: object) -> Alarm:
    return Alarm.model_validate({"name": "it", **keys})


def check(told: Alarm, found: Series, said: str) -> None:
    assert why(told, found, NOW) == said


def test_a_ratio_is_alarmed_by_its_bad_ones() -> None:
    errors = alarm(of="venue_api", above="1 %", within="15m")
    check(errors, series("venue_api", *spread(MINUTE, 1000, 10)), "")
    check(errors, series("venue_api", *spread(MINUTE, 1000, 11)), "1.10% is above 1 %")
    good = alarm(of="venue_api", below="99 %", within="15m")
    check(good, series("venue_api", *spread(MINUTE, 1000, 11)), "98.90% is below 99 %")
    check(errors, series("venue_api", *spread(MINUTE, 20, 2)), "")


def test_the_newest_value_counts_where_no_window_is_named_and_else_the_mean() -> None:
    stale = alarm(of="data_age", above="60 s")
    check(stale, series("data_age", (10 * SECOND, 61.0), (MINUTE, 1.0)), "61 is above 60 s")
    check(stale, series("data_age", (10 * SECOND, 59.0), (MINUTE, 100.0)), "")
    slow = alarm(of="order_ack", above="800 ms", within="15m")
    check(slow, series("order_ack", (MINUTE, 0.7), (2 * MINUTE, 1.1)), "0.9 is above 800 ms")


def test_what_has_to_last_has_lasted() -> None:
    lasting = alarm(of="data_age", above="60 s", lasts="4m")
    rows = [(minute * MINUTE, 61.0) for minute in range(6)]
    check(lasting, series("data_age", *rows), "61 is above 60 s")
    rows[3] = (3 * MINUTE, 1.0)
    check(lasting, series("data_age", *rows), "")


def test_a_rise_is_told_in_its_own_unit() -> None:
    grows = alarm(of="rss", above="5 %/h", within="1h")
    check(grows, series("rss", (HOUR - 1, 100.0), (0, 106.0)), "6 %/h is above 5 %/h")
    check(grows, series("rss", (HOUR - 1, 100.0), (0, 104.0)), "")
    check(grows, series("rss", (10 * MINUTE, 100.0), (0, 200.0)), "")


def test_one_account_is_not_hidden_by_the_others() -> None:
    each = alarm(of="order_success", above="50 %", within="15m", each="account")
    rows = [*spread(MINUTE, 90, 0), *spread(MINUTE, 10, 10)]
    check(each, series("order_success", *rows, labels=["ann"] * 90 + ["bob"] * 10), "bob: 100.00% is above 50 %")
    check(alarm(of="order_success", above="50 %", within="15m", each="all"), series("order_success", *rows), "")


def test_a_dead_detector_is_an_alarm_of_its_own() -> None:
    beating = alarm(of="incidents", above="0", heartbeat="1m")
    check(beating, series("incidents"), "")
    check(beating, series("incidents", (MINUTE, 1.0)), "1 is above 0")
    check(beating, series("incidents", beats=NOW - 10 * MINUTE), "its detector was last alive 10m ago")


@pytest.mark.parametrize(
    ("does", "effect"),
    [
        ("hold", Effect.HOLD),
        ("reduce only", Effect.CONTAIN),
        ("previous stage", Effect.DEMOTE),
        ("kill", Effect.KILL),
        ("flatten", Effect.FLATTEN),
        ("unwind", Effect.FLATTEN),
    ],
)
def test_what_an_alarm_does_becomes_a_trouble_of_the_launch(does: str, effect: Effect) -> None:
    loud = alarm(name="stale", of="data_age", above="60 s", does=does)
    found = active_alarms((), (loud,), {"data_age": series("data_age", (1, 61.0))}, NOW)
    assert [(each.id, each.effect) for each in causes_of_alarms(found)] == [("cause alarm stale", effect)]


def test_what_only_tells_somebody_holds_nothing() -> None:
    quiet = ActiveAlarm("it", "61 is above 60 s", Tells.PAGE, FailureAction.NOTHING)
    assert list(causes_of_alarms(iter([quiet]))) == []


def test_a_burning_budget_sounds_by_its_window() -> None:
    lost = series("trade_pnl", (MINUTE, -32.0))
    found = list(active_alarms((LOSS,), (), {"trade_pnl": lost}, NOW, 1000.0))
    assert [(each.name, each.does) for each in found] == [
        ("it 10 % in 1h", FailureAction.NOTHING),
        ("it 25 % in 24h", FailureAction.NOTHING),
        ("it 40 % in 24h", FailureAction.REDUCE_ONLY),
    ]
