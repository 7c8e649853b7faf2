"""What holds of every gate: it is found, it is proven to block, it asks in the same order, and it says the same again."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError
from tests.pure.launch.gates.facts import NOW, facts, judged, mixed, series

from fairway.launch.gates.proof import MUTATIONS, proof_of
from fairway.launch.gates.registry import UnknownGate, example_of, gate, installed
from fairway.launch.gates.verdict import Result
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

GATES = installed().plugins


def test_all_that_is_in_the_house_can_be_used() -> None:
    assert installed().broken == []
    with pytest.raises(UnknownGate, match="there is no gate 'proportoin'; there are: "):
        gate("proportoin")


@pytest.mark.parametrize("name", GATES)
def test_each_passes_what_is_flawless_and_blocks_when_anything_is_wrong(name: str) -> None:
    proof = proof_of(GATES[name], example_of(GATES[name])[1])
    assert proof.gaps == []
    assert "failing facts" in proof.blocked
    assert GATES[name].indicators(example_of(GATES[name])[1]) == () or {"no series", "a stale series"} <= proof.blocked.keys()


@pytest.mark.parametrize("name", GATES)
def test_each_says_the_same_of_the_same_facts(name: str) -> None:
    """To the last byte, whatever it kept from the first look."""
    found = GATES[name]
    _, settings = example_of(found)
    once = found.passing_facts(settings)
    first = found.judge(settings, once)
    assert found.judge(settings, once) == first == found.judge(settings, found.passing_facts(settings))
    assert len(first.digest) == 64
    assert first.digest != found.judge(settings, found.failing_facts(settings)).digest


def test_one_that_cannot_block_is_found_out() -> None:
    """A gate that always says PASS is proven by nothing."""
    found = gate("proportion")
    _, settings = example_of(found)
    passed = found.judge(settings, found.passing_facts(settings))
    lazy = replace(found, judge=lambda settings, facts: passed)
    assert proof_of(lazy, settings).gaps[0] == "passes with failing facts"
    assert not proof_of(lazy, settings).is_proven
    never = replace(found, judge=lambda settings, facts: found.judge(settings, found.failing_facts(settings)))
    assert proof_of(never, settings).gaps[0].startswith("does not pass the facts made to pass: SHARE_DISPROVEN")


def test_mutations_are_not_the_flawless_facts() -> None:
    """Each mutation changes something of at least one gate."""
    changed = set()
    for found in GATES.values():
        _, settings = example_of(found)
        changed |= set(proof_of(found, settings).blocked)
    assert changed <= MUTATIONS.keys()


def test_a_hole_leaves_the_other_rows_as_they_are() -> None:
    """Each with its value, its label, and how many observations it stands for: a tenth is missing, in the middle."""
    found = gate("invariant")
    settings = example_of(found)[1]
    labels = [f"part {number % 3}" for number in range(60)]
    rows = replace(series("reconciled", [1.0] * 30 + [0.0] * 30, labels=labels), counts=np.arange(1, 61))
    holed = MUTATIONS["a hole"](found, settings, facts(rows))
    assert holed is not None
    assert _rows_of(holed.series["reconciled"]) == _rows_of(rows)[:27] + _rows_of(rows)[33:]


def _rows_of(of: Series) -> list[tuple[int, float, str, int]]:
    assert of.counts is not None
    return [
        (int(at), float(value), of.names[label], int(count))
        for at, value, label, count in zip(of.ats, of.values, of.labels, of.counts, strict=True)
    ]


# -- the order in which a series is asked about --------------------------------------------------------------------------


def check(result: Result, reason: str, *, at_least_n: int = 30, missing: int | None = None, **changes: object) -> None:
    """810 flawless orders, with this changed: of the facts, or of the series."""
    orders = series("order_success", mixed(810, 0))
    mine = {key: changes.pop(key) for key in ("watermark", "beats") if key in changes}
    settings = {key: changes.pop(key) for key in ("over", "max_age", "sustain") if key in changes}
    seen = replace(facts(replace(orders, **mine)), **changes)  # type: ignore[arg-type]
    said = judged("proportion", seen, of="order_success", at_least="95 %", at_least_n=at_least_n, **settings)
    assert (said.result, said.reason.partition(" looked_at")[0], said.missing) == (result, reason, missing)


def test_an_old_series_is_stale_and_a_dead_source_too() -> None:
    good = "SHARE_PROVEN: n=810 good=810 share=1 at_least=0.95"
    check(Result.PASS, good)
    check(Result.PASS, good, now=NOW + 15 * MINUTE)
    check(Result.STALE, "SERIES_STALE: age_s=900 max_age=15m", now=NOW + 15 * MINUTE + 1)
    check(Result.STALE, "SERIES_STALE: age_s=never max_age=15m", watermark=0)
    check(Result.STALE, "SOURCE_SILENT: silent_s=never max_age=15m", beats=0)
    check(Result.STALE, "SOURCE_SILENT: silent_s=900 max_age=15m", beats=NOW - 15 * MINUTE - SECOND // 2)
    check(Result.PASS, good, max_age="1h", now=NOW + 15 * MINUTE + 1)


def test_nothing_is_said_of_too_few() -> None:
    check(Result.INSUFFICIENT, "OBSERVATIONS_FEW: n=810 at_least_n=811", at_least_n=811, missing=1)
    check(Result.ERROR, "SERIES_MISSING: of=order_success", series={})


def test_a_window_is_whole_or_says_nothing() -> None:
    """What began less than seven days ago cannot speak for seven days."""
    check(Result.INSUFFICIENT, "WINDOW_SHORT: over=7d", over="7d", since=NOW - 7 * DAY + 1)
    check(Result.PASS, "SHARE_PROVEN: n=810 good=810 share=1 at_least=0.95", over="7d", since=NOW - 7 * DAY)


@pytest.mark.parametrize(
    ("share", "release_since", "more", "result"),
    [
        (1, NOW - 7 * DAY, {}, Result.PASS),
        (1, NOW - 7 * DAY + 1, {}, Result.INSUFFICIENT),
        (1, NOW - 7 * DAY, {"sustain": "10m"}, Result.INSUFFICIENT),
        (1, NOW - HOUR, {"over": "stage"}, Result.PASS),
        (0, NOW - HOUR, {}, Result.FAIL),
    ],
)
def test_what_another_release_did_speaks_against_this_one_and_not_for_it(
    share: int, release_since: int, more: dict[str, str], result: Result
) -> None:
    """Else seven good days of the old release would promote the new one after an hour."""
    seen = facts(series("order_success", [share] * 200, step=DAY // 10), release_since=release_since)
    settings = {"of": "order_success", "at_least": "80 %", "strength": "not_disproven", "at_least_n": 10, "over": "7d", **more}
    said = judged("proportion", seen, **settings)
    assert said.result is result
    assert (said.reason == "WINDOW_OF_ANOTHER_RELEASE: over=7d") == (result is Result.INSUFFICIENT)


def test_only_what_is_complete_is_judged() -> None:
    """What came after the watermark may not be all there was."""
    check(
        Result.PASS,
        "SHARE_PROVEN: n=800 good=800 share=1 at_least=0.95",
        watermark=NOW - 10 * MINUTE // 60,
    )


def test_values_that_cannot_be_are_an_error() -> None:
    for value in (float("nan"), 0.5, -1.0, 2.0):
        seen = facts(series("order_success", [*mixed(99, 0), value]))
        assert judged("proportion", seen, of="order_success", at_least="95 %").reason == "VALUES_IMPOSSIBLE: n=1"


def test_an_impossible_value_of_before_the_window_spoils_nothing() -> None:
    orders = series("order_success", [float("nan"), *mixed(800, 0)])
    said = judged("proportion", facts(orders, since=NOW - 800 * SECOND), of="order_success", at_least="95 %")
    assert said.reason.startswith("SHARE_PROVEN: n=800 good=800")


def test_a_hole_of_more_than_one_in_twenty_says_nothing() -> None:
    def covered(of: int) -> Result:
        held = series("reconciled", [1.0] * of, step=MINUTE)
        return judged("invariant", facts(held, since=NOW - 100 * MINUTE), of="reconciled").result

    assert covered(95) is Result.PASS
    assert covered(94) is Result.INSUFFICIENT


def test_sustained_means_at_every_point() -> None:
    """800 good orders were enough; for twelve minutes more it must stay so."""

    def said(good: int) -> str:
        seen = facts(series("order_success", mixed(good, 0), step=MINUTE), since=NOW - DAY)
        return judged("proportion", seen, of="order_success", at_least="95 %", sustain="12m").reason

    assert said(799).startswith("SHARE_DEPENDENT")
    assert said(800) == "SUSTAIN_SHORT: held_s=0 sustain_s=720"
    assert said(805) == "SUSTAIN_SHORT: held_s=300 sustain_s=720"
    assert said(811) == "SUSTAIN_SHORT: held_s=660 sustain_s=720"
    assert said(812).startswith("SHARE_PROVEN")


@pytest.mark.parametrize(
    ("name", "of", "settings", "passes"),
    [
        ("zero_events", "alerts", {}, "EVENTS_NONE: of=alerts only=all"),
        ("count", "incidents", {"at_most": "1"}, "COUNT_KEPT: n=0 at_most=1"),
    ],
)
@pytest.mark.parametrize(("over", "whole"), [("stage", 10 * MINUTE), ("1h", 70 * MINUTE)])
def test_of_the_time_before_the_stage_nothing_is_known(
    name: str, of: str, settings: dict[str, str], passes: str, over: str, whole: int
) -> None:
    """That nothing happened must have been seen at every point: ten minutes of it take ten minutes, and a window before each."""

    def said(age: int) -> str:
        seen = facts(series(of, []), since=NOW - age)
        return judged(name, seen, of=of, over=over, sustain="10m", **settings).reason

    assert said(whole - 9 * MINUTE) == "SUSTAIN_SHORT: held_s=50 sustain_s=600"
    assert said(whole) == ("SUSTAIN_SHORT: held_s=550 sustain_s=600" if over == "stage" else passes)
    assert said(whole + 1) == passes


def test_each_point_is_judged_by_a_window_of_the_same_length() -> None:
    """An hour of minutes ends at each; all are sixty observations, and all from after the bad ones."""
    orders = series("order_success", mixed(72, 60), step=MINUTE)
    asked = {"of": "order_success", "at_least": "95 %", "strength": "not_disproven", "over": "1h", "sustain": "12m"}
    assert judged("proportion", facts(orders), at_least_n=60, **asked).reason.startswith("SHARE_NOT_DISPROVEN: n=60 good=60")
    assert judged("proportion", facts(orders), at_least_n=61, **asked).reason.startswith("OBSERVATIONS_FEW: n=60")
    fewer = series("order_success", mixed(71, 3), step=MINUTE)
    said = judged("invariant", facts(fewer, since=NOW - DAY), of="order_success", over="1h", sustain="12m")
    assert said.reason == "SUSTAIN_SHORT: held_s=660 sustain_s=720"


def test_settings_say_what_is_wrong_with_them() -> None:
    def refused(gate: str, /, **settings: str) -> str:
        with pytest.raises(ValidationError) as caught:
            judged(gate, facts(), **settings)
        (error,) = caught.value.errors()
        return str(error.get("ctx", {}).get("what") or error.get("ctx", {}).get("error") or error["msg"])

    assert refused("proportion", of="order_sucess", at_least="95 %").startswith(
        "'order_sucess' is no indicator; there are order_success"
    )
    assert refused("proportion", of="order_ack", at_least="95 %").startswith(
        "'order_ack' measures seconds, which this gate cannot judge; it can"
    )
    assert refused("proportion", of="order_success", at_least="100 %") == (
        "'100 %' must be above 0 % and below 100 %; for every single one take the gate invariant"
    )
    assert refused("quantile", of="order_ack", q="95 %", at_most="500 bps") == "'500 bps' is not in s but in bps"
    assert refused("proportion", of="order_success", at_least="95 %", strength="not_disproven") == (
        "is missing: with strength not_disproven the first observation would pass"
    )
    assert refused("count", of="round_trips").startswith("stands alone, and so does at_most")
    assert refused("count", of="reconciled", distinct="true", at_least="2") == "counts labels, and reconciled bears none"


GROWN = (
    ("quantile", {"of": "order_ack", "q": "50 %", "at_most": "500 ms"}),
    ("mean", {"of": "order_ack", "at_most": "800 ms", "tail": {"q": "50 %", "at_most": "900 ms"}}),
    ("regression", {"of": "order_ack", "against": "control", "block": "30m"}),
    ("trend", {"of": "order_ack", "rise_at_most": "1 s/24h", "span": "24h"}),
    ("report_only", {"of": "order_ack"}),
)


@pytest.mark.parametrize(("name", "settings"), GROWN)
@pytest.mark.parametrize("over", ["stage", "30h"])
def test_a_look_reads_only_what_is_new(name: str, settings: dict[str, object], over: str) -> None:
    """A series that grew between looks gives, to the last digit, what the same series gives when it is read at once."""
    growing = SeriesBuilder(BY_NAME["order_ack"])
    values = [0.001 + 0.001 * (number * 7919 % 1000) for number in range(5000)]
    for number, value in enumerate(values):
        until = NOW - (4999 - number) * MINUTE
        growing.add(until, value)
        if number % 700 == 699:
            grown = growing.series(watermark=until, beats=until)
            fresh = series("order_ack", values[: number + 1], step=MINUTE, until=until)
            said = [
                judged(name, facts(seen, now=until, controls={"order_ack": fresh}), over=over, **settings)
                for seen in (grown, fresh)
            ]
            assert said[0] == said[1]


def test_a_row_that_comes_late_is_counted_where_it_belongs() -> None:
    """What was remembered of the rows after it is reckoned anew."""
    growing = SeriesBuilder(BY_NAME["order_ack"])
    for number in range(3000):
        growing.add(NOW - (3000 - number) * MINUTE, 0.1)
    settings = {"of": "order_ack", "q": "50 %", "at_most": "500 ms"}
    before = judged("quantile", facts(growing.series(watermark=NOW, beats=NOW)), **settings)
    growing.add(NOW - 2999 * MINUTE, 9.0)
    after = judged("quantile", facts(growing.series(watermark=NOW, beats=NOW)), **settings)
    assert (before.numbers["n"], before.numbers["good"]) == ("3000", "3000")
    assert (after.numbers["n"], after.numbers["good"]) == ("3001", "3000")
    assert before.digest != after.digest


def test_a_digest_is_of_all_that_was_judged_by() -> None:
    """Another setting, another release, another window, another value or one more observation: another digest."""
    orders = series("order_success", mixed(120, 0))
    settings = {"of": "order_success", "at_least": "95 %"}

    def digest(seen: Series = orders, more: dict[str, str] | None = None, **changes: object) -> str:
        return judged("proportion", replace(facts(seen), **changes), **{**settings, **(more or {})}).digest  # type: ignore[arg-type]

    digests = [
        digest(),
        digest(more={"at_least": "96 %"}),
        digest(release="other"),
        digest(since=NOW - DAY),
        digest(now=NOW - 30 * SECOND),
        digest(release_since=NOW - HOUR),
        digest(release_since=NOW - 2 * HOUR),
        digest(series("order_success", mixed(119, 1))),
        digest(series("order_success", mixed(121, 0))),
        digest(series("order_success", mixed(120, 0), step=2 * SECOND)),
        digest(series={}),
    ]
    assert len(set(digests)) == len(digests)
    assert digest() == digests[0]
    assert digest()[:16] == "e721408cf687874a", "as it ever was: a decision that was journaled once must be found again"


def test_that_nothing_happened_is_digested_with_the_instant_until_which_it_did_not() -> None:
    quiet = [replace(series("alerts", []), watermark=NOW - age, beats=NOW) for age in (0, SECOND)]
    assert len({judged("zero_events", facts(each), of="alerts").digest for each in quiet}) == 2


@pytest.mark.parametrize(("first", "whole"), [(0, True), (1, False)])
def test_one_observation_as_old_as_the_window_makes_it_whole(first: int, whole: bool) -> None:
    """Though the stage is younger: somebody watched when the window began."""
    rows = replace(series("order_success", [1.0], until=NOW - HOUR + first), watermark=NOW, beats=NOW)
    said = judged("report_only", facts(rows, since=NOW - MINUTE), of="order_success", over="1h")
    assert (said.reason == "WINDOW_SHORT: over=1h") is not whole
