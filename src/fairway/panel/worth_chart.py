"""Worth over time, with how far it is below its highest point; drawn by the ECharts that NiceGUI brings."""

from collections.abc import Callable
from typing import Any, Final

from nicegui import ui

from fairway.panel.elements import Tag
from fairway.panel.facts.money import Curve
from fairway.panel.live import Live

INK: Final = "#7b858e"
"""Of a chart's words: to be read on light and on dark paper."""


def worth_chart(live: Live[Any], curve: Callable[[Any], Curve], unit: Callable[[Any], str], *, days: int) -> None:
    """The chart; a sentence where there is nothing to draw yet. `panel.js` gives it the colours of the theme."""
    chart = ui.echart(_options(curve(live.facts), unit(live.facts))).classes("worth-chart")
    chart.props(f'role=img aria-label="worth of the last {days} days, and how far below its highest point"')

    def draw(points: Curve) -> None:
        chart.options["series"][0]["data"] = [[at, worth] for at, worth, _ in points]
        chart.options["series"][1]["data"] = [[at, fall] for at, _, fall in points]
        chart.update()

    live.bind(curve, draw)
    nothing = Tag("p", "The curve begins with the second value: the trader writes one with each candle.", "empty")
    live.visible(nothing, lambda facts: len(curve(facts)) < 2)
    live.visible(chart, lambda facts: len(curve(facts)) >= 2)


def _options(points: Curve, unit: str) -> dict[str, Any]:
    axis = {"type": "time", "axisLine": {"show": False}, "axisTick": {"show": False}, "splitLine": {"show": False}}
    return {
        "animation": False,
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
            {"name": f"worth, {unit}", "type": "line", "showSymbol": False, "data": [], "lineStyle": {"width": 1.5}},
            {
                "name": "below the highest, %",
                "type": "line",
                "showSymbol": False,
                "data": [],
                "xAxisIndex": 1,
                "yAxisIndex": 1,
                "areaStyle": {"opacity": 0.25},
                "lineStyle": {"width": 1},
            },
        ],
        "color": ["#2a6f97", "#c0392b"],
    }
