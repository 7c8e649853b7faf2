"""The record says GO only where nothing is missing, and names all that is; the same facts give the same bytes."""

import msgspec
from tests.pure.launch.launches import BEGIN, STAGES, Flight, at_middle, plan

from fairway.launch.control import commands as said
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.gates.registry import gate
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledTrack
from fairway.launch.plan.watching import Objective
from fairway.launch.views.event_text import event_in_words
from fairway.launch.views.record import LaunchRecord, record_of
from fairway.launch.views.record_forms import data, markdown, page
from fairway.launch.views.stakes import TraderStakes
from fairway.launch.views.status_text import LaunchStatus, explain, status
from fairway.money.fraction import Fraction
from fairway.watch.indicators import BY_NAME
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND


def told(flight: Flight) -> LaunchStatus:
    observation = flight.observation()
    return LaunchStatus(flight.plan, flight.launch, observation, verdicts_of(flight.plan, flight.launch, observation))


def record(flight: Flight) -> LaunchRecord:
    history = list(zip(flight.ats, flight.events, strict=True))
    return record_of(told(flight), history, [("the launch's journal", "abc")])


def test_what_is_missing_is_named_and_then_it_is_go() -> None:
    flight = at_middle()
    made = record(flight)
    [section] = made.sections
    assert not made.is_go
    assert [each.partition(":")[0] for each in section.missing] == [
        "two",
        "harm",
        "3 min more in this stage",
    ]
    assert len(section.waits_for) == 2
    flight.say("two", "good")
    flight.say("harm", "good")
    flight.fly(HOUR, MINUTE)
    for by, wish in flight.approve_all("large", {"owner": "bob", "risk": "carol"}):
        flight.now += MINUTE
        before = record(flight)
        assert not before.is_go
        flight.tick((by, wish))
    assert flight.track.stage == 2, "nothing was missing, so it went on"
    assert [each.claim for each in record(flight).passed] == ["passed engine/small", "passed engine/middle"]


def test_a_hold_is_a_no_go() -> None:
    flight = at_middle()
    flight.tick(("eve", said.HoldIt(reason="a <script>| smell")))
    made = record(flight)
    assert any("a <script>| smell" in each for each in made.sections[0].missing)
    text, html = markdown(made), page(made).decode()
    assert text.startswith("# NO-GO: launch of plan ramp\n")
    assert "&lt;script>\\| smell" in text
    assert "<script>" not in html
    assert "&lt;script&gt;| smell" in html


def test_the_same_record_gives_the_same_bytes() -> None:
    one, two = record(at_middle()), record(at_middle())
    assert (markdown(one), page(one), data(one)) == (markdown(two), page(two), data(two))
    assert msgspec.json.decode(data(one))["plan"] == "ramp"


def test_status_and_explain_say_where_it_is_and_what_is_missing() -> None:
    flight = at_middle()
    lines = list(status(told(flight)))
    assert lines[1].startswith("engine: stage middle (2 of 3), dwelling for ")
    assert "gates: 0 of 2 pass; two INSUFFICIENT, harm INSUFFICIENT" in lines[2]
    people = "approvals: 1 more as owner (0 of 1 given), 1 more as risk (0 of 1 given)"
    assert lines[-1] == f"  next: large, which needs two, harm; 3 min more; {people}"
    flight.cap("unexplained USDT")
    flight.fly(MINUTE)
    assert list(status(told(flight)))[-1].endswith("; an end of what holds it")
    words = "\n".join(explain(told(flight)))
    assert "the clock stands while it is held" in words
    assert "BLOCKS two: INSUFFICIENT, SAID: word=nothing" in words
    assert "held since" in words
    assert "main opens nothing: because; lifted by a person (fairway caps)" in words


def test_every_event_of_a_launch_has_words_or_is_the_pilots_own() -> None:
    flight = at_middle()
    flight.cap("kill account")
    flight.fly(MINUTE)
    silent = {type(each).__name__ for each in flight.events if not event_in_words(each)}
    assert silent == {"LeaseIssued", "VenueChecked", "AccountsSeen"}


def test_budgets_say_how_much_is_spent_or_why_nobody_knows() -> None:
    of = "order_success"
    success = Objective(name="success", of=of, at_least=Fraction.parse("99 %"), within=30 * DAY)
    calls = Objective(name="calls", of="venue_api", at_least=Fraction.parse("99 %"), within=30 * DAY)
    flight = Flight(plan=plan(CompiledTrack("engine", STAGES), objectives=(success, calls)))
    growing = SeriesBuilder(BY_NAME[of])
    for number in range(200):
        growing.add(BEGIN + number * MINUTE, float(number != 7))
    flight.now = BEGIN + 200 * MINUTE
    flight.series = {of: growing.series(watermark=flight.now, beats=flight.now)}
    assert list(record(flight).budgets) == [
        "success: 50 % of its budget is spent, by 200 observations",
        "calls: unknown, nothing measures venue_api here",
    ]
    assert "## Budgets" in markdown(record(flight))


def test_a_launch_that_nobody_flies_says_so_first() -> None:
    flight = at_middle()
    assert not any("NO PILOT FLIES" in line for line in status(told(flight)))
    flight.now += MINUTE
    assert "NO PILOT FLIES: its last lease ended 1970-01-12T" in list(status(told(flight)))[1]
    assert next(iter(explain(told(flight)))).startswith("NO PILOT FLIES")
    flight.cap("unexplained USDT")
    flight.fly(5 * MINUTE)
    assert not any("NO PILOT FLIES" in line for line in status(told(flight))), "it issues no lease, and lives"


def test_a_venue_that_is_not_seen_is_told_before_the_launch_is_held_for_it() -> None:
    flight = at_middle()
    flight.is_seen = False
    flight.fly(100 * SECOND)
    assert not any("NOT SEEN" in line for line in status(told(flight)))
    flight.fly(20 * SECOND)
    assert not flight.launch.holds
    [line] = [line for line in explain(told(flight)) if "NOT SEEN" in line]
    assert line.startswith("THE VENUE IS NOT SEEN since 1970-01-12T")
    assert line.endswith("for 2 min; stops and targets rest there. What the trader knows of it: fairway caps CONFIG")


def test_a_silent_trader_is_told_before_the_launch_is_held_for_it() -> None:
    """A trader that lives writes each minute; the hold comes after two and a half, and the operator has looked by then."""
    flight = at_middle()
    flight.silent_ns = 75 * SECOND
    assert not any("SILENT" in line for line in status(told(flight)))
    flight.silent_ns += SECOND
    for lines in (status, explain):
        [line] = [line for line in lines(told(flight)) if "SILENT" in line]
        assert line.startswith("THE TRADER IS SILENT since 1970-01-12T")
        assert "for 1 min 16 s; stops and targets rest at the exchange. If none runs: fairway run CONFIG;" in line


def test_a_launch_that_was_given_up_explains_its_way_back_alone() -> None:
    flight = at_middle()
    flight.tick(("eve", said.Abort(reason="enough")))
    first, second, *rest = explain(told(flight))
    assert "aborted" in first
    assert second.startswith("  it was given up: nothing is opened")
    assert (rest[0], len(rest)) == ("the way back, in this order:", 7)


def test_who_signs_sees_that_people_alone_are_missing() -> None:
    flight = at_middle()
    flight.say("two", "good")
    flight.say("harm", "good")
    flight.fly(HOUR, MINUTE)
    made = record(flight)
    assert (made.verdict, made.is_go) == ("READY, WAITING FOR APPROVAL", False)
    assert made.sections[0].missing == []
    assert [each.partition(":")[0] for each in made.sections[0].waits_for] == ["approval", "approval"]
    text, html = markdown(made), page(made).decode()
    assert text.startswith("# READY, WAITING FOR APPROVAL: launch of plan ramp\n")
    assert "Nothing is missing but people.\n- waiting for approval: 1 more as owner" in text
    assert '<span class="word wait">READY, WAITING FOR APPROVAL</span>' in html
    flight.say("harm", "bad")
    flight.fly(MINUTE)
    assert record(flight).verdict == "NO-GO", "people do not make up for what is missing"


def test_the_record_says_what_is_at_stake_now_and_next() -> None:
    flight = at_middle()
    now = told(flight)
    live = LaunchStatus(now.plan, now.launch, now.observation, now.verdicts, is_live=True)
    made = record_of(live, [], [], TraderStakes("live", "binance"))
    assert (made.mode, made.venue, made.accounts) == ("LIVE: real money", "binance", "1 account: main")
    [section] = made.sections
    bounds = "real money: NO BOUND on what may be lost"
    assert section.at_risk_now == f"{bounds}, no bound on capital; each account: capital 300 USDT"
    assert section.at_risk_next == f"{bounds}, 1000 USDT of capital in all; each account: capital 1000 USDT"
    paper = record_of(now, [], [], TraderStakes("practice", "binance at http://127.0.0.1:9100"))
    assert paper.mode == "paper: a practice exchange, no real money"
    assert paper.sections[0].at_risk_next == "no real money; each account: capital 1000 USDT"
    for made in (record_of(live, [], [], TraderStakes("live", "binance")), paper):
        for written in (markdown(made), page(made).decode()):
            assert all(each in written for each in (made.mode, made.venue, made.accounts, made.sections[0].at_risk_now))


def test_the_record_says_what_was_won_and_lost_so_far() -> None:
    flight = at_middle()
    assert record(flight).results == ["unknown: nothing measures results here yet"]
    growing = SeriesBuilder(BY_NAME["trade_pnl"])
    for number, result in enumerate((3.5, -1.25, -1.0)):
        growing.add(flight.now - (3 - number) * SECOND, result, f"account {number}")
    flight.series = {"trade_pnl": growing.series(watermark=flight.now, beats=flight.now)}
    whole = "+1.25 net in the quote asset by 3 round trips; the accounts with a loss lost 2.25 in all"
    assert record(flight).results[0] == f"since the first stage: {whole}"
    assert f"- result: in stage middle: {whole}" in markdown(record(flight))
    idle = Flight()
    assert record(idle).results == ["nothing was traded: no stage was entered yet"]


def test_what_is_only_not_disproven_stands_apart_from_what_is_proven() -> None:
    proportion, trades = gate("proportion"), {"of": "order_success", "at_least": "95 %"}
    weak = proportion.settings.model_validate({"name": "weak", "strength": "not_disproven", "at_least_n": "30", **trades})
    strong = proportion.settings.model_validate({"name": "strong", "strength": "proven", **trades})
    entry = (CompiledGate("weak", proportion, weak), CompiledGate("strong", proportion, strong))
    made = record(Flight(plan=plan(CompiledTrack("engine", STAGES), entry=entry)))
    [section] = made.sections
    assert ([each.name for each in section.claims], [each.name for each in section.not_disproven]) == (["strong"], ["weak"])
    assert "| gate that is not disproven, and not proven | result" in markdown(made)
    assert "Gates that are not disproven, and not proven" in page(made).decode()
