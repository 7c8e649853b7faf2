"""What a plan says is done with positions is done: killed, sold where that can work, ordered again until it is seen, and told."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.pure import kinds_of_caps
from tests.pure.launch.launches import STAGES, Flight, at_middle, plan
from tests.pure.launch.test_alarms_of_a_launch import STALE, Watched, watching

from fairway.launch.control import launch_events
from fairway.launch.control.causes import causes_of, effect_of, known_causes
from fairway.launch.plan.compiled_plan import REDUCE_ONLY, CompiledTrack, OnFail
from fairway.launch.plan.stage import FailureAction
from fairway.launch.plan.watching import NEVER_SELLS
from fairway.proving.scripted_gate import asked
from fairway.risk.cap_kinds import KILL
from fairway.risk.caps import Cap
from fairway.risk.causes import Cause, CauseCategory, Effect
from fairway.risk.disposal import Disposal
from fairway.risk.limits import Limits, TradingState
from fairway.world.clock import MINUTE, SECOND

KEEP, FLATTEN = Disposal.KEEP_STOPS, Disposal.FLATTEN


# -- the table -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [each for each in known_causes() if each.category is not None], ids=lambda each: each.name)
@pytest.mark.parametrize("answer", FailureAction)
def test_of_table_and_plan_the_graver_counts_and_nothing_is_sold_that_must_not_be(row: Cause, answer: FailureAction) -> None:
    assert row.category is not None
    found = effect_of(row.effect, row.category, {row.category: answer})
    order = list(Effect)
    assert order.index(found) >= order.index(row.effect)
    assert found is not Effect.FLATTEN or row.category not in NEVER_SELLS
    if answer.sells:
        assert found is (Effect.KILL if row.category in NEVER_SELLS else Effect.FLATTEN)
    assert effect_of(row.effect, row.category, {}) is row.effect, "without a word of the plan the table counts"


def test_of_one_account_among_many_the_answer_kills_that_one_and_holds_the_launch() -> None:
    cap = kinds_of_caps.raised("guard runaway rate", "200 a minute", 0)
    caps: dict[str, dict[str, Cap]] = {f"a{number}": {} for number in range(12)}
    caps["a3"] = {cap.id: cap}
    (found,) = causes_of(caps, {CauseCategory.RUNAWAY: FailureAction.KILL})
    assert (found.effect, found.disposal, found.accounts) == (Effect.HOLD, KEEP, ("a3",))


# -- orders --------------------------------------------------------------------------------------------------------


@dataclass
class Killed(Watched):
    """A trader that shows a kill as soon as it is told to, and a venue that shows what one says."""

    shows: bool = True
    held: tuple[str, ...] = ("BTC/USDT",)
    protective: int = 1
    is_over: bool = True
    sold_at_try: int = 1
    tried: int = 0

    def tick_only(self, *said: Any) -> Any:
        outcome = super().tick_only(*said)
        for ordered in outcome.kills():
            self._obey(ordered)
        return outcome

    def _obey(self, ordered: launch_events.KillOrdered) -> None:
        sells = ordered.disposal is FLATTEN
        self.tried += sells
        if sells and self.tried >= self.sold_at_try:
            self.held, self.protective = (), 0
        if self.shows:
            limits = Limits(state=TradingState.KILLED, hands_off=sells)
            cap = Cap(id="kill account", kind=KILL, limits=limits, reason="killed", since=self.now,
                      is_over=sells and self.is_over)  # fmt: skip
            self.caps["main"] = {**self.caps.get("main", {}), cap.id: cap}

    def look(self) -> None:
        if self.is_seen:
            self.take(
                launch_events.VenueChecked(
                    account="main", asked_at=self.now, trouble=self.trouble, held=self.held, protective=self.protective
                )
            )

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def disposals(self) -> list[Disposal]:
        return [each.disposal for each in self.of(launch_events.KillOrdered)]


def flying(does: str, cause: str = "", **more: Any) -> Killed:
    alarm = {**STALE, "does": does, **({"cause": cause} if cause else {})}
    flight = Killed(plan=watching(alarm), values={"data_age": 1.0}, **more)
    flight.fly(5 * MINUTE)
    assert flight.where == (0, "dwelling")
    return flight


def sound(flight: Killed, ns: int = MINUTE) -> Killed:
    flight.values["data_age"] = 61.0
    flight.fly(ns, 2 * SECOND)
    return flight


@pytest.mark.parametrize(("does", "disposal"), [("kill", KEEP), ("flatten", FLATTEN), ("unwind", FLATTEN)])
def test_an_alarm_does_what_it_says_once_and_waits_for_a_person(does: str, disposal: Disposal) -> None:
    flight = sound(flying(does), 10 * MINUTE)
    assert flight.disposals == [disposal]
    assert [(each.account, each.left) for each in flight.of(launch_events.KillDone)] == [("main", ())]
    flight.values["data_age"] = 1.0
    flight.fly(2 * MINUTE)
    assert flight.holds == ["cause kill"], "the alarm is silent, and the kill stays"
    assert flight.launch.leases["main"].limits == REDUCE_ONLY
    flight.caps["main"].clear()
    flight.fly(2 * MINUTE)
    assert (flight.holds, flight.where) == ([], (0, "dwelling"))


@pytest.mark.parametrize("cause", sorted(NEVER_SELLS))
def test_what_must_not_be_sold_is_killed_and_stays_under_its_stops(cause: str) -> None:
    flight = sound(flying("flatten", cause))
    assert flight.disposals == [KEEP]
    assert flight.held


@pytest.mark.parametrize(
    ("cap", "words"),
    [
        ("unexplained USDT", "the books and the venue differ"),
        ("no right to trade", "the account or its key may not trade"),
        ("journal", "the journal cannot be written"),
    ],
)
def test_what_the_trader_knows_speaks_against_a_sale_too(cap: str, words: str) -> None:
    flight = flying("flatten")
    flight.cap(cap)
    sound(flight)
    assert flight.disposals == [KEEP]
    assert words in flight.of(launch_events.KillOrdered)[0].reason


@pytest.mark.parametrize("blindness", ["trouble", "unseen", "silent"])
def test_nothing_is_sold_blind_and_it_is_sold_once_the_venue_is_seen_in_order(blindness: str) -> None:
    flight = flying("flatten")
    match blindness:
        case "trouble":
            flight.trouble = "the account may not trade"
        case "unseen":
            flight.is_seen = False
            flight.fly(4 * MINUTE)
        case "silent":
            flight.silent_ns = 151 * SECOND
    sound(flight)
    assert flight.disposals == [KEEP]
    assert "not sold, for" in flight.of(launch_events.KillOrdered)[0].reason
    flight.trouble, flight.is_seen, flight.silent_ns = "", True, 0
    flight.fly(MINUTE, 2 * SECOND)
    assert flight.disposals == [KEEP, FLATTEN]
    assert not flight.held


def test_what_cannot_be_sold_yet_is_sold_later_though_the_alarm_is_silent_and_after_a_while_left_to_a_person() -> None:
    later = flying("flatten")
    later.trouble = "the account may not trade"
    sound(later, 5 * MINUTE)
    assert "main was to be sold" in later.launch.holds["undone main"].reason
    later.values["data_age"], later.trouble = 1.0, ""
    later.fly(MINUTE, 2 * SECOND)
    assert (later.disposals, later.held) == ([KEEP, FLATTEN], ())
    assert "undone main" not in later.launch.holds
    never = flying("flatten")
    never.trouble = "the account may not trade"
    sound(never, 2 * SECOND)
    never.values["data_age"] = 1.0
    never.fly(16 * MINUTE, 2 * SECOND)
    never.trouble = ""
    never.fly(5 * MINUTE, 2 * SECOND)
    assert (never.disposals, never.held) == ([KEEP], ("BTC/USDT",))
    assert [each.left for each in never.of(launch_events.KillDone)] == [("BTC/USDT",)]
    assert "undone main" in never.launch.holds


def test_it_is_ordered_again_until_the_trader_shows_it_and_then_told() -> None:
    flight = sound(flying("kill", shows=False), 10 * MINUTE)
    assert 30 <= len(flight.disposals) <= 60, "every five seconds, and once a minute when it is late"
    assert "main was to be killed" in flight.launch.holds["undone main"].reason
    flight.shows = True
    flight.fly(2 * MINUTE, 2 * SECOND)
    assert "undone main" not in flight.launch.holds
    assert not flight.launch.pending_kills


def test_an_order_outlives_its_alarm_and_its_pilot() -> None:
    flight = flying("flatten", shows=False)
    sound(flight, 2 * SECOND)
    flight.values["data_age"] = 1.0
    flight.take(launch_events.PilotStarted(epoch=2, version="test"))
    flight.shows = True
    flight.fly(MINUTE, 2 * SECOND)
    assert flight.disposals == [FLATTEN, FLATTEN]
    assert not flight.launch.pending_kills
    assert "cause kill" in flight.holds


def test_what_is_left_over_is_sold_again_and_in_the_end_told() -> None:
    again = sound(flying("flatten", sold_at_try=3), 5 * MINUTE)
    assert again.disposals == [FLATTEN] * 3
    assert [each.left for each in again.of(launch_events.KillDone)] == [()]
    never = sound(flying("flatten", sold_at_try=99), 20 * MINUTE)
    assert never.disposals == [FLATTEN] * 6
    assert [each.left for each in never.of(launch_events.KillDone)] == [("BTC/USDT",)]
    assert never.launch.holds["undone main"].reason == "main was to be sold, and the venue still shows BTC/USDT"


def test_a_person_who_resumes_before_the_venue_was_seen_is_not_killed_again() -> None:
    flight = flying("kill")
    sound(flight, 2 * SECOND)
    flight.is_seen, flight.values["data_age"] = False, 1.0
    flight.fly(20 * SECOND, 2 * SECOND)
    assert flight.launch.pending_kills["main"].is_seen
    flight.caps["main"].clear()
    flight.fly(MINUTE, 2 * SECOND)
    assert flight.disposals == [KEEP]
    assert flight.of(launch_events.KillDone)[0].why == "a person has resumed it"


def test_what_a_person_killed_because_nothing_may_be_sold_is_not_sold() -> None:
    """A plan's alarm knows less than whoever said that books and venue differ."""
    flight = flying("flatten")
    limits = Limits(state=TradingState.KILLED)
    by_eve = Cap(id="kill all", kind=KILL, limits=limits, reason="a guess (eve)", since=flight.now, must_stay=True)  # fmt: skip
    flight.caps["main"] = {by_eve.id: by_eve}
    sound(flight, 20 * MINUTE)
    assert FLATTEN not in flight.disposals
    assert flight.held


@pytest.mark.parametrize(("does", "left"), [("flatten", ("BTC/USDT",)), ("kill", ())])
def test_an_account_that_leaves_before_it_is_seen_to_be_sold_is_told(does: str, left: tuple[str, ...]) -> None:
    """Nobody can look at its venue any more, and what is held there would be nobody's."""
    flight = sound(flying(does, sold_at_try=99), 20 * SECOND)
    flight.values["data_age"] = 1.0
    flight.take(launch_events.AccountsSeen(accounts=(launch_events.LaunchAccount(account="other", user="other"),)))
    flight.fly(MINUTE)
    assert [each.left for each in flight.of(launch_events.KillDone)] == [left]
    assert ("undone main" in flight.holds) == bool(left)
    assert not flight.launch.pending_kills


def test_an_account_that_no_trader_ever_carried_is_latched_and_keeps_nobody_waiting() -> None:
    flight = flying("kill", shows=False)
    flight.accounts = ()
    sound(flight, 10 * MINUTE)
    assert flight.disposals == [KEEP]
    assert not {"undone main", "blind kill"} & set(flight.holds)
    flight.accounts, flight.shows = ("main",), True
    flight.fly(MINUTE, 2 * SECOND)
    assert (flight.disposals, flight.launch.pending_kills) == ([KEEP, KEEP], {}), "where the first trader does not show it"


def test_an_order_of_a_version_without_disposals_is_read_and_not_ordered_again() -> None:
    flight = Flight()
    flight.take(launch_events.KillOrdered(accounts=("main",), why="long ago"))
    flight.fly(MINUTE)
    assert flight.kinds().count("KillOrdered") == 1


# -- gates and causes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on_fail", "disposal"), [(OnFail.KILL, KEEP), (OnFail.FLATTEN, FLATTEN)])
def test_a_gate_that_fails_kills_or_sells_and_waits_for_a_person(on_fail: OnFail, disposal: Disposal) -> None:
    stages = (STAGES[0], replace(STAGES[1], gates=(asked("two", on_fail),)), STAGES[2])
    flight = Killed(plan=plan(CompiledTrack("engine", stages)))
    flight.say("one", "good")
    flight.fly(2 * 60 * MINUTE, MINUTE)
    assert flight.where == (1, "dwelling")
    flight.say("two", "bad")
    flight.fly(5 * MINUTE)
    assert flight.disposals == [disposal]
    assert flight.track.stage == 0
    assert flight.launch.holds["gate engine/two"].contains


def test_a_cause_is_answered_by_the_plan_where_that_is_graver() -> None:
    flight = at_middle()
    flight.plan = plan(answers={CauseCategory.MISMATCH: FailureAction.PREVIOUS_STAGE, CauseCategory.LOSING: FailureAction.HOLD})
    flight.cap("guard daily loss")
    flight.fly(MINUTE)
    assert flight.track.stage == 1
    flight.cap("unexplained USDT")
    flight.fly(MINUTE)
    assert flight.track.stage == 0
