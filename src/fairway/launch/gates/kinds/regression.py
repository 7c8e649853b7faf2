"""Regression: a latency or a size is not worse than a baseline's, or than a concurrent control's, by more than a tolerance."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from math import inf, isinf
from typing import Annotated, Any, Final, Self

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from fairway.launch.gates.fixtures import NOW, facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.proportion_test import Conclusion, StrengthSettings, check_share, conclude
from fairway.launch.gates.statistics.rolling_sums import Numbers, once
from fairway.launch.gates.statistics.sequential_bounds import dependence, errors_at_any_look
from fairway.launch.gates.statistics.series_gate import Assessment, Window, indicators, judge_series, stale_by
from fairway.launch.gates.statistics.time_blocks import Places, blocks
from fairway.launch.gates.verdict import Result, Verdict
from fairway.money.fraction import Fraction
from fairway.texts.quantities import Duration, Share
from fairway.texts.validation_errors import misfit
from fairway.watch.indicators import Measures
from fairway.watch.series import Series
from fairway.world.clock import MINUTE, SECOND

CONTROL: Final = "control"
"""What runs beside it at the same time, such as the old release: the same hour, the same market."""
A_RIGHT_PROBE: Final = "{probe: blue}"
BLOCKS_MIN: Final = 30
BLOCKS_MAX: Final = 200
FREE_MIN: Final = 5
"""With fewer blocks that are independent of each other nothing is told."""
Blocks = tuple[Places, Numbers]
"""Where they are on the grid, and a quantile of each."""


@dataclass(frozen=True, slots=True)
class ProbeComparison:
    """What a probe of the plan is answered that asks beside the launch, in the very same blocks of time."""

    probe: str


def _rival(value: object) -> object:
    match value:
        case str(name) if 1 <= len(name) <= 60:
            return name
        case {"probe": str(name), **others} if name and not others:
            return ProbeComparison(name)
        case ProbeComparison():
            return value
    raise ValueError(f"is neither a baseline by its name, nor `{CONTROL}`, nor a probe; of a probe it is {A_RIGHT_PROBE}")


class RegressionSettings(StrengthSettings):
    """against: the name of a baseline, `control`, or a probe. q: the quantile of each block that is compared. only: labels."""

    MEASURES = (Measures.SECONDS, Measures.BYTES, Measures.MESSAGES)
    against: Annotated[str | ProbeComparison, BeforeValidator(_rival)] = Field(
        description="A baseline by its name; `control`: the trader that the configuration names as `beside.control`; or "
        f"`{A_RIGHT_PROBE}`: a probe of the plan that asks beside it",
        examples=["testnet-24h"],
    )
    only: tuple[str, ...] = Field(
        default=(),
        description="Of a probe's indicator the probes that are compared; all where it is left out",
        examples=["[green]"],
    )
    tolerate: Share = Field(default=Fraction.parse("20 %"), description="How much worse it may be", examples=["20 %"])
    q: Share = Field(default=Fraction.parse("50 %"), description="The quantile of each block that is compared", examples=["95 %"])
    block: Duration = Field(default=10 * MINUTE, description="The length of a block", ge=SECOND, examples=["10m"])

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """A gate that says nothing of what gates could not say once has the digest that it had then."""
        return ((key, value) for key, value in super().__repr_args__() if key != "only" or value)

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        check_share("q", self.q)
        if self.tolerate.value < 0:
            raise misfit("tolerate", f"'{self.tolerate}' must be at least 0 %", "tolerate: 20 %")
        return self


def judge(settings: RegressionSettings, facts: Facts) -> Verdict:
    def statistics(window: Window) -> Assessment:
        rival = _other(settings, facts, window)
        if isinstance(rival, Assessment):
            return rival
        mine, other = _both(settings, _blocks(settings, window.series, window, settings.only), rival)
        lacks = BLOCKS_MIN - min(len(mine), len(other))
        if lacks > 0:
            numbers = {"blocks": len(mine), "against_blocks": len(other), "at_least": BLOCKS_MIN}
            return Assessment(Result.INSUFFICIENT, "BLOCKS_FEW", numbers)
        if min(mine.min(), other.min()) <= 0:
            return Assessment(Result.ERROR, "VALUES_IMPOSSIBLE", {"least": float(min(mine.min(), other.min()))})
        length = min(settings.over or window.until, settings.block * BLOCKS_MAX)
        windows = max(0, window.until - facts.since) // length * facts.tries + facts.tries
        same = (mine.tobytes(), other.tobytes(), windows)
        return _found(settings, *once(window.series, ("ratio", settings), same, partial(ratios, mine, other, windows)))

    return judge_series(settings, facts, statistics)


def _both(settings: RegressionSettings, mine: Blocks, other: Blocks) -> tuple[Numbers, Numbers]:
    """The values to compare: of two probes those alone of blocks in which both were asked."""
    if not isinstance(settings.against, ProbeComparison):
        return mine[1], other[1]
    _, here, there = np.intersect1d(mine[0], other[0], assume_unique=True, return_indices=True)
    return mine[1][here], other[1][there]


def _blocks(settings: RegressionSettings, series: Series, window: Window, only: tuple[str, ...]) -> Blocks:
    return blocks(series, window.since, window.until, settings.block, BLOCKS_MAX, float(settings.q.value), only)


def _other(settings: RegressionSettings, facts: Facts, window: Window) -> Blocks | Assessment:
    """The blocks to compare with: of what runs beside it those of the same window, of a baseline its newest."""
    against = settings.against
    if isinstance(against, ProbeComparison) or against == CONTROL:
        control = facts.controls.get(settings.of)
        if control is None:
            return Assessment(Result.ERROR, "CONTROL_MISSING", {"of": settings.of})
        only = (against.probe,) if isinstance(against, ProbeComparison) else ()
        return stale_by(settings.max_age, facts, control) or _blocks(settings, control, window, only)
    series = facts.baselines.get(against, {}).get(settings.of)
    if series is None:
        return Assessment(Result.ERROR, "BASELINE_MISSING", {"against": against, "of": settings.of})
    first, last = (int(series.ats[0]), int(series.ats[-1])) if len(series) else (0, 0)
    return blocks(series, first, last, settings.block, BLOCKS_MAX, float(settings.q.value))


def _found(settings: RegressionSettings, low: float, ratio: float, high: float) -> Assessment:
    most = 1 + float(settings.tolerate.value)
    numbers = {"ratio": ratio, "from": low, "to": high, "at_most": most}
    said = conclude("NONINFERIORITY", Conclusion.of(proven=high <= most, disproven=low > most), settings.strength, numbers)
    return replace(said, code="NONINFERIORITY_DEPENDENT") if said.result is Result.INSUFFICIENT and isinf(high) else said


def ratios(mine: Numbers, other: Numbers, windows: int = 1) -> tuple[float, float, float]:
    """The Hodges-Lehmann estimate of the ratio of two samples, between the bounds that ranks give it at every look."""
    mine, other = np.log(mine), np.log(other)
    m, n = len(mine), len(other)
    apart = (mine[:, None] - other[None, :]).ravel()
    depends = (dependence(mine, 0.0) * n + dependence(other, 0.0) * m) / (m + n)
    if 2 * m * n / (m + n) < FREE_MIN * depends:
        return 0.0, float(np.exp(np.median(apart))), inf
    errors = errors_at_any_look(2 * m * n / (m + n), windows) * depends**0.5
    cut = max(0, int(m * n / 2 - errors * (m * n * (m + n + 1) / 12) ** 0.5))
    parted = np.partition(apart, (cut, (m * n - 1) // 2, m * n // 2, m * n - 1 - cut))  # no more than these is asked for
    middle = (parted[(m * n - 1) // 2] + parted[m * n // 2]) / 2
    return float(np.exp(parted[cut])), float(np.exp(middle)), float(np.exp(parted[m * n - 1 - cut]))


def passing_facts(settings: RegressionSettings) -> Facts:
    """As in the baseline, to the last digit."""
    return _facts(settings, 1.0)


def failing_facts(settings: RegressionSettings) -> Facts:
    """Worse than tolerated, in every block, by as much again."""
    return _facts(settings, 1 + 2 * float(settings.tolerate.value) + 0.01)


def _facts(settings: RegressionSettings, factor: float) -> Facts:
    every = (settings.indicator.every_s or 60) * SECOND
    n = max(1, -(-settings.block // every)) * (BLOCKS_MIN + 10)
    against = settings.against
    made = facts_of(settings, n, factor, settings.only or ("",))
    beside = (against.probe,) if isinstance(against, ProbeComparison) else ("",)
    other = facts_of(settings, n, 1.0, beside).series[settings.of]
    if isinstance(against, ProbeComparison) or against == CONTROL:
        return Facts(now=NOW, since=made.since, release=made.release, series=made.series, controls={settings.of: other})
    baselines = {against: {settings.of: other}}
    return Facts(now=NOW, since=made.since, release=made.release, series=made.series, baselines=baselines)


GATE = Gate(
    "regression",
    RegressionSettings,
    judge,
    indicators,
    question="Is a latency, or memory, not worse by more than a fifth than in a run that passed, or than beside it?",
    formula="Both are cut into blocks of time, each told by a quantile. The ratio is the median of the ratios of all pairs of "
    "blocks (Hodges-Lehmann), its interval is from the ranks of Mann and Whitney, as wide as it must be for who looks at every "
    "block (a normal mixture, 5 % of each side), and wider by how much neighbouring blocks are alike; with fewer than five "
    "independent ones nothing is told. FAIL only where the whole interval is beyond 1 + tolerance, PASS where all of it is "
    "within; at least 30 blocks on both sides. Of two probes only blocks count in which both were asked: the same hour, the same "
    "network, the same load.",
    reference="Hodges and Lehmann, Ann. Math. Stat., 1963; Lehmann, Nonparametrics (1975); Robbins, Statistical methods related "
    "to the law of the iterated logarithm (Ann. Math. Stat., 1970)",
    example="{name: slower, gate: regression, of: order_ack, against: testnet-24h, tolerate: 20 %, block: 10m}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    needs_rate=True,
    assumptions="Blocks resemble their neighbours and through them earlier ones; levels do not wander",
    limitations="Fewer than five independent blocks on both sides are INSUFFICIENT (`NONINFERIORITY_DEPENDENT`)",
)
