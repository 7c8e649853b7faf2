"""A target is shown with its figure and its day, in status and record; it never keeps anybody from anything."""

from dataclasses import replace

import pytest
from tests.pure.launch.launches import BEGIN, Flight, at_middle
from tests.pure.launch.test_record import record, told

from fairway.launch.plan import shipped
from fairway.launch.plan.load import parse
from fairway.launch.plan.watching import Target
from fairway.launch.views.record_forms import markdown, page
from fairway.launch.views.status_text import status
from fairway.launch.views.targets import figure_of
from fairway.texts.quantities import Quantity
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import DAY, MINUTE


def series(of: str, *values: float) -> Series:
    growing = SeriesBuilder(BY_NAME[of])
    for number, value in enumerate(values, 1):
        growing.add(BEGIN + number, value)
    return growing.series(watermark=BEGIN + MINUTE, beats=BEGIN)


@pytest.mark.parametrize(
    ("of", "values", "figure"),
    [
        ("order_success", (1.0, 1.0, 1.0, 0.0), "now 75.00 %, over 4 order intents"),
        ("incidents", (1.0, 1.0), "now 2"),
        ("trade_pnl_r", (1.0, -0.5), "now 0.250 R on average, over 2 round trips"),
        ("trade_pnl", (3.0, -1.5), "now 1.50 USD in all, over 2 round trips"),
        ("order_ack", (*[0.1] * 19, 4.0), "now 0.295 s on average, and 95% within 0.1 s, over 20 order intents"),
        ("order_ack", (*[0.1] * 18, 4.0, 4.0), "now 0.49 s on average, and 95% within 4 s, over 20 order intents"),
        ("order_success", (), "now unknown: order_success was not observed yet"),
    ],
)
def test_a_figure_is_told_as_its_indicator_measures(of: str, values: tuple[float, ...], figure: str) -> None:
    assert figure_of(Target(name="a", within=DAY, of=of), series(of, *values), BEGIN, BEGIN + DAY) == figure


def test_what_nobody_measures_is_unknown_and_what_has_no_indicator_is_for_a_person() -> None:
    assert figure_of(Target(name="a", within=DAY, of="feedback"), None, BEGIN, BEGIN) == (
        "now unknown: nothing measures feedback here yet"
    )
    assert figure_of(Target(name="a", within=DAY), None, BEGIN, BEGIN) == "a person looks it up"


def test_targets_are_shown_with_their_day_and_keep_nobody_from_anything() -> None:
    missed = Target(name="success", within=30 * DAY, of="order_success", at_least=Quantity.parse("99 %"))
    flight: Flight = at_middle()
    flight.plan = replace(flight.plan, targets=(missed,))
    flight.series = {"order_success": series("order_success", 1.0, 0.0)}
    line = "success: at least 99 %; now 50.00 %, over 2 order intents; to be looked at on 1970-02-11"
    flight.launch.started_at = BEGIN
    assert f"target {line}" in list(status(told(flight)))
    made = record(flight)
    assert made.targets == [line]
    assert not any("success" in each for each in made.sections[0].missing)
    assert f"- {line}" in markdown(made)
    assert line in page(made).decode()


@pytest.mark.parametrize("name", shipped.names())
def test_every_target_of_a_shipped_plan_can_be_shown(name: str) -> None:
    for target in parse(shipped.text(name)).plan.targets:
        of = {target.of: series(target.of, 1.0, 0.5)} if target.of in BY_NAME else {}
        assert figure_of(target, of.get(target.of), BEGIN, BEGIN + DAY)
