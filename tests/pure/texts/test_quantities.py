"""Quantities: what people write is read exactly, and what could be misread is refused with a right example."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import ValidationError

from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.texts.durations import as_setting, duration_of
from fairway.texts.located_yaml import compose
from fairway.texts.problems import Problem
from fairway.texts.quantities import Duration, Measure, Money, Quantity, Share, Switch
from fairway.texts.section import Section
from fairway.texts.validation_errors import problems_of
from fairway.world.clock import DAY, HOUR, MILLISECOND, MINUTE, SECOND


class Paper(Section):
    share: Share = Fraction.parse("1 %")
    time: Duration = SECOND
    money: Money | None = None
    measure: Measure | None = None
    switch: Switch = False


def told(text: str) -> list[str]:
    """The problems of a text as a Paper, and that there are some."""
    composed = compose(text, kind="paper", empty=Problem(what="is empty"))
    assert not composed.problems
    with pytest.raises(ValidationError) as caught:
        Paper.model_validate(composed.tree)
    return [str(each) for each in problems_of(caught.value, composed, Paper)]


def test_quantities_are_read_exactly() -> None:
    paper = Paper.model_validate(
        {"share": "99.95 %", "time": "90s", "money": "0.10 USD", "measure": "-0.20 R", "switch": "true"}, strict=False
    )
    assert paper.share == Fraction.of("0.9995")
    assert paper.time == 90 * SECOND
    assert paper.money == Amount.of("0.10", "USD")
    assert paper.measure == Quantity(Decimal("-0.20"), "R")
    assert paper.switch is True


@pytest.mark.parametrize(
    ("text", "ns"),
    [("500ms", 500 * MILLISECOND), ("0s", 0), ("30 m", 30 * MINUTE), ("24h", 24 * HOUR), ("7d", 7 * DAY), ("4w", 28 * DAY)],
)
def test_times_have_a_unit(text: str, ns: int) -> None:
    assert duration_of(text) == ns


def check(text: str, *expected: str) -> None:
    assert told(text) == list(expected)


def test_a_number_without_its_sign_is_refused_with_a_right_example() -> None:
    """Half a percent and a half differ a hundredfold, a minute and a month by one letter."""
    check("share: 0.95", "1:1: share: '0.95' is no percentage; write a number and %; right is  share: 95 %")
    check("time: 24", "1:1: time: '24' is no time; write a whole number and one of ms, s, m, h, d, w; right is  time: 24h")
    check(
        "money: $100",
        "1:1: money: '$100' is no amount of money; write a number, a space and the asset in capitals; right is  money: 100 USD",
    )
    check(
        "measure: fast",
        "1:1: measure: 'fast' is no number with a unit; write a number, a space and the unit; right is  measure: 500 ms",
    )
    check("switch: yes", "1:1: switch: 'yes' is neither true nor false; right is  switch: true")


def test_a_float_or_a_bare_number_from_a_program_is_refused() -> None:
    for key, value in {"share": 0.95, "time": 1.5, "money": 100, "measure": 0.5}.items():
        with pytest.raises(ValidationError):
            Paper.model_validate({key: value})
    with pytest.raises(ValidationError):
        Paper.model_validate({"time": True})


def test_measures_are_turned_into_units_of_their_kind_only() -> None:
    assert Quantity.parse("800 ms").in_unit("s") == Decimal("0.8")
    assert Quantity.parse("3 bps").in_unit("%") == Decimal("0.03")
    assert Quantity.parse("2 MiB").in_unit("B") == 2 * 2**20
    assert Quantity.parse("1000").in_unit("") == 1000
    assert Quantity.parse("2 %/24h") == Quantity(Decimal(2), "%/24h")
    with pytest.raises(ValueError, match="is not in s but in bps"):
        Quantity.parse("3 bps").in_unit("s")


@given(some.integers(min_value=0, max_value=99_999), some.sampled_from(["ms", "s", "m", "h", "d", "w"]))
def test_a_time_is_told_as_it_would_be_written(number: int, unit: str) -> None:
    ns = duration_of(f"{number}{unit}")
    assert duration_of(as_setting(ns)) == ns


@given(some.text(max_size=40))
def test_no_text_gives_a_traceback(text: str) -> None:
    for key in Paper.model_fields:
        assert all(isinstance(each, str) for each in _told_of(key, text))


def _told_of(key: str, text: str) -> list[str]:
    try:
        Paper.model_validate({key: text})
    except ValidationError as error:
        composed = compose("a: b", kind="paper", empty=Problem(what=""))
        return [str(each) for each in problems_of(error, composed, Paper)]
    return []
