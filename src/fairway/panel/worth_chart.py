"""Worth over time, with how far it is below its highest point; drawn by the ECharts that NiceGUI brings."""

from collections.abc import Callable
from typing import Any, Final

from nicegui import ui

from fairway.panel.elements import Tag
from fairway.panel.facts.money import Curve
from fairway.panel.facts.point_changes import point_changes
from fairway.panel.live import Live
from fairway.panel.scripts import javascript

INK: Final = "#7b858e"
"""Of a chart's words until it has the colours of the theme: to be read on light and on dark paper."""
_COLOURS: Final = ("--accent", "--loss")
Points = tuple[tuple[int, float], ...]


def worth_chart(live: Live[Any], curve: Callable[[Any], Curve], unit: Callable[[Any], str], *, days: int) -> None:
    """The chart; a sentence where there is nothing to draw yet. `charts.js` gives it colours, and adds what is new to it."""
    last = _drawn(curve(live.facts))
    with Tag("div", "", "worth-chart", role="img") as place:
        place.attribute("aria-label", f"worth of the last {days} days, and how far below its highest point")
        chart = ui.echart(_options(last, unit(live.facts)))
    chart.client.run_javascript(f"fairwayCharts.begin({chart.id}, {javascript({'colours': _COLOURS})})")

    def draw(points: Curve) -> None:
        nonlocal last
        before, last = last, _drawn(points)
        if before != last:
            series = [point_changes(old, new) for old, new in zip(before, last, strict=True)]
            chart.client.run_javascript(f"fairwayCharts.change({chart.id}, {javascript({'series': series})})")

    live.bind(curve, draw)
    nothing = Tag(
        "p",
        "The curve begins with the second value: the trader writes one with each candle, where it reconciles the account.",
        "empty",
    )
    live.visible(nothing, lambda facts: len(curve(facts)) < 2)
    live.visible(place, lambda facts: len(curve(facts)) >= 2)


def _drawn(points: Curve) -> tuple[Points, Points]:
    return tuple((at, worth) for at, worth, _ in points), tuple((at, fall) for at, _, fall in points)


def _options(drawn: tuple[Points, Points], unit: str) -> dict[str, Any]:
    axis = {"type": "time", "axisLine": {"show": False}, "axisTick": {"show": False}, "splitLine": {"show": False}}
    return {
        "animation": False,
        "useUTC": True,
        "textStyle": {"fontSize": 11, "color": INK},
        "grid": [{"left": 58, "right": 10, "top": 8, "height": "52%"}, {"left": 58, "right": 10, "bottom": 20, "height": "18%"}],
        "xAxis": [
            {**axis, "gridIndex": 0, "axisLabel": {"show": False}},
            {**axis, "gridIndex": 1, "axisLabel": {"color": INK, "hideOverlap": True}},
        ],
        "yAxis": [
            {
                "gridIndex": 0,
                "scale": True,
                "splitNumber": 3,
                "axisLabel": {"color": INK},
                "splitLine": {"lineStyle": {"opacity": 0.35}},
            },
            {"gridIndex": 1, "max": 0, "splitNumber": 1, "axisLabel": {"formatter": "{value} %", "color": INK}},
        ],
        "tooltip": {"trigger": "axis"},
        "axisPointer": {"link": [{"xAxisIndex": "all"}]},
        "series": [
            {"name": f"worth, {unit}", "type": "line", "showSymbol": False, "data": drawn[0], "lineStyle": {"width": 1.5}},
            {
                "name": "below the highest, %",
                "type": "line",
                "showSymbol": False,
                "data": drawn[1],
                "xAxisIndex": 1,
                "yAxisIndex": 1,
                "areaStyle": {"opacity": 0.25},
                "lineStyle": {"width": 1},
            },
        ],
    }
