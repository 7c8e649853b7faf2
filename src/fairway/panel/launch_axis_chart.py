"""The time axis of a launch: stages, gates and holds above, limits in force and worth below; zoomed and moved together."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from nicegui import ui

from fairway.panel.elements import Tag
from fairway.panel.facts.launch_axis import AxisFacts, Drawn
from fairway.panel.facts.point_changes import point_changes
from fairway.panel.live import Live
from fairway.panel.scripts import javascript
from fairway.panel.visit import Visit

COLOURS: Final = {
    "stage": "--accent",
    "PASS": "--pass",
    "FAIL": "--fail",
    "INSUFFICIENT": "--insufficient",
    "STALE": "--stale",
    "ERROR": "--error",
}
"""What a span's colour says, by the names of `launch.css`; the words on it say the same."""
HELD: Final = {"held": "--stale", "contained": "--contained"}
_LOOKS: Final = (*COLOURS.values(), "", "--accent", "--accent")
"""Of each series; "" for that of the holds, which are areas."""
ROW_PX: Final = 22
LINES_PX: Final = 110
TOP_PX: Final = 8
GAP_PX: Final = 34
ZOOM_PX: Final = 64
"""Heights: of a row, of the two charts below, and of what is around them."""
LEFT_PX: Final = 132


def launch_axis_chart(visit: Visit, live: Live[Any], get: Callable[[Any], AxisFacts]) -> None:
    """The chart, with what it shows in words. `charts.js` gives it colours, and adds what is new to it."""
    place = Tag("div", "", "launch-axis", role="img")
    live.attribute(place, "aria-label", lambda found: f"time axis of the launch: {get(found).told}")
    chart: ui.echart | None = None
    last = get(live.facts)

    def draw(found: AxisFacts) -> None:
        nonlocal chart, last
        before, last = last, found
        if chart is not None and (before.rows, before.unit, before.begin) == (found.rows, found.unit, found.begin):
            visit.client.run_javascript(f"fairwayCharts.change({chart.id}, {javascript(_changes(before, found))})")
            return
        place.clear()
        place.style(f"height:{_height(found)}px")
        with place:
            chart = ui.echart(_options(found))
        looks = {"colours": _LOOKS, "areas": _areas(found)}
        visit.client.run_javascript(f"fairwayCharts.begin({chart.id}, {javascript(looks)})")

    live.bind(get, draw)
    live.words(lambda found: f"{get(found).told[:1].upper()}{get(found).told[1:]}.", "p", "quiet")
    with Tag("ul", "", "axis-key", aria_label="What the colours say"):
        for kind, colour in COLOURS.items():
            with Tag("li"):
                Tag("span", "", "swatch").style(f"background:var({colour})")
                Tag("span", kind)
        for kind, colour in HELD.items():
            with Tag("li"):
                Tag("span", "", "swatch area").style(f"background:var({colour})")
                Tag("span", "held: no promotion" if kind == "held" else "held: nothing is opened")


def _changes(before: AxisFacts, after: AxisFacts) -> dict[str, Any]:
    series = [point_changes(old, new) for old, new in zip(_points(before), _points(after), strict=True)]
    found = {"series": series, "begin": after.begin, "end": after.end}
    return found if before.holds == after.holds else {**found, "areas": _areas(after)}


def _areas(facts: AxisFacts) -> list[dict[str, Any]]:
    return [{"words": each.words, "since": each.since, "until": each.until, "colour": HELD[each.kind]} for each in facts.holds]


def _points(facts: AxisFacts) -> tuple[tuple[Any, ...], ...]:
    """Of each series."""
    spans = (tuple(_ends([each for each in facts.spans if each.kind == kind])) for kind in COLOURS)
    return (*spans, (), facts.allowed, facts.worth)


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
        "useUTC": True,
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
        "series": [{**look, "data": points} for look, points in zip((*_spans(), *_lines()), _points(facts), strict=True)],
    }


def _spans() -> Iterator[dict[str, Any]]:
    """Each span is a thick line in its row: such a line needs no function of its own in the browser."""
    for kind in COLOURS:
        yield {
            "name": kind,
            "type": "line",
            "lineStyle": {"width": 12, "cap": "butt"},
            "symbol": "rect",
            "symbolSize": [3, 12],
            "triggerLineEvent": True,
            "tooltip": {"formatter": "{b}"},
        }
    yield {"name": "holds", "type": "line", "markArea": {"silent": False, "data": [], "tooltip": {"formatter": "{b}"}}}


def _ends(spans: Sequence[Drawn]) -> Iterator[dict[str, Any] | None]:
    for each in spans:
        yield {"name": each.words, "value": [each.since, each.row]}
        yield {"name": each.words, "value": [each.until, each.row]}
        yield {"value": [each.until, "-"]}  # the line is broken here


def _lines() -> Iterator[dict[str, Any]]:
    usual = {"type": "line", "showSymbol": False, "lineStyle": {"width": 1.5}, "tooltip": {"show": False}}
    yield {
        **usual,
        "name": "limits in force",
        "step": "end",
        "xAxisIndex": 1,
        "yAxisIndex": 1,
        "areaStyle": {"opacity": 0.2},
    }
    yield {**usual, "name": "worth", "xAxisIndex": 2, "yAxisIndex": 2}
