"""Charts: the first points come with the page, and from then on only what is new."""

import json
from dataclasses import replace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st
from nicegui import Client
from nicegui.elements.echart import EChart
from tests.pure.panel.elements import on_a_page, scripts, sent_again

from fairway.panel.facts.launch_axis import AxisFacts, Drawn
from fairway.panel.facts.point_changes import PointChanges, point_changes
from fairway.panel.launch_axis_chart import launch_axis_chart
from fairway.panel.live import Live
from fairway.panel.visit import Visit
from fairway.panel.worth_chart import worth_chart


def applied(points: list[Any], news: PointChanges) -> list[Any]:
    """As `charts.js` does."""
    now: list[Any] = points[news.gone : news.gone + news.length]
    now += [None] * (news.length - len(now))
    for place, point in news.changed:
        now[place] = point
    return now


@given(st.lists(st.integers(0, 5), max_size=8), st.lists(st.integers(0, 5), max_size=8))
def test_changes_make_the_new_points_of_any_old_ones(before: list[int], after: list[int]) -> None:
    assert applied(before, point_changes(before, after)) == after


def test_a_curve_that_moves_on_costs_one_point() -> None:
    before = [(at, 1.0) for at in range(1_000)]
    assert point_changes(before, [*before[3:], (1_000, 2.0)]) == (3, 998, ((997, (1_000, 2.0)),))


def test_a_worth_curve_that_goes_on_sends_its_new_point_alone() -> None:
    async def act(client: Client) -> None:
        points = tuple((at, 1.0, 0.0) for at in range(500))
        live = Live(points)
        worth_chart(live, lambda curve: curve, lambda curve: "USDT", days=7)
        (chart,) = [each for each in client.elements.values() if isinstance(each, EChart)]
        assert chart.options["useUTC"], "the page says that times are UTC"
        sent_again(client)
        live.show((*points[1:], (500, 2.0, -1.0)))
        begin, change = await scripts(client)
        assert begin.startswith("fairwayCharts.begin(")
        assert change.endswith('{"series": [[1, 500, [[499, [500, 2.0]]]], [1, 500, [[499, [500, -1.0]]]]]})')
        assert sent_again(client) == set(), "the chart was sent whole"

    on_a_page(cast(Any, act))


AXIS = AxisFacts(
    begin=0,
    end=100,
    rows=("two", "small"),
    spans=(Drawn("small", "stage", 0, 100, "stage small"), Drawn("two", "PASS", 10, 100, "two: PASS")),
    holds=(),
    allowed=((0, 1.0), (100, 1.0)),
    worth=((0, 10.0),),
    unit="USDT",
    told="main went through small",
)


def axis_scripts(*news: AxisFacts) -> list[dict[str, Any]]:
    """What each change of the axis sends."""
    found: list[dict[str, Any]] = []

    async def act(client: Client) -> None:
        live = Live(AXIS)
        launch_axis_chart(cast(Visit, type("Seen", (), {"client": client})), live, lambda facts: facts)
        for each in news:
            live.show(each)
        found.extend(json.loads(each[each.index("{") : -1]) for each in await scripts(client))

    on_a_page(cast(Any, act))
    return found


def test_an_axis_that_goes_on_sends_the_ends_of_its_spans_alone() -> None:
    spans = tuple(replace(each, until=110) for each in AXIS.spans)
    _, change = axis_scripts(replace(AXIS, end=110, spans=spans, allowed=((0, 1.0), (110, 1.0)), worth=((0, 10.0), (105, 11.0))))
    stage, passed, *rest, limits, worth = change["series"]
    assert [place for place, _ in stage[2]] == [place for place, _ in passed[2]] == [1, 2], "the begin of a span stays"
    assert (limits, worth) == ([0, 2, [[1, [110, 1.0]]]], [0, 2, [[1, [105, 11.0]]]])
    assert (change["begin"], change["end"], "areas" in change) == (0, 110, False)
    assert all(each == [0, 0, []] for each in rest)


def test_an_axis_with_another_row_is_drawn_again_as_a_whole() -> None:
    first, again = axis_scripts(replace(AXIS, rows=("three", *AXIS.rows)))
    assert "colours" in first
    assert "colours" in again
