"""Charts are values first: one figure is drawn as SVG, PNG, PDF and for a page, and is written as JSON for a browser."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from tests.pure.reports.launch_run import launch_run
from tests.pure.reports.ten_days import ten_days

from fairway.reports import figure as model
from fairway.reports.charts import price_figure, worth_figure
from fairway.reports.drawing import NARROW, WIDE, FileFormat, file_bytes
from fairway.reports.figure import BandSeries, ColourRole, Figure, LineSeries, MarkSeries, MarkSymbol, RangeSeries, SegmentSeries
from fairway.reports.figure_encoding import decoded, encoded
from fairway.reports.launch_chart import LAUNCH_WIDE, launch_figure
from fairway.reports.page_svg import page_element
from fairway.reports.report import report_of
from fairway.reports.theme import CSS_BACKGROUND, CSS_VARIABLES, DARK, LIGHT, Theme

RUN = ten_days()
REPORT = report_of(RUN)


def _worth() -> Figure:
    return worth_figure(REPORT.curve, quote="USDT", places=2)


def _price() -> Figure:
    trips = [trip for trip in REPORT.story.trips if trip.trip.symbol == "BTC/USDT"]
    return price_figure("BTC/USDT", RUN.candles["BTC/USDT"], trips, (), places=2, ended_at=RUN.ended_at)


def _launch() -> Figure:
    return launch_figure(launch_run())


FIGURES = pytest.mark.parametrize("figure", [_worth(), _price(), _launch()], ids=lambda it: it.name)


@FIGURES
def test_figure_read_back_from_json_is_equal(figure: Figure) -> None:
    assert decoded(encoded(figure)) == figure


@FIGURES
def test_same_figure_is_drawn_with_same_bytes(figure: Figure) -> None:
    for file_format in FileFormat:
        assert file_bytes(figure, file_format) == file_bytes(decoded(encoded(figure)), file_format)
    assert page_element(figure, NARROW, "narrow") == page_element(decoded(encoded(figure)), NARROW, "narrow")


@FIGURES
def test_every_axis_has_a_unit_and_every_series_a_name(figure: Figure) -> None:
    assert figure.title
    assert figure.description
    for panel in figure.panels:
        assert panel.axis.unit
        for drawn in (panel.lines, panel.ranges, panel.bands, panel.segments, panel.marks):
            assert all(_name_of(series) for series in drawn)


def _name_of(series: LineSeries | RangeSeries | BandSeries | SegmentSeries | MarkSeries) -> str:
    return series.name


def test_files_are_of_the_format_that_was_asked_for() -> None:
    assert file_bytes(_worth(), FileFormat.SVG).startswith(b"<?xml")
    assert file_bytes(_worth(), FileFormat.PNG).startswith(b"\x89PNG")
    assert file_bytes(_worth(), FileFormat.PDF).startswith(b"%PDF")


def test_svg_file_has_the_colours_of_its_theme() -> None:
    light, dark = (file_bytes(_worth(), FileFormat.SVG, theme=theme).decode() for theme in (LIGHT, DARK))
    assert LIGHT.colours[ColourRole.PRIMARY] in light
    assert DARK.colours[ColourRole.PRIMARY] not in light
    assert DARK.colours[ColourRole.PRIMARY] in dark


def test_every_mark_and_every_band_of_a_figure_is_drawn() -> None:
    drawn = page_element(_launch(), LAUNCH_WIDE, "wide")
    marks = [mark for panel in _launch().panels for series in panel.marks for mark in series.marks]
    bands = [band for panel in _launch().panels for series in panel.bands for band in series.bands]
    assert len(marks) > 10
    assert len(bands) > 10
    assert drawn.count("<use ") >= len(marks)
    assert drawn.count("fill-opacity: ") + drawn.count("; opacity: ") >= len(
        {series.name for panel in _launch().panels for series in panel.bands}
    )
    for panel in _launch().panels:
        assert panel.title in drawn


def test_panels_share_the_lines_of_promotions_and_demotions() -> None:
    figure = _launch()
    assert [mark.text for mark in figure.time_marks] == ["up", "down"]
    drawn = page_element(figure, LAUNCH_WIDE, "wide")
    assert len(re.findall(r"stroke: var\(--(?:gain|loss)\)[^\"]*stroke-opacity: 0.6", drawn)) == 2 * len(figure.panels)


def test_round_trips_are_marked_with_how_they_ended() -> None:
    (panel,) = _price().panels
    trips = [trip for trip in REPORT.story.trips if trip.trip.symbol == "BTC/USDT"]
    by_name = {series.name: series for series in panel.marks}
    gains = sum(trip.trip.result.value > 0 for trip in trips)
    assert len(by_name["bought"].marks) == len(trips)
    assert len(by_name["sold with a gain"].marks) == gains
    assert len(by_name["sold with a loss"].marks) == len(trips) - gains
    assert by_name["bought"].symbol is MarkSymbol.TRIANGLE_UP


@pytest.mark.parametrize(("theme", "index"), [(LIGHT, 0), (DARK, 1)])
def test_page_has_the_colours_of_the_themes(theme: Theme, index: int) -> None:
    css = (Path(model.__file__).parent / "templates" / "page.css").read_text()
    for role, variable in CSS_VARIABLES.items():
        assert re.findall(rf"{variable}: (#\w+)", css)[index] == theme.colours[role]
    assert re.findall(rf"{CSS_BACKGROUND}: (#\w+)", css)[index] == theme.background
    assert set(CSS_VARIABLES) == set(theme.colours) == set(ColourRole)
    assert len({*theme.colours.values(), theme.background}) == len(ColourRole) + 1


def test_model_holds_plain_frozen_values_only() -> None:
    made = [each for each in vars(model).values() if is_dataclass(each) and isinstance(each, type)]
    assert len(made) > 10
    for each in made:
        assert each.__dataclass_params__.frozen  # type: ignore[attr-defined]
        assert all(field.name != "colour" or field.type is ColourRole for field in fields(each))


def test_wide_drawing_has_no_more_than_its_points() -> None:
    thin = worth_figure(REPORT.curve, quote="USDT", places=2, points_max=50)
    assert all(len(line.points) <= 50 for panel in thin.panels for line in panel.lines)
    assert WIDE.points_max > NARROW.points_max
