"""Coverage: every path of an order's life, such as a partial fill, was taken often enough before more is at stake."""

from pydantic import Field

from fairway.launch.gates.fixtures import labelled
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.series_gate import Assessment, EventSettings, Window, indicators, judge_series
from fairway.launch.gates.verdict import Result, Verdict
from fairway.watch.indicators import Measures


class CoverageSettings(EventSettings):
    """paths: how often each must be taken, by the label of its events."""

    MEASURES = (Measures.ONE,)
    of: str = Field(default="order_paths", examples=["order_paths"])
    paths: dict[str, int] = Field(
        description="How often each path must have been taken",
        min_length=1,
        max_length=100,
        examples=["{open: 5, close: 5, partial_fill: 1}"],
    )


def judge(settings: CoverageSettings, facts: Facts) -> Verdict:
    def statistics(window: Window) -> Assessment:
        seen = window.labels()
        lacks = {path: asked - seen.get(path, 0) for path, asked in settings.paths.items() if seen.get(path, 0) < asked}
        if lacks:
            numbers = {path: f"{seen.get(path, 0)}/{settings.paths[path]}" for path in lacks}
            return Assessment(Result.INSUFFICIENT, "PATHS_MISSING", numbers, sum(lacks.values()))
        return Assessment(Result.PASS, "PATHS_COVERED", {path: seen.get(path, 0) for path in settings.paths})

    return judge_series(settings, facts, statistics)


def passing_facts(settings: CoverageSettings) -> Facts:
    return labelled(settings, settings.paths)


def failing_facts(settings: CoverageSettings) -> Facts:
    """Of the last path one too few."""
    last = list(settings.paths)[-1]
    return labelled(settings, {**settings.paths, last: settings.paths[last] - 1})


GATE = Gate(
    "coverage",
    CoverageSettings,
    judge,
    indicators,
    question="Was each path of an order's life taken: opened, closed, partly filled, rejected, stopped, restarted with a "
    "position?",
    formula="n(path) ≥ the required number, for each path.",
    reference="Exact; coverage of behaviour in place of a share of success, which ten easy orders reach",
    example="{name: paths, gate: coverage, of: order_paths, paths: {open: 5, close: 5, stop_hit: 1, ws_reconnect: 1}}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    assumptions="The trader records every path that an order takes",
    limitations="A path that was not recorded counts as not taken: INSUFFICIENT",
)
