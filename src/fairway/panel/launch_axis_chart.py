"""The time axis of a launch: stages, gates and holds above, limits in force and worth below; zoomed and moved together."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from nicegui import ui

from fairway.panel.elements import Tag
from fairway.panel.facts.launch_axis import AxisFacts, Drawn
from fairway.panel.live import Live
from fairway.panel.visit import Visit

COLOURS: Final = {
    "stage": "#2a6f97",
    "PASS": "#2f8f5b",
    "FAIL": "#c0392b",
    "INSUFFICIENT": "#9aa5ad",
    "STALE": "#b7791f",
    "ERROR": "#7d4e9e",
}
"""What a span's colour says; the words on it say the same."""
HELD: Final = {"held": "rgba(183,121,31,0.16)", "contained": "rgba(192,57,43,0.2)"}
ROW_PX: Final = 22
LINES_PX: Final = 110
TOP_PX: Final = 8
GAP_PX: Final = 34
ZOOM_PX: Final = 64
"""Heights: of a row, of the two charts below, and of what is around them."""
LEFT_PX: Final = 132


def launch_axis_chart(visit: Visit, live: Live[Any], get: Callable[[Any], AxisFacts]) -> None:
    """The chart, with what it shows in words. `launch.js` gives it the colours of the theme."""
    facts = get(live.facts)
    chart = ui.echart(_options(facts)).classes("launch-axis").style(f"height:{_height(facts)}px")
    chart.props["role"] = "img"
    live.bind(lambda found: get(found).told, lambda told: _name(chart, told))

    def draw(found: AxisFacts) -> None:
        chart.options.clear()
        chart.options.update(_options(found))
        chart.style(f"height:{_height(found)}px")
        chart.update()

    live.bind(get, draw)
    live.words(lambda found: f"{get(found).told[:1].upper()}{get(found).told[1:]}.", "p", "quiet")
    with Tag("ul", "", "axis-key", aria_label="What the colours say"):
        for kind, colour in COLOURS.items():
            with Tag("li"):
                Tag("span", "", "swatch").style(f"background:{colour}")
                Tag("span", kind)
        for kind, colour in HELD.items():
            with Tag("li"):
                Tag("span", "", "swatch").style(f"background:{colour}")
                Tag("span", "held: no promotion" if kind == "held" else "held: nothing is opened")
    visit.client.run_javascript(f"fairwayLaunch.themed({chart.id})")


def _name(chart: ui.echart, told: str) -> None:
    chart.props["aria-label"] = f"time axis of the launch: {told}"


def _rows_px(facts: AxisFacts) -> int:
    return max(2, len(facts.rows)) * ROW_PX


def _height(facts: AxisFacts) -> int:
    return TOP_PX + _rows_px(facts) + 2 * (GAP_PX + LINES_PX) + ZOOM_PX


def _options(facts: AxisFacts) -> dict[str, Any]:
    rows_px = _rows_px(facts)
    tops = (TOP_PX, TOP_PX + rows_px + GAP_PX, TOP_PX + rows_px + 2 * GAP_PX + LINES_PX)
    heights = (rows_px, LINES_PX, LINES_PX)
    time = {"type": "time", "min": facts.begin, "max": facts.end, "axisTick": {"show": False}}
    grids = [{"left": LEFT_PX, "right": 16, "top": top, "height": height} for top, height in zip(tops, heights, strict=True)]
    value = {"scale": True, "splitNumber": 3, "splitLine": {"lineStyle": {"opacity": 0.35}}, "nameTextStyle": {"align": "left"}}
    return {
        "animation": False,
        "textStyle": {"fontSize": 11},
        "grid": grids,
        "xAxis": [
            {**time, "gridIndex": number, "axisLabel": {"show": number == 2, "hideOverlap": True}, "splitLine": {"show": False}}
            for number in range(3)
        ],
        "yAxis": [
            {"type": "category", "data": list(facts.rows), "axisLine": {"show": False}, "axisTick": {"show": False}},
            {**value, "gridIndex": 1, "min": 0, "name": f"limits in force, {facts.unit}"},
            {**value, "gridIndex": 2, "name": f"worth, {facts.unit}"},
        ],
        "tooltip": {"trigger": "item", "confine": True},
        "axisPointer": {"link": [{"xAxisIndex": "all"}]},
        "dataZoom": [
            {
                "type": "inside",
                "xAxisIndex": [0, 1, 2],
                "filterMode": "none",
                "zoomOnMouseWheel": "ctrl",
                "moveOnMouseWheel": False,
            },
            {"type": "slider", "xAxisIndex": [0, 1, 2], "filterMode": "none", "height": 18, "bottom": 8, "showDataShadow": False},
        ],
        "series": [*_spans(facts), *_lines(facts)],
    }


def _spans(facts: AxisFacts) -> Iterator[dict[str, Any]]:
    """Each span is a thick line in its row: such a line needs no function of its own in the browser."""
    for kind, colour in COLOURS.items():
        yield {
            "name": kind,
            "type": "line",
            "data": list(_points([each for each in facts.spans if each.kind == kind])),
            "lineStyle": {"width": 12, "cap": "butt", "color": colour},
            "itemStyle": {"color": colour},
            "symbol": "rect",
            "symbolSize": [3, 12],
            "triggerLineEvent": True,
            "tooltip": {"formatter": "{b}"},
        }
    yield {
        "name": "holds",
        "type": "line",
        "data": [],
        "markArea": {
            "silent": False,
            "data": [
                [
                    {"name": each.words, "xAxis": each.since, "itemStyle": {"color": HELD[each.kind]}, "label": {"show": False}},
                    {"xAxis": each.until},
                ]
                for each in facts.holds
            ],
            "tooltip": {"formatter": "{b}"},
        },
    }


def _points(spans: Sequence[Drawn]) -> Iterator[dict[str, Any] | None]:
    for each in spans:
        yield {"name": each.words, "value": [each.since, each.row]}
        yield {"name": each.words, "value": [each.until, each.row]}
        yield {"value": [each.until, "-"]}  # the line is broken here


def _lines(facts: AxisFacts) -> Iterator[dict[str, Any]]:
    usual = {"type": "line", "showSymbol": False, "lineStyle": {"width": 1.5}, "tooltip": {"show": False}}
    yield {
        **usual,
        "name": "limits in force",
        "step": "end",
        "xAxisIndex": 1,
        "yAxisIndex": 1,
        "data": [list(point) for point in facts.allowed],
        "areaStyle": {"opacity": 0.2},
        "itemStyle": {"color": COLOURS["stage"]},
    }
    yield {
        **usual,
        "name": "worth",
        "xAxisIndex": 2,
        "yAxisIndex": 2,
        "data": [list(point) for point in facts.worth],
        "itemStyle": {"color": COLOURS["stage"]},
    }
