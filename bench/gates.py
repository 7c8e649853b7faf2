"""Fifty gates over a million observations: the first look, and a look after a few more observations have come."""

import timeit
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.registry import gate
from fairway.watch.indicators import BY_NAME, Measures
from fairway.watch.series import Series
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.chance import Chance
from fairway.world.clock import DAY, SECOND

ROWS, LOOKS, NEW = 1_000_000, 200, 5
BOUND_MS = 50
SPAN = 30 * DAY
SHARES: Mapping[str, float] = {
    "order_success": 0.2,
    "order_ack": 0.2,
    "order_paths": 0.15,
    "trade_pnl_r": 0.1,
    "live_vs_shadow_bps": 0.1,
    "alerts": 0.05,
    "reconciled": 0.05,
    "uptime": 0.05,
    "rss": 0.05,
    "venue_api": 0.05,
}
"""Of the observations, by indicator."""
PATHS = ("open", "close", "cancel", "stop_hit", "partial_fill")
ASKED: Sequence[dict[str, Any]] = (
    {"gate": "proportion", "of": "order_success", "at_least": "95 %"},
    {"gate": "quantile", "of": "order_ack", "q": "95 %", "at_most": "500 ms"},
    {"gate": "mean", "of": "order_ack", "at_most": "800 ms", "tail": {"q": "99 %", "at_most": "2400 ms"}},
    {"gate": "regression", "of": "order_ack", "against": "before"},
    {"gate": "trend", "of": "rss", "rise_at_most": "2 %/24h"},
    {"gate": "paired_difference", "of": "live_vs_shadow_bps", "not_worse_than": "3 bps"},
    {"gate": "expectancy", "of": "trade_pnl_r", "not_below": "-0.2 R"},
    {"gate": "coverage", "of": "order_paths", "paths": {"open": "5", "close": "5"}},
    {"gate": "zero_events", "of": "alerts", "only": ["P0"]},
    {"gate": "invariant", "of": "reconciled"},
    {"gate": "timeslices", "of": "uptime", "at_least": "99.5 %"},
    {"gate": "count", "of": "order_paths", "at_least": "100"},
    {"gate": "proportion", "of": "venue_api", "at_least": "99 %"},
)
OVERS = ("stage", "7d", "24h", "21d")
"""Each gate is asked over these windows, until there are fifty."""


def rows() -> list[tuple[str, str, str]]:
    asked = [_asked(number) for number in range(50)]
    growing = {name: filled(name, round(ROWS * share)) for name, share in SHARES.items()}
    baseline = filled("order_ack", 20_000).series(watermark=SPAN, beats=SPAN)
    first = _look(asked, growing, baseline, SPAN)
    took = []
    for look in range(1, LOOKS + 1):
        now = SPAN + look * SECOND
        for name, series in growing.items():
            for extra in range(NEW):
                series.add(now - NEW + extra, _value(name, 0.5), "open" if name == "order_paths" else "")
        took.append(_look(asked, growing, baseline, now))
    took.sort()
    what = f"{len(asked)} gates over {ROWS:,} observations"
    return [
        (f"{what}, first look", f"{first:.0f} ms", "once, at a start"),
        (f"{what}, {NEW * len(growing)} new ones, p50", f"{took[LOOKS // 2]:.1f} ms", f"at most {BOUND_MS} ms"),
        (f"{what}, {NEW * len(growing)} new ones, p95", f"{took[LOOKS * 95 // 100]:.1f} ms", f"at most {BOUND_MS} ms"),
        (f"{what}, {NEW * len(growing)} new ones, worst", f"{took[-1]:.1f} ms", "an hour's block was completed"),
    ]


def _asked(number: int) -> tuple[Gate, Any]:
    told = dict(ASKED[number % len(ASKED)])
    found = gate(told.pop("gate"))
    over = OVERS[number // len(ASKED) % len(OVERS)]
    return found, found.settings.model_validate({"name": f"gate {number}", "over": over, **told})


def _look(asked: Sequence[tuple[Gate, Any]], growing: Mapping[str, SeriesBuilder], baseline: Series, now: int) -> float:
    """Milliseconds for one look at everything."""
    began = timeit.default_timer()
    series = {name: each.series(watermark=now, beats=now) for name, each in growing.items()}
    facts = Facts(
        now=now, since=SPAN - 25 * DAY, release="r", series=series, baselines={"before": {baseline.indicator.name: baseline}}
    )
    for found, settings in asked:
        found.judge(settings, facts)
    return (timeit.default_timer() - began) * 1000


def filled(name: str, rows: int) -> SeriesBuilder:
    growing = SeriesBuilder(BY_NAME[name])
    step = SPAN // rows
    chance = Chance(1).stream(name)
    values = [_value(name, chance.random()) for _ in range(rows)]
    labels = PATHS if name == "order_paths" else ("P2",) if name == "alerts" else ("",)
    growing.extend(
        np.arange(1, rows + 1, dtype=np.int64) * step,
        np.array(values),
        (np.arange(rows) % len(labels)).astype(np.int32),
        np.ones(rows, dtype=np.int64),
        labels,
    )
    return growing


def _value(name: str, luck: float) -> float:
    match BY_NAME[name].measures:
        case Measures.GOOD:
            return float(luck > 0.002)
        case Measures.BYTES:
            return 2e8 * (1 + 0.01 * luck)
        case Measures.SECONDS:
            return 0.05 + 0.3 * luck
        case Measures.R | Measures.BASIS_POINTS:
            return 4 * luck - 2
    return 1.0
