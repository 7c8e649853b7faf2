"""How a soak is judged: what is not known is never a pass, and each bound can fail."""

from collections.abc import Mapping, Sequence
from typing import cast

import pytest

from fairway.proving.soak.meter import SoakMeter
from fairway.proving.soak.verdict import SoakBound, SoakRun, SoakVerdict, judged, overall
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import DAY, MINUTE

BEGAN = 1_000 * DAY
MEBIBYTE = 2.0**20


class Measured:
    """What a meter has read, made by hand: by indicator, values a minute."""

    def __init__(self, hours: float, **values: float) -> None:
        self.since = BEGAN
        self.series: Mapping[str, Series] = {}
        self.reconnects_s = [0.5]
        self.starts, self.failures, self.open_positions = 1, 0, 0
        self.minutes = round(hours * 60)
        steady = {"uptime": 1, "venue_api": 1, "order_success": 1, "decision_time": 0.05, "order_ack": 0.2}
        steady |= {"reconciled": 1, "tied_out": 1, "protected": 1, "rss": 100 * MEBIBYTE, **values}
        self.put(**{name: [value] * self.minutes for name, value in steady.items()})

    def put(self, **values: Sequence[float]) -> "Measured":
        self.series = {**self.series, **{name: self._series(name, given) for name, given in values.items()}}
        return self

    def _series(self, name: str, values: Sequence[float]) -> Series:
        growing = SeriesBuilder(BY_NAME[name])
        for number, value in enumerate(values, 1):
            growing.add(BEGAN + number * MINUTE, value, "", 1)
        until = BEGAN + self.minutes * MINUTE
        return growing.series(watermark=until, beats=until)

    def drawdowns(self) -> list[float]:
        return [0.01]

    def still_lost_s(self, now: int) -> float:
        return 0.0

    def judged(self, *, is_simulated: bool = False, interrupted: bool = False) -> dict[str, SoakBound]:
        until = BEGAN + self.minutes * MINUTE
        run = SoakRun(since=BEGAN, until=until, is_simulated=is_simulated, interrupted=interrupted)
        return {each.name: each for each in judged([cast(SoakMeter, self)], run)}


def verdict(found: Mapping[str, SoakBound]) -> SoakVerdict:
    return overall(list(found.values()))


def test_a_day_within_all_bounds_passes() -> None:
    found = Measured(24).judged()
    assert {name: each.verdict for name, each in found.items() if each.verdict is not SoakVerdict.PASS} == {}
    assert verdict(found) is SoakVerdict.PASS


@pytest.mark.parametrize(
    ("indicator", "value", "bound"),
    [
        ("order_success", 0.0, "order success"),
        ("venue_api", 0.0, "calls of the exchange's API"),
        ("decision_time", 0.1, "decision on a signal, p95"),
        ("order_ack", 0.8, "order acknowledged, mean"),
        ("reconciled", 0.0, "reconciliation"),
        ("tied_out", 0.0, "balances tie out"),
        ("protected", 0.0, "positions under a stop"),
    ],
)
def test_each_bound_fails_beyond_it(indicator: str, value: float, bound: str) -> None:
    found = Measured(24, **{indicator: value}).judged()
    assert found[bound].verdict is SoakVerdict.FAIL
    assert verdict(found) is SoakVerdict.FAIL


def test_one_bad_reconciliation_in_a_day_fails() -> None:
    found = Measured(24).put(reconciled=[1.0] * 1439 + [0.0]).judged()
    assert found["reconciliation"].verdict is SoakVerdict.FAIL
    assert found["reconciliation"].measured == "99.9305 %"


def test_an_incident_and_a_slow_reconnection_fail() -> None:
    slow = Measured(24)
    slow.reconnects_s = [0.5, 5.1]
    assert slow.judged()["longest reconnection"].verdict is SoakVerdict.FAIL
    failed = Measured(24)
    failed.failures = 1
    assert failed.judged()["critical incidents, failures of accounts"].verdict is SoakVerdict.FAIL


@pytest.mark.parametrize(("growth", "result"), [(0.019, SoakVerdict.PASS), (0.022, SoakVerdict.FAIL)])
def test_memory_may_grow_by_less_than_two_percent_a_day_after_its_first_hour(growth: float, result: SoakVerdict) -> None:
    grows = [100 * MEBIBYTE * (1 + growth * (minute - 90) / 1440) for minute in range(1, 1441)]
    grows[:60] = [60 * MEBIBYTE] * 60
    assert Measured(24).put(rss=grows).judged()["memory, growth in 24 h"].verdict is result


def test_in_simulated_time_neither_memory_nor_speed_is_proven_and_too_slow_still_fails() -> None:
    found = Measured(24).judged(is_simulated=True)
    unknown = {name for name, each in found.items() if each.verdict is SoakVerdict.INSUFFICIENT}
    assert unknown == {"memory, growth in 24 h", "decision on a signal, p95", "order acknowledged, mean"}
    assert verdict(found) is SoakVerdict.INSUFFICIENT
    assert Measured(24, decision_time=0.5).judged(is_simulated=True)["decision on a signal, p95"].verdict is SoakVerdict.FAIL


def test_less_than_a_day_an_interrupted_one_or_a_silent_trader_is_insufficient() -> None:
    short, interrupted = Measured(0.5).judged(), Measured(24).judged(interrupted=True)
    assert short["duration"].verdict is short["memory, growth in 24 h"].verdict is SoakVerdict.INSUFFICIENT
    assert interrupted["duration"].why == "a person ended it early"
    assert {verdict(short), verdict(interrupted)} == {SoakVerdict.INSUFFICIENT}
    silent = Measured(24)
    silent.series, silent.reconnects_s = {}, []
    assert {each.verdict for name, each in silent.judged().items() if name != "duration"} == {SoakVerdict.INSUFFICIENT}


def test_a_trader_that_measured_itself_only_half_the_day_fails() -> None:
    assert Measured(24).put(uptime=[1.0] * 720).judged()["minutes that the trader measured"].verdict is SoakVerdict.FAIL


def test_of_no_bounds_nothing_is_known() -> None:
    assert overall([]) is SoakVerdict.INSUFFICIENT


def test_the_share_of_few_orders_proves_nothing() -> None:
    few = Measured(24).put(order_success=[1.0] * 29)
    assert few.judged()["order success"].verdict is SoakVerdict.INSUFFICIENT
