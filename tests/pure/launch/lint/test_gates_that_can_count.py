"""Gates that could never count are told before anything runs: unproven ones, too few blocks, probes that are not alike."""

import pytest
from tests.pure.launch.lint.drafts import changed, check, compared, findings, quiet, stages


@pytest.mark.parametrize(
    ("gate", "told", "mend"),
    [
        ("regression, of: rss, against: t, block: 1s", "too few spells of time to compare (BLOCKS_FEW: blocks=3", "block: 10s"),
        ("regression, of: rss, against: t, over: 1h", "(BLOCKS_FEW: blocks=6 against_blocks=39 at_least=30)", "over: 6h"),
        ("trend, of: rss, rise_at_most: 2 %/24h, span: 10m", "too short a time to see a trend", "span: 30m"),
        ("trend, of: rss, rise_at_most: 2 %/24h, over: 1h", "passes facts with a hole, a tenth of all missing", "over: 24h"),
        ("timeslices, of: uptime, at_least: 99 %, over: 1h", "(SLICES_FEW: slices=60 ", "over: 2h"),
        ("timeslices, of: uptime, at_least: 80 %", "passes facts with a hole, a tenth of all missing", "at_least: 95 %"),
        ("invariant, of: tied_out, over: 10m, at_least_n: 30", "(OBSERVATIONS_FEW: n=10 at_least_n=30)", "over: 30m"),
        ("quantile, of: db_latency, q: 99 %, at_most: 1 s, over: 1h", "(QUANTILE_UNPROVEN: n=60 good=60", "over: 3d"),
    ],
)
def test_a_gate_that_could_never_count_is_told_with_a_change_by_which_it_can(gate: str, told: str, mend: str) -> None:
    asked = f"{{name: it, gate: {gate}}}"
    found = check(changed(stages=stages(asked)), "unproven-gate", "it can never count: ", told)
    assert (found.mend, found.refuses) == (mend, True)
    key = mend.partition(":")[0]
    kept = ", ".join(each for each in asked.strip("{}").split(", ") if not each.startswith(f"{key}: "))
    quiet(changed(stages=stages(f"{{{kept}, {mend}}}")), "unproven-gate")


def test_a_gate_that_cannot_count_may_not_be_accepted() -> None:
    accepts = "[{finding: 'unproven-gate stages[first].gates[up]', reason: we know it and want it}]"
    text = changed(stages=stages("{name: up, gate: timeslices, of: uptime, at_least: 80 %}"), accept=accepts)
    assert check(text, "unproven-gate", "up").refuses


@pytest.mark.parametrize(
    ("gate", "stay", "probe", "told", "mend"),
    [
        ("regression, of: rss, against: t, block: 1s", "7d", "1m", "with rss every 1m, 3 are at best", "block: 10s"),
        ("regression, of: rss, against: t, block: 10m, over: 2h", "7d", "1m", "and over 2h, with rss every 1m, 11", "block: 2m"),
        ("regression, of: http_latency, against: t, block: 1m", "7d", "10m", "every 10m, 19 are at best", "block: 2m"),
        ("regression, of: http_latency, against: t", "4h", "10m", "every 10m, 23", "stay.at_most: 6h with block: 10m"),
        (
            "trend, of: rss, rise_at_most: 2 %/24h",
            "24h",
            "1m",
            "a trend from 24h, and stage first lasts 24h",
            "span: 23h, or stay",
        ),
        (
            "trend, of: http_latency, rise_at_most: 2 %/24h",
            "7d",
            "2h",
            "24 pieces of 1h, and http_latency comes every 2h",
            "span: 2d",
        ),
    ],
)
def test_spells_of_time_that_a_stage_cannot_fill_are_told(gate: str, stay: str, probe: str, told: str, mend: str) -> None:
    probes = f"[{{name: api, of: http_ok, asks: GET http://127.0.0.1/prices, every: {probe}}}]"
    asked = stages(f"{{name: it, gate: {gate}, max_age: 24h}}", stay=f"{{at_least: 1h, at_most: {stay}}}")
    found = check(changed(stages=asked, probes=probes), "few-blocks", told)
    assert found.mend.startswith(mend), found.mend
    assert found.refuses


@pytest.mark.parametrize(
    ("text", "told", "mend"),
    [
        (compared("{probe: blu}"), "'blu' is no probe", "against: {probe: blue}"),
        (compared("{probe: lag}", blue=""), "'lag' is no probe", "probes: one with name: lag and beside: true"),
        (compared("{probe: blue}", blue=""), "blue is asked of the launch itself, so it would", "beside: true in the probe blue"),
        (
            compared("{probe: blue}", green=", within: 2s"),
            "green is asked with within: 2s and blue with within: 5s",
            "within: 2s in the probe blue",
        ),
        (
            compared("{probe: blue}").replace("every: 30s, beside", "every: 1m, beside"),
            "green is asked with every: 30s and blue with every: 1m",
            "every: 30s in the probe blue",
        ),
        (compared("{probe: blue}", only=", only: [gren]"), "'gren' is no probe that feeds http_latency", "only: [green]"),
        (compared("{probe: blue}", only=", only: [blue]"), "'blue' is no probe that feeds http_latency", "leave only out"),
    ],
)
def test_two_probes_that_cannot_be_compared_are_told_with_the_change_that_mends_it(text: str, told: str, mend: str) -> None:
    found = check(text, "unlike-probes", told)
    assert found.refuses
    assert found.mend.startswith(mend), found.mend


def test_two_probes_that_are_asked_alike_are_compared() -> None:
    for text in (compared("{probe: blue}"), compared("{probe: blue}", only=", only: [green]")):
        found = [each for each in findings(text) if each.rule in ("unlike-probes", "unknown-item", "unproven-gate", "few-blocks")]
        assert found == []


def test_a_probe_beside_the_launch_feeds_none_of_its_gates_and_one_that_nobody_compares_with_is_told() -> None:
    alone = compared("{probe: blue}", green=", beside: true")
    assert check(alone, "unknown-indicator", "no probe of this plan feeds http_latency").refuses
    idle = check(compared("t"), "unlike-probes", "blue asks what runs beside the launch, and no gate compares")
    assert not idle.refuses


def test_as_many_blocks_as_it_takes_are_enough() -> None:
    for stay, rule in (("310m", ""), ("309m", "few-blocks")):
        asked = stages("{name: a, gate: regression, of: rss, against: t}", stay=f"{{at_least: 1h, at_most: {stay}}}")
        found = {each.rule for each in findings(changed(stages=asked))}
        assert ("few-blocks" in found) == bool(rule), stay


def test_a_window_that_slides_until_too_much_is_asked_of_it_is_refused() -> None:
    """Of a day's 400 orders 300 are in a new beginning; over a week evidence begins 25 times, and takes 1,600 at best."""
    asked = "{name: success, gate: proportion, of: order_success, at_least: 95 %, over: OVER}"
    day, week = (stages(asked.replace("OVER", over)) for over in ("24h", "7d"))
    found = check(
        changed(stages=day, expects="{order_success: 400/d}"), "undecidable", "begins its evidence 25 times", "300 come"
    )
    assert (found.mend, found.refuses) == ("over: stage", True)
    quiet(changed(stages=week, expects="{order_success: 400/d}"), "undecidable")
    quiet(changed(stages=day, expects="{order_success: 40000/d}"), "undecidable")
