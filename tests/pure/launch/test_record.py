"""The record says GO only where nothing is missing, and names all that is; the same facts give the same bytes."""

import msgspec
from tests.pure.launch.launches import BEGIN, STAGES, Flight, at_middle, course

from fairway.launch import instructions as said
from fairway.launch.course import Route
from fairway.launch.happened import event_in_words
from fairway.launch.plan.watching import Objective
from fairway.launch.record import Record, data, markdown, page, record_of
from fairway.launch.tick import verdicts_of
from fairway.launch.words import Told, explain, status
from fairway.money.fraction import Fraction
from fairway.watch.growing import Growing
from fairway.watch.indicators import BY_NAME
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND


def told(flight: Flight) -> Told:
    sight = flight.sight()
    return Told(flight.course, flight.launch, sight, verdicts_of(flight.course, flight.launch, sight))


def record(flight: Flight) -> Record:
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
        "approval",
        "approval",
    ]
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
    assert silent == {"LeaveGiven", "VenueSeen", "AccountsSeen"}


def test_budgets_say_how_much_is_spent_or_why_nobody_knows() -> None:
    of = "order_success"
    success = Objective(name="success", of=of, at_least=Fraction.parse("99 %"), within=30 * DAY)
    calls = Objective(name="calls", of="venue_api", at_least=Fraction.parse("99 %"), within=30 * DAY)
    flight = Flight(course=course(Route("engine", STAGES), objectives=(success, calls)))
    growing = Growing(BY_NAME[of])
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
    assert not any("NO PILOT FLIES" in line for line in status(told(flight))), "it gives no leave, and lives"


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
