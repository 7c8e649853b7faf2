"""Companions are followed, and what their gates ask of them is noted once, whoever dies; what is the matter with one is told."""

import asyncio

from msgspec.structs import replace
from tests.pure.launch.comparison.traders import Kept, Trader, bps, records
from tests.pure.launch.launches import plan
from tests.pure.watch.journals import START

from fairway.launch.control import launch_events
from fairway.launch.control.launch_events import SamplesTaken
from fairway.launch.control.pilot import Source
from fairway.launch.control.state import CODEC, Launch
from fairway.launch.gates.kinds.paired_difference import GATE as PAIRED
from fairway.launch.gates.kinds.regression import GATE as REGRESSION
from fairway.launch.observation.comparison.comparison_sources import (
    NOTED_EVERY_NS,
    RETRY_NS,
    Control,
    Shadow,
    asked_of_control,
    lacking,
)
from fairway.launch.observation.comparison.pairing import OF, SETTLED_NS
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledStage, CompiledTrack
from fairway.risk.limits import Limits
from fairway.world.clock import MINUTE


def slower(of: str, against: str) -> CompiledGate:
    settings = {"name": f"slower {of}", "of": of, "against": against}
    return CompiledGate(f"slower {of}", REGRESSION, REGRESSION.settings.model_validate(settings))


class Beside:
    """A launch with one source, asked at any minute; what it notes is in the launch at once, and its pilot can start anew."""

    def __init__(self) -> None:
        self.launch = Launch()
        self.take(launch_events.LaunchBegan(plan="", text="", digest="", release="r1", by="ann"), START)
        self.noted: list[SamplesTaken] = []

    def take(self, event: launch_events.LaunchEvent, at: int) -> None:
        CODEC.encode(event)
        self.launch.apply(event, at)

    def ask(self, source: Source, minute: float) -> list[SamplesTaken]:
        now = START + round(minute * MINUTE)
        found = list(asyncio.run(self._asked(source, now)))
        for each in found:
            self.take(each, now)
        self.noted += found
        return found

    async def _asked(self, source: Source, now: int) -> list[SamplesTaken]:
        return list(await source.news(self.launch, now))

    def pairs(self) -> list[float]:
        series = self.launch.external.series().get(OF)
        return [bps(value) for value in series.values] if series is not None else []


def entries(price: str, *minutes: int, release: str = "r1", until: float = 30) -> Trader:
    trader = Trader(release)
    for minute in minutes:
        trader.enter(minute, price)
    trader.beat(until)
    return trader


def test_a_shadow_is_paired_and_its_series_is_known_as_far_as_both_journals_go() -> None:
    beside = Beside()
    own, paper = Kept(records(entries("100.1", 5, 6))), Kept(records(entries("100", 5, 6, 7, until=29)))
    (noted,) = beside.ask(Shadow(own, paper, MINUTE), 30)
    assert beside.pairs() == [10.0, 10.0]
    assert (noted.seen_to, noted.beats, noted.trouble) == (START + 29 * MINUTE - SETTLED_NS, START + 29 * MINUTE, "")
    assert noted.counts == {"pairs": 2, "unpaired": 0, "unpaired of the shadow": 1}
    assert [label for _, _, label, _ in noted.values[OF]] == ["BTC/USDT", "BTC/USDT"]


def test_a_pilot_that_starts_anew_notes_no_pair_twice_and_forgets_none() -> None:
    beside = Beside()
    own, paper = Kept(records(entries("100.1", 5, 6))), Kept(records(entries("100", 5, 6, until=29)))
    beside.ask(Shadow(own, paper, MINUTE), 30)
    own.written = records(entries("100.1", 5, 6).enter(32, "100.3").beat(60))
    paper.written = records(entries("100", 5, 6, until=29).enter(32, "100").beat(60))
    beside.take(launch_events.PilotStarted(epoch=2, version="test"), START + 60 * MINUTE)
    (noted,) = beside.ask(Shadow(own, paper, MINUTE), 61)
    assert beside.pairs() == [10.0, 10.0, 30.0]
    assert noted.counts["pairs"] == 3


def test_not_even_where_the_shadow_cannot_be_read_at_the_start() -> None:
    beside = Beside()
    own, paper = Kept(records(entries("100.1", 5))), Kept(records(entries("100", 5)))
    beside.ask(Shadow(own, paper, MINUTE), 30)
    for number in range(2):
        beside.take(launch_events.PilotStarted(epoch=2 + number, version="test"), START + 31 * MINUTE)
        paper.trouble = "it is gone"
        shadow = Shadow(own, paper, MINUTE)
        (noted,) = beside.ask(shadow, 32)
        assert (noted.trouble, noted.seen_to) == ("it is gone", START + 30 * MINUTE - SETTLED_NS)
        assert (noted.beats, noted.counts["pairs"]) == (START + 30 * MINUTE, 1), "what was known is known"
    paper.trouble = ""
    beside.ask(shadow, 32 + RETRY_NS / MINUTE)
    assert beside.pairs() == [10.0]


def test_a_pair_that_was_noted_while_releases_differed_already_is_not_noted_again() -> None:
    beside = Beside()
    upgraded = entries("100.1", 5, until=6).at(7).run("r2").beat(30)
    own, paper = Kept(records(upgraded)), Kept(records(entries("100", 5)))
    for number in range(2):
        (noted,) = beside.ask(Shadow(own, paper, MINUTE), 30 + number)
        assert noted.trouble == "it runs release r1, and here r2: nothing is paired"
        assert noted.seen_to <= START + 5 * MINUTE + MINUTE, "its series grows stale"
    assert beside.pairs() == [10.0]


def test_a_shadow_of_another_release_or_with_nothing_written_is_told_and_grows_stale() -> None:
    for paper, trouble in (
        (records(entries("100", 5, release="r2")), "it runs release r2, and here r1: nothing is paired"),
        (records(entries("100", 5, release="")), "the release that the shadow runs is not known, so nothing is paired"),
        ([], "the shadow has written nothing yet"),
    ):
        beside = Beside()
        (noted,) = beside.ask(Shadow(Kept(records(entries("100", 5))), Kept(paper), MINUTE), 30)
        assert (noted.trouble, noted.seen_to) == (trouble, 0)
        assert beside.pairs() == []


def test_a_shadow_that_stops_is_noted_no_more_and_what_failed_is_not_tried_at_every_tick() -> None:
    beside = Beside()
    own, paper = Kept(records(entries("100", 5))), Kept(records(entries("100", 5)))
    shadow = Shadow(own, paper, MINUTE)
    assert len(beside.ask(shadow, 30)) == 1
    assert beside.ask(shadow, 40) == []
    paper.trouble = "it cannot be reached"
    assert [each.trouble for each in beside.ask(shadow, 41)] == ["it cannot be reached"]
    paper.trouble = ""
    retry = RETRY_NS / MINUTE
    assert beside.ask(shadow, 41 + retry / 2) == []
    assert [each.trouble for each in beside.ask(shadow, 41 + NOTED_EVERY_NS / MINUTE)] == [""]


# -- a control ----------------------------------------------------------------------------------------------------------


def test_a_control_tells_what_some_gate_compares_with_it_and_nothing_else() -> None:
    gates = (slower("signal_latency", "control"), slower("rss", "testnet-24h"), slower("consumer_lag", "control"))
    one = plan(CompiledTrack("engine", (CompiledStage("small", Limits(), gates=gates),)), entry=(slower("loop_lag", "control"),))
    assert asked_of_control(one) == ("loop_lag", "signal_latency")


def test_what_a_plan_asks_for_and_the_configuration_does_not_name_is_told() -> None:
    parity = CompiledGate("parity", PAIRED, PAIRED.settings.model_validate({"name": "parity", "not_worse_than": "3 bps"}))
    one = plan(CompiledTrack("engine", (CompiledStage("small", Limits(), gates=(parity, slower("order_ack", "control"))),)))
    told = list(lacking(one, has_shadow=False, has_control=False))
    assert [each.partition(":")[0] for each in told] == [
        "gate parity asks for live_vs_shadow_bps, and no shadow is configured",
        "gate slower order_ack compares with a control, and none is configured",
    ]
    assert len(list(lacking(one, has_shadow=True, has_control=False))) == 1
    assert list(lacking(one, has_shadow=True, has_control=True)) == []


def test_a_control_is_followed_from_the_beginning_of_the_launch_and_each_observation_is_noted_once() -> None:
    beside = Beside()
    before = Trader("old", since=START - 10 * MINUTE).enter(-5, "100", late=9)
    old = Kept(records(before.enter(5, "100", late=2).beat(6)))
    control = Control(old, ("signal_latency",))
    beside.ask(control, 7)
    old.written = records(before.enter(8, "100", late=3).beat(9))
    beside.ask(control, 10)
    beside.take(launch_events.PilotStarted(epoch=2, version="test"), START + 10 * MINUTE)
    old.written = records(before.enter(11, "100", late=4).beat(12))
    beside.ask(Control(old, ("signal_latency",)), 13)
    series = beside.launch.external.series(is_control=True)["signal_latency"]
    assert list(series.values) == [2.0, 3.0, 4.0]
    assert series.names == ("",), "nobody's account is named in another launch's journal"
    assert (series.watermark, series.beats) == (START + 12 * MINUTE, START + 12 * MINUTE)
    assert beside.launch.external.series() == {}


def test_a_record_that_cannot_be_read_is_told_and_what_came_before_it_counts_once() -> None:
    beside = Beside()
    good = records(Trader("old").enter(5, "100", late=2).beat(6).enter(7, "100", late=3).beat(8))
    broken = [
        replace(each, body=b"{}") if each.kind == "EntryPlanned" and number > 4 else each for number, each in enumerate(good)
    ]
    assert broken != good
    old = Kept(broken, page=100)
    control = Control(old, ("signal_latency",))
    (noted,) = beside.ask(control, 9)
    assert "cannot be read" in noted.trouble
    old.written = good
    (noted,) = beside.ask(control, 10)
    assert noted.trouble == ""
    assert list(beside.launch.external.series(is_control=True)["signal_latency"].values) == [2.0, 3.0]
