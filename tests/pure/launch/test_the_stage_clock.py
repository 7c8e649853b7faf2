"""A stage's clock runs only while its trader lives, is heard, and may open positions."""

import pytest
from tests.pure.launch.launches import MIDDLE, STAGES, Flight, at_middle, plan

from fairway.journal.account_permissions import AccountPermissions
from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.control.lifecycle import GatesPassed, StageEntered
from fairway.launch.control.stage_clock import shut_by
from fairway.launch.control.state import Launch
from fairway.launch.plan.compiled_plan import REDUCE_ONLY, CompiledTrack
from fairway.launch.plan.watching import Objective
from fairway.launch.views.status_text import LaunchStatus, explain, status
from fairway.proving.scripted_gate import asked
from fairway.risk.caps import held, paused
from fairway.watch.indicators import BY_NAME
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND


def pause(flight: Flight, account: str = "main") -> None:
    """A person pauses one account: no trouble of the launch, so nothing holds it."""
    flight.caps.setdefault(account, {})["paused"] = paused("holiday", "bob", flight.now)


def resume(flight: Flight, account: str = "main") -> None:
    del flight.caps[account]["paused"]


def lifted(flight: Flight) -> list[str]:
    return [f"{each.hold_id}: {each.why}" for each in flight.events if isinstance(each, launch_events.HoldLifted)]


def test_no_stage_is_entered_two_minutes_after_its_trader_has_died() -> None:
    flight = Flight()
    flight.fly(2 * HOUR)
    flight.die()
    flight.fly(2 * MINUTE)
    flight.say("one", "good")
    flight.fly(HOUR)
    assert flight.where == (0, "dwelling")


def test_no_first_stage_is_entered_two_minutes_after_its_trader_has_died() -> None:
    flight = Flight(plan=plan(CompiledTrack("engine", STAGES), entry=(asked("safe"),)))
    flight.tick()
    flight.die()
    flight.fly(2 * MINUTE)
    flight.say("safe", "good")
    flight.fly(HOUR)
    assert flight.where == (-1, "armed")


def test_time_without_a_trader_does_not_count_from_its_last_word_on() -> None:
    flight = Flight()
    flight.fly(30 * MINUTE)
    served = flight.track.served_ns(flight.now)
    flight.die()
    flight.fly(5 * HOUR)
    assert flight.track.served_ns(flight.now) <= served, "to the second in which it died"
    flight.come_back()
    flight.fly(MINUTE)
    flight.say("one", "good")
    flight.fly(27 * MINUTE)
    assert flight.where == (0, "dwelling")
    flight.fly(4 * MINUTE)
    assert flight.where == (1, "dwelling")


def test_a_paused_trader_is_promoted_by_no_amount_of_time() -> None:
    flight = Flight()
    flight.fly(MINUTE)
    pause(flight)
    flight.say("one", "good")
    flight.fly(10 * DAY, 10 * MINUTE)
    assert flight.where == (0, "dwelling")
    assert not flight.launch.holds, "a pause is a person's own, and no trouble"
    resume(flight)
    flight.fly(58 * MINUTE)
    assert flight.where == (0, "dwelling")
    flight.fly(4 * MINUTE)
    assert flight.where == (1, "dwelling")


def test_gates_do_not_pass_and_no_stage_is_entered_while_the_trader_is_paused_though_the_time_is_over() -> None:
    flight = Flight()
    flight.fly(2 * HOUR)
    pause(flight)
    flight.say("one", "good")
    flight.fly(HOUR)
    assert not [each for each in flight.events if isinstance(each, GatesPassed)]
    assert [each.stage for each in flight.events if isinstance(each, StageEntered)] == [0]


def test_a_pause_of_one_account_among_many_stops_no_clock_and_of_one_in_four_does() -> None:
    flight = Flight(accounts=tuple(f"a{each}" for each in range(8)))
    flight.fly(MINUTE)
    pause(flight, "a1")
    flight.fly(MINUTE)
    assert not flight.track.stopped
    pause(flight, "a2")
    flight.fly(MINUTE)
    assert flight.track.stopped.startswith("a1 and 1 more: nothing may be opened: paused by bob")


def test_a_pause_of_every_symbol_is_a_pause_of_the_account() -> None:
    cap = held("BTC/USDT", "look", 0)
    assert not shut_by(AccountPermissions({cap.id: cap}, symbols=("BTC/USDT", "ETH/USDT")))
    assert shut_by(AccountPermissions({cap.id: cap}, symbols=("BTC/USDT",))) == cap
    assert not shut_by(AccountPermissions({cap.id: cap})), "it is not known what it trades"


def test_a_trader_that_takes_no_lease_stops_the_clock_before_it_counts_as_silent() -> None:
    """It writes, and yet it opens nothing: leases that it does not take have run out."""
    flight = Flight()
    flight.fly(10 * MINUTE)
    flight.takes_leases = False
    flight.fly(90 * SECOND)
    assert "no lease was taken" in flight.track.stopped
    assert flight.track.served_ns(flight.now) <= 10 * MINUTE


def test_a_hold_for_a_dead_trader_stays_until_something_newer_is_heard_of_it() -> None:
    flight = at_middle()
    flight.die()
    flight.fly(6 * HOUR)
    assert {"blind trader"} <= set(flight.launch.holds)
    assert lifted(flight) == [], "it is dead all the time"
    flight.come_back()
    flight.fly(2 * MINUTE)
    assert not flight.launch.holds
    [told] = [each for each in lifted(flight) if each.startswith("blind trader")]
    assert "the trader was heard again" in told


def test_a_hold_for_a_lease_that_is_not_taken_stays_until_one_is_taken() -> None:
    flight = at_middle()
    flight.takes_leases = False
    flight.launch.epoch += 1
    flight.fly(2 * HOUR)
    assert "blind lease" in flight.launch.holds
    assert lifted(flight) == []
    assert flight.limits == REDUCE_ONLY
    flight.takes_leases = True
    flight.fly(2 * MINUTE)
    assert lifted(flight) == ["blind lease: the lease was taken"]
    assert flight.limits == MIDDLE


def test_a_hold_of_a_dead_trader_that_was_approved_late_says_nothing_of_a_reason_that_is_gone() -> None:
    """It dies with its gates passed; the approvals come two minutes later."""
    flight = at_middle()
    flight.say("two", "good")
    flight.say("harm", "good")
    flight.fly(2 * HOUR)
    assert flight.where == (1, "ready")
    flight.die()
    flight.fly(2 * MINUTE)
    flight.tick(*flight.approve_all("large", {"owner": "bob", "risk": "carol"}))
    flight.fly(HOUR)
    assert flight.where == (1, "ready")
    assert lifted(flight) == []


def test_a_trouble_of_the_trader_is_not_known_to_be_gone_while_it_is_dead() -> None:
    """Its pilot reads late that the cap is gone; the trader is dead by then."""
    flight = at_middle()
    flight.cap("guard errors")
    flight.fly(MINUTE)
    flight.die()
    flight.fly(MINUTE + 20 * SECOND)
    flight.caps.clear()
    flight.fly(HOUR)
    assert "cause guard errors" in flight.launch.holds
    flight.come_back()
    flight.fly(MINUTE)
    assert "cause guard errors" not in flight.launch.holds


def test_a_budget_that_burns_is_not_put_out_by_the_death_of_what_measures_it() -> None:
    burn = {"spent": "2 %", "within": "1h", "does": "hold"}
    told = {"name": "orders", "of": "order_success", "at_least": "99 %", "within": "30d", "burns": [burn]}
    objective = Objective.model_validate(told)
    flight = Flight(plan=plan(objectives=(objective,)))
    flight.fly(10 * MINUTE)
    growing = SeriesBuilder(BY_NAME["order_success"])
    for _ in range(20):
        growing.add(flight.now, 0.0)
    flight.series = {"order_success": growing.series(watermark=flight.now, beats=flight.now)}
    flight.fly(MINUTE)
    [hold_id] = [each for each in flight.launch.holds if each.startswith("cause alarm")]
    flight.die()
    flight.fly(5 * HOUR, MINUTE)
    assert hold_id in flight.launch.holds


def test_status_and_explain_say_why_the_clock_stands() -> None:
    flight = Flight()
    flight.fly(10 * MINUTE)
    pause(flight)
    flight.fly(MINUTE)
    told = LaunchStatus(
        flight.plan, flight.launch, flight.observation(), verdicts_of(flight.plan, flight.launch, flight.observation())
    )
    assert any("it stands: main: nothing may be opened: paused by bob: holiday" in line for line in status(told))
    assert any("the clock stands: main: nothing may be opened: paused by bob: holiday" in line for line in explain(told))


def test_a_word_for_promotion_is_told_that_the_clock_stands() -> None:
    flight = at_middle()
    flight.say("two", "good")
    flight.say("harm", "good")
    flight.fly(2 * HOUR)
    assert flight.where == (1, "ready")
    pause(flight)
    flight.fly(MINUTE)
    flight.tick(("eve", said.Promote(reason="on we go")))
    refused = [each.refused for each in flight.events if isinstance(each, launch_events.InstructionAnswered)]
    assert refused[-1].startswith("CLOCK_STANDS: track=engine")


def test_a_clock_that_stands_is_read_from_the_journal_as_it_was() -> None:
    flight = Flight()
    flight.fly(10 * MINUTE)
    flight.die()
    flight.fly(HOUR)
    flight.come_back()
    flight.fly(10 * MINUTE)
    pause(flight)
    flight.fly(10 * MINUTE)
    launch = Launch()
    for event, at in zip(flight.events, flight.ats, strict=True):
        launch.apply(event, at)
    assert launch.track("engine") == flight.track
    assert len(flight.track.pauses) == 1


@pytest.mark.parametrize("lasts", [20 * SECOND, 60 * SECOND])
def test_a_trader_that_writes_once_a_minute_stops_no_clock(lasts: int) -> None:
    flight = Flight()
    flight.fly(MINUTE)
    flight.silent_ns = lasts
    flight.fly(10 * MINUTE)
    assert "ClockStopped" not in flight.kinds()
