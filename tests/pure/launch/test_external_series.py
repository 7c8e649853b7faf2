"""What a launch knows from elsewhere than its trader's journal is in its own, and is judged like the trader's own series."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace
from tests.pure.launch.launches import BEGIN, Flight, plan

from fairway.journal.memory import MemoryFile, open_memory
from fairway.journal.port import Record
from fairway.launch.control import launch_events
from fairway.launch.control.decision import decide, replayed
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.control.launch_events import SamplesTaken
from fairway.launch.control.state import CODEC, launch_from
from fairway.launch.gates.kinds.paired_difference import GATE as PAIRED
from fairway.launch.gates.kinds.regression import GATE as REGRESSION
from fairway.launch.gates.port import Gate
from fairway.launch.gates.verdict import Result
from fairway.launch.observation.external_series import ExternalSeries, with_external
from fairway.launch.observation.observation import Observation
from fairway.launch.observation.sample_buffer import EVERY_NS, ROWS_MAX, SampleBuffer
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.plan.compiled_plan import CompiledGate
from fairway.launch.views.status_text import LaunchStatus, explain, status
from fairway.watch.observer import Measurement
from fairway.world.clock import MINUTE, SECOND


def noted(*values: float, at: int = BEGIN, source: str = "probe", control: bool = False, **more: int | str) -> SamplesTaken:
    noting = SampleBuffer(source, ("data_age",), is_control=control)
    noting.add(Measurement("data_age", at + number * SECOND, value) for number, value in enumerate(values))
    seen_to = int(more.get("seen_to", at + len(values) * SECOND))
    noting.stand(seen_to, int(more.get("beats", seen_to)), str(more.get("trouble", "")))
    due = noting.due(at + MINUTE)
    assert due is not None
    return due


def taken(*events: SamplesTaken) -> ExternalSeries:
    notes = ExternalSeries()
    for event in events:
        assert CODEC.decode(record_of(event)) == event
        notes.take(event)
    return notes


def record_of(event: SamplesTaken) -> Record:
    kind, version, body = CODEC.encode(event)
    return Record(1, 1, "", "pilot", kind, version, body, "")


def test_what_is_noted_is_a_series_of_the_launch_or_of_its_control() -> None:
    notes = taken(noted(1.5, 2.5), noted(7.0, source="control", control=True), noted(3.5, at=BEGIN + MINUTE))
    own, control = notes.series()["data_age"], notes.series(is_control=True)["data_age"]
    assert list(own.values) == [1.5, 2.5, 3.5]
    assert list(control.values) == [7.0]
    assert (own.watermark, own.beats) == (BEGIN + MINUTE + SECOND, BEGIN + MINUTE + SECOND)


def test_a_series_of_two_sources_is_complete_as_far_as_both_are() -> None:
    notes = taken(noted(1.0, source="one", seen_to=BEGIN + 9), noted(2.0, source="two", seen_to=BEGIN + 5, beats=BEGIN + 7))
    assert (notes.series()["data_age"].watermark, notes.series()["data_age"].beats) == (BEGIN + 5, BEGIN + 7)


def test_after_a_start_a_source_is_known_again_when_it_has_been_heard_of() -> None:
    notes = taken(noted(1.0, source="one"), noted(2.0, source="gone", seen_to=BEGIN))
    notes.begin()
    assert (notes.series()["data_age"].watermark, len(notes.series()["data_age"])) == (0, 2)
    notes.take(noted(3.0, source="one", at=BEGIN + MINUTE))
    assert notes.series()["data_age"].watermark == BEGIN + MINUTE + SECOND
    last = notes.last("gone")
    assert last is not None
    assert last.seen_to == BEGIN
    assert [each.source for each in notes.stands()] == ["one"]


def test_an_indicator_of_a_newer_release_is_passed_over() -> None:
    event = SamplesTaken(source="probe", values={"of tomorrow": ()}, seen_to=BEGIN, beats=BEGIN)
    assert taken(event).series() == {}


def test_what_the_trader_measures_itself_is_its_own_word() -> None:
    notes = taken(noted(1.0))
    own = taken(noted(5.0)).series()
    assert list(with_external(Observation(now=BEGIN, series=own), notes, {}).series["data_age"].values) == [5.0]


# -- when something is written ------------------------------------------------------------------------------------------


def test_nothing_is_written_where_nothing_is_new_and_not_each_observation_by_itself() -> None:
    noting = SampleBuffer("probe", ("data_age",))
    noting.stand(BEGIN, BEGIN)
    assert noting.due(BEGIN) is not None, "that it is there"
    assert noting.due(BEGIN + 10 * EVERY_NS) is None
    noting.add([Measurement("data_age", BEGIN + 1, 1.0), Measurement("rss", BEGIN + 1, 1.0)])
    noting.stand(BEGIN + 1, BEGIN + 1)
    assert noting.due(BEGIN + EVERY_NS - 1) is None
    event = noting.due(BEGIN + EVERY_NS)
    assert event is not None
    assert {name: len(rows) for name, rows in event.values.items()} == {"data_age": 1}
    assert noting.due(BEGIN + 3 * EVERY_NS) is None


def test_that_something_is_the_matter_is_written_at_once() -> None:
    noting = SampleBuffer("probe", ("data_age",))
    noting.stand(BEGIN, BEGIN)
    noting.due(BEGIN)
    noting.stand(BEGIN, BEGIN, "it does not answer")
    event = noting.due(BEGIN + 1)
    assert event is not None
    assert event.trouble == "it does not answer"
    assert noting.due(BEGIN + 2) is None


def test_what_is_too_much_for_one_record_goes_into_the_next_and_none_says_more_than_it_holds() -> None:
    noting = SampleBuffer("probe", ("data_age",))
    noting.add(Measurement("data_age", BEGIN + number, 1.0) for number in range(ROWS_MAX + 2))
    noting.stand(BEGIN + ROWS_MAX + 9, BEGIN + ROWS_MAX + 9)
    first, second, third = noting.due(BEGIN), noting.due(BEGIN), noting.due(BEGIN + EVERY_NS)
    assert first is not None
    assert second is not None
    assert (len(first.values["data_age"]), first.seen_to) == (ROWS_MAX, BEGIN + ROWS_MAX - 1)
    assert (len(second.values["data_age"]), second.seen_to) == (2, BEGIN + ROWS_MAX + 9)
    assert third is None
    assert len(taken(first, second).series()["data_age"]) == ROWS_MAX + 2


# -- judged, told, and made anew ----------------------------------------------------------------------------------------


def asked(gate: Gate, **settings: str) -> CompiledGate:
    return CompiledGate(settings["name"], gate, gate.settings.model_validate(settings))


PARITY = asked(PAIRED, name="parity", of="live_vs_shadow_bps", not_worse_than="3 bps", over="4h")
HOURS = 5


def pairs(value: float, until: int) -> SamplesTaken:
    noting = SampleBuffer("shadow", ("live_vs_shadow_bps",))
    noting.add(Measurement("live_vs_shadow_bps", until - (HOURS * 60 - at) * MINUTE, value) for at in range(HOURS * 60))
    noting.stand(until, until)
    due = noting.due(until)
    assert due is not None
    return due


class Written:
    """A launch whose journal is kept, beside a trader that has written nothing."""

    def __init__(self, gate: CompiledGate) -> None:
        self.plan = plan(entry=(gate,))
        self.now = BEGIN
        self.file = MemoryFile("a launch")
        self.journal = open_memory(self.file, CODEC, mode="practice", trader="main", stream="pilot")
        self.take(launch_events.LaunchBegan(plan="ramp", text="", digest="plan-1", release="", by="ann"))
        self.take(launch_events.PilotStarted(epoch=1, version="test"))

    def take(self, *events: Struct) -> None:
        self.journal.append(events, account="", author="pilot", at=self.now)
        self.journal.sync()

    def decide(self) -> tuple[Result, str]:
        events, outcome = decide(self.plan, launch_from(self.file.records), TraderProjection().observation(self.now))
        self.take(*events)
        verdict = outcome.verdicts["engine"][0]
        return verdict.result, verdict.reason.partition(":")[0]

    def replay(self, number: int, records: Sequence[Record]) -> str:
        return replayed(number, records, (), (), lambda began: self.plan, TraderProjection()).differs


def test_a_gate_judges_what_was_noted_and_says_so_where_nothing_was() -> None:
    launch = Written(PARITY)
    assert launch.decide() == (Result.ERROR, "SERIES_MISSING")
    launch.take(pairs(-2.0, BEGIN))
    assert launch.decide() == (Result.PASS, "PARITY_PROVEN")
    launch.now += 16 * MINUTE
    assert launch.decide() == (Result.STALE, "SERIES_STALE")


def test_a_decision_is_made_anew_from_what_was_noted_and_what_was_changed_there_is_found() -> None:
    launch = Written(PARITY)
    launch.decide()
    launch.take(pairs(9.0, BEGIN))
    assert launch.decide() == (Result.FAIL, "PARITY_DISPROVEN")
    records = launch.file.records
    assert [launch.replay(number, records) for number in (1, 2)] == ["", ""]
    forged = [replace(each, body=each.body.replace(b'"9"', b'"1"')) if each.kind == "SamplesTaken" else each for each in records]
    assert forged != records
    assert launch.replay(2, forged)


def test_a_control_that_was_noted_is_compared_with_and_is_in_the_digest_of_what_a_decision_rests_on() -> None:
    gate = asked(REGRESSION, name="slower", of="consumer_lag", against="control", over="4h", block="1m")
    launch = Written(gate)
    digests = []
    for control, said in (
        (None, (Result.ERROR, "CONTROL_MISSING")),
        (1.0, (Result.FAIL, "NONINFERIORITY_DISPROVEN")),
        (9.0, (Result.PASS, "NONINFERIORITY_PROVEN")),
    ):
        launch = Written(gate)
        launch.take(lags(2.0, BEGIN, "probe"))
        if control is not None:
            launch.take(lags(control, BEGIN, "control"))
        assert launch.decide() == said
        assert launch.replay(1, launch.file.records) == ""
        digests += [each.inputs for each in map(CODEC.decode, launch.file.records) if isinstance(each, launch_events.Decided)]
    assert digests[0] != digests[1]


def lags(value: float, until: int, source: str) -> SamplesTaken:
    noting = SampleBuffer(source, ("consumer_lag",), is_control=source == "control")
    noting.add(Measurement("consumer_lag", until - (HOURS * 60 - at) * MINUTE, value) for at in range(HOURS * 60 + 1))
    noting.stand(until, until)
    due = noting.due(until)
    assert due is not None
    return due


def test_a_status_tells_how_fresh_a_source_is_and_what_is_the_matter() -> None:
    flown = Flight()
    flown.take(noted(1.0, seen_to=BEGIN), noted(source="other", seen_to=0, trouble="it does not answer"))
    flown.now += 90 * SECOND
    lines = list(status(LaunchStatus(flown.plan, flown.launch, flown.observation(), {})))
    assert "probe: known until 1970-01-12T13:46:40, 1 min 30 s ago" in lines
    assert "other: nothing is known of it yet; it does not answer" in lines


def explained(flown: Flight) -> str:
    return "\n".join(
        explain(
            LaunchStatus(
                flown.plan, flown.launch, flown.observation(), verdicts_of(flown.plan, flown.launch, flown.observation())
            )
        )
    )


def test_a_gate_that_knows_nothing_says_what_is_the_matter_with_its_source_and_what_would_name_one() -> None:
    slower = asked(REGRESSION, name="slower", of="consumer_lag", against="control")
    flown = Flight(plan=plan(entry=(PARITY, slower)))
    assert "no shadow is configured: the configuration may name one,  beside: {shadow: paper.yaml}" in explained(flown)
    assert "no control is configured: the configuration may name one,  beside: {control: old.yaml}" in explained(flown)
    noting = SampleBuffer("shadow", ("live_vs_shadow_bps",))
    noting.stand(0, 0, "its disk is gone")
    due = noting.due(flown.now)
    assert due is not None
    flown.take(due)
    assert (
        "BLOCKS parity: STALE, the last measurement is too old (SERIES_STALE: age_s=never max_age=15m); shadow: its disk is gone"
        in (explained(flown))
    )
