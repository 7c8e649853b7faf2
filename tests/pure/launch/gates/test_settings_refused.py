"""What a plan may say of a gate: each refusal names the key and shows an example that is accepted."""

from decimal import Decimal
from typing import Any

import pytest
import yaml
from pydantic import ValidationError
from tests.pure.launch.gates.facts import NOW, facts, judged, series

from fairway.launch.gates.kinds.regression import RegressionSettings
from fairway.launch.gates.kinds.trend import TrendGateSettings
from fairway.launch.gates.registry import gate
from fairway.world.clock import DAY, HOUR, SECOND

ORDERS = {"of": "order_success"}
ACKS = {"of": "order_ack"}
REFUSED = [
    ("proportion", {**ORDERS, "at_least": "0 %"}, "'0 %' must be above 0 % and below 100 %"),
    ("proportion", {**ORDERS, "at_least": "-1 %"}, "'-1 %' must be above 0 % and below 100 %"),
    (
        "quantile",
        {**ACKS, "q": "100 %", "at_most": "1 s"},
        "'100 %' must be above 0 % and below 100 %; for every single one take the gate invariant",
    ),
    ("quantile", {**ACKS, "q": "95 %", "at_most": "500 bps"}, "'500 bps' is not in s but in bps"),
    ("trend", {**ACKS, "rise_at_most": "0 s/24h"}, "'0 s/24h' must be above 0"),
    ("trend", {"of": "rss", "rise_at_most": "2 %"}, "'2 %' is no rise by a time, in % or in B"),
    ("trend", {"of": "rss", "rise_at_most": "2 s/24h"}, "'2 s/24h' is no rise by a time, in % or in B"),
    ("trend", {"of": "consumer_lag", "rise_at_most": "2 d"}, "'2 d' is no rise by a time, in % or in a bare number"),
]


@pytest.mark.parametrize(("name", "settings", "what"), REFUSED)
def test_a_refusal_names_the_key_and_shows_an_example_that_is_accepted(name: str, settings: dict[str, Any], what: str) -> None:
    """The example is text to copy into the plan, at the key that the refusal names."""
    found = gate(name).settings
    with pytest.raises(ValidationError) as caught:
        found.model_validate({"name": "mine", **settings})
    (error,) = caught.value.errors()
    assert error["ctx"]["what"] == what
    mended = yaml.load(error["ctx"]["example"], Loader=yaml.BaseLoader)
    assert list(mended) == [error["ctx"]["key"]]
    assert found.model_validate({"name": "mine", **settings, **mended}).name == "mine"


def test_the_bound_of_a_tail_is_refused_at_its_own_key() -> None:
    settings = {**ACKS, "at_most": "800 ms", "tail": {"q": "99 %", "at_most": "2400 B"}}
    with pytest.raises(ValidationError) as caught:
        gate("mean").settings.model_validate({"name": "mine", **settings})
    (error,) = caught.value.errors()
    assert (error["ctx"]["key"], error["ctx"]["example"]) == ("tail.at_most", "at_most: 1 s")


@pytest.mark.parametrize(
    ("of", "rise", "length", "amount"),
    [
        ("rss", "2 %/24h", DAY, "0.02"),
        ("rss", "2 %/d", DAY, "0.02"),
        ("rss", "1 %/h", HOUR, "0.01"),
        ("rss", "1 %/6h", 6 * HOUR, "0.01"),
        ("rss", "3 MB/12h", 12 * HOUR, "3000000"),
        ("consumer_lag", "5 /h", HOUR, "5"),
    ],
)
def test_a_rise_is_an_amount_by_a_time(of: str, rise: str, length: int, amount: str) -> None:
    """The settings hold it for a piece, of which a span of a day has 24."""
    settings = TrendGateSettings.model_validate({"name": "mine", "of": of, "rise_at_most": rise, "span": "24h"})
    assert settings.rise == pytest.approx(float(Decimal(amount) * HOUR / length), rel=1e-12)


@pytest.mark.parametrize("length", [1, 2, 60])
def test_a_baseline_has_a_name_of_up_to_sixty_characters(length: int) -> None:
    told = {"name": "slower", **ACKS, "against": "b" * length}
    assert RegressionSettings.model_validate(told).against == "b" * length


def test_a_name_of_a_baseline_that_is_longer_is_refused() -> None:
    with pytest.raises(ValidationError, match="is neither a baseline by its name"):
        RegressionSettings.model_validate({"name": "slower", **ACKS, "against": "b" * 61})


def test_settings_that_compare_with_a_probe_can_be_checked_again() -> None:
    """A program hands over settings that it has read already."""
    once = RegressionSettings.model_validate({"name": "slower", "of": "http_latency", "against": {"probe": "blue"}})
    again = RegressionSettings.model_validate({key: getattr(once, key) for key in RegressionSettings.model_fields})
    assert again.against == once.against


@pytest.mark.parametrize(
    ("sustain", "age", "reason"),
    [("100s", 15 * SECOND, "held_s=8 sustain_s=100"), ("1500ms", SECOND, "held_s=0 sustain_s=1")],
)
def test_how_long_it_held_is_told_in_whole_seconds(sustain: str, age: int, reason: str) -> None:
    """The stage is too young; of the twelve points of the time the first ones are in it."""
    said = judged("zero_events", facts(series("alerts", []), since=NOW - age), of="alerts", sustain=sustain)
    assert said.reason == f"SUSTAIN_SHORT: {reason}"
