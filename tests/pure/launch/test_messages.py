"""What a plan wants told is written down with the decision that it is about: each once, with its facts."""

from dataclasses import replace

import msgspec
import pytest
from tests.pure.launch.launches import Flight, plan
from tests.pure.launch.lint.drafts import SOUND
from tests.pure.launch.test_record import record, told

from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.control.decision import decide
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.compiled_plan import CompiledMessage, CompiledPlan
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import PlanError, parse
from fairway.launch.plan.people import When
from fairway.launch.plan.stage import FailureAction
from fairway.launch.plan.stage_ref import StageRef
from fairway.launch.plan.watching import Alarm, Tells
from fairway.launch.views.record_forms import markdown
from fairway.launch.views.status_text import status
from fairway.risk.cap_kinds import KILL
from fairway.risk.caps import Cap
from fairway.risk.limits import Limits, TradingState
from fairway.texts.quantities import Quantity
from fairway.watch.indicators import BY_NAME
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND, parse_instant

TEAM = CompiledMessage("say[0]", "team", "chat", at=(When.EVERY_MOVE,))
USERS = CompiledMessage("say[1]", "users", "page", at=(When.INCIDENT, When.KILL), text="what is affected.")
ALL = CompiledMessage("say[2]", "all", at=(When.START, When.COMPLETE, When.HELD, When.DEMOTED, When.ENTERED))
BOSS = CompiledMessage("say[3]", "boss", "mail", every_ns=DAY, text="the day")


def saying(*words: CompiledMessage) -> CompiledPlan:
    return plan(messages=words)


def flown(*words: CompiledMessage, more: CompiledPlan | None = None) -> Flight:
    flight = Flight(plan=more or saying(*words))
    flight.say("one", "good")
    flight.fly(2 * HOUR, MINUTE)
    assert flight.where == (1, "dwelling")
    return flight


def messages(flight: Flight, to: str = "") -> list[launch_events.MessageDue]:
    return [each for each in flight.events if isinstance(each, launch_events.MessageDue) and to in ("", each.to)]


def kill(flight: Flight) -> None:
    """The trader shows that it is killed, and the pilot sees it."""
    limits = Limits(state=TradingState.KILLED)
    flight.caps["main"] = {"kill": Cap(id="kill", limits=limits, reason="bob", since=flight.now, kind=KILL)}
    flight.fly(MINUTE)


def abouts(flight: Flight, to: str = "") -> list[str]:
    return [each.about for each in messages(flight, to)]


def test_every_move_is_told_once_in_its_order() -> None:
    flight = flown(TEAM)
    moves = ["entered engine/small", "StageSettled engine", "GatesPassed engine", "entered engine/middle", "StageSettled engine"]
    assert abouts(flight) == moves
    assert [each.number for each in messages(flight)] == [1, 2, 3, 4, 5]
    flight.fly(HOUR, MINUTE)
    assert len(messages(flight)) == 5


def test_a_message_has_the_facts_of_its_instant() -> None:
    flight = flown(TEAM, replace(BOSS, to="team"))
    text = messages(flight)[3].text
    assert "engine: stage middle is entered: every gate passes" in text
    assert "engine is in stage middle (entering), and allows: capital 300 USDT" in text
    assert "positions: what is held has its stops at the venue, seen 1970-01-12T" in text
    assert "the next word comes by 1970-01-13T13:" in text


def test_a_word_by_the_clock_names_what_holds_and_that_the_trader_opens_nothing() -> None:
    flight = flown(replace(BOSS, every_ns=HOUR))
    flight.tick(("bob", said.HoldIt(reason="smells")))
    flight.cap("guard daily loss")
    flight.fly(HOUR, MINUTE)
    text = messages(flight, "boss")[-1].text
    assert "and allows: capital 300 USDT. But main opens nothing now: because." in text
    assert "engine is held since 1970-01-12T" in text
    assert ": smells; nothing is promoted until a person lets it go on." in text
    assert ": the account reached its loss limit of a day (main: because); nothing is promoted until" in text
    assert "limits: capital 300 USDT; but main opens nothing now: because (fairway caps)" in "\n".join(status(told(flight)))


def test_a_hold_is_not_told_twice_in_its_own_message() -> None:
    flight = flown(ALL)
    flight.tick(("bob", said.HoldIt(reason="smells")))
    assert messages(flight)[-1].text.count("smells") == 1


def test_the_next_word_is_never_told_as_past() -> None:
    """Cut to whole minutes, an instant within this very minute would read as past."""
    flight = Flight(plan=saying(replace(BOSS, every_ns=40 * SECOND)), now=1_000_010 * SECOND + 1)
    flight.fly(5 * MINUTE, 20 * SECOND)
    for at, event in zip(flight.ats, flight.events, strict=True):
        if isinstance(event, launch_events.MessageDue):
            launch_status = parse_instant(event.text.rpartition("the next word comes by ")[2] + "Z")
            assert at < launch_status <= at + 41 * SECOND
    assert len(messages(flight)) > 3


def test_the_first_stage_is_the_start_and_the_last_one_the_end() -> None:
    flight = flown(ALL)
    for claim in ("two", "harm", "three"):
        flight.say(claim, "good")
    flight.fly(2 * HOUR, MINUTE)
    flight.tick(*flight.approve_all("large", {"owner": "bob", "risk": "carol"}))
    flight.fly(2 * HOUR, MINUTE)
    assert flight.where == (2, "steady")
    assert abouts(flight) == ["entered engine/small", "entered engine/middle", "entered engine/large", "complete engine"]
    only = flown(replace(ALL, at=(When.START,)))
    assert abouts(only) == ["entered engine/small"]


def test_a_hold_is_told_once_however_long_it_lasts_and_anew_when_it_comes_again() -> None:
    flight = flown(ALL, USERS)
    before = len(messages(flight))
    for _ in range(2):
        flight.tick(("bob", said.HoldIt(reason="smells")))
        flight.fly(10 * MINUTE, MINUTE)
        flight.tick(("eve", said.Release(hold_id="person bob", reason="it did not")))
    held = messages(flight)[before:]
    assert [each.about for each in held] == ["held: person bob"] * 2
    assert "smells; nothing is promoted until a person lets it go on" in held[0].text
    assert abouts(flight, "users") == [], "a person's hold is no incident"


def test_a_hold_that_is_raised_and_released_in_one_tick_is_told() -> None:
    flight = flown(ALL)
    before = len(messages(flight))
    release = said.Release(hold_id="person bob", reason="it did not")
    flight.tick(("bob", said.HoldIt(reason="smells")), ("eve", release))
    flight.fly(MINUTE)
    assert abouts(flight)[before:] == ["held: person bob"]


def test_a_hold_that_no_tick_raised_is_told_by_the_next_one() -> None:
    """Such as a command inbox that cannot be read: the pilot raises that beside its ticks."""
    from fairway.launch.control.hold_kinds import COMMANDS
    from fairway.launch.control.holds import hold_of

    flight = flown(ALL)
    before = len(messages(flight))
    hold = hold_of(COMMANDS, "they cannot be read", flight.now)
    flight.take(launch_events.HoldRaised(hold=hold))
    flight.fly(MINUTE)
    assert abouts(flight)[before:] == ["held: commands"]


def test_a_kill_that_the_trader_shows_is_told_with_what_is_not_protected() -> None:
    flight = flown(USERS, ALL)
    flight.trouble = "the books hold 1 BTC of BTC/USDT, and the venue has less"
    flight.cap("kill")
    flight.fly(MINUTE)
    assert abouts(flight, "users") == ["held: cause kill", "held: blind venue"]
    text = messages(flight, "users")[0].text
    assert text.startswith("what is affected. held since ")
    assert "positions: NOT ALL PROTECTED, main: the books hold 1 BTC" in text
    assert "demoted engine/small" in abouts(flight, "all")


def test_a_kill_that_the_plan_orders_is_told_once_though_it_is_ordered_until_it_is_seen() -> None:
    alarm = Alarm(name="errors", of="incidents", above=Quantity.parse("0"), tells=Tells.PAGE, does=FailureAction.KILL)
    flight = flown(more=plan(messages=(replace(USERS, at=(When.KILL,)),), alarms=(alarm,)))
    growing = SeriesBuilder(BY_NAME["incidents"])
    growing.add(flight.now, 1.0, "P0")
    flight.series["incidents"] = growing.series(watermark=flight.now + HOUR, beats=flight.now)
    flight.fly(MINUTE)
    assert flight.kinds().count("KillOrdered") > 2, "it is ordered until it is seen"
    kill(flight)
    assert abouts(flight) == ["kill"]
    flight.series.clear()
    flight.caps.clear()
    flight.fly(MINUTE)
    kill(flight)
    assert abouts(flight) == ["kill", "held: cause kill"], "a second one is told"


def test_by_the_clock_each_turn_is_told_once_and_what_nobody_flew_through_is_left_out() -> None:
    flight = flown(BOSS)
    began = flight.launch.started_at
    flight.now = began + DAY - SECOND
    flight.tick()
    assert messages(flight) == []
    flight.now = began + DAY
    flight.tick()
    flight.fly(HOUR, MINUTE)
    assert [each.since for each in messages(flight)] == [began + DAY]
    flight.now = began + 4 * DAY + HOUR
    flight.tick()
    flight.fly(HOUR, MINUTE)
    assert [each.since for each in messages(flight)] == [began + DAY, began + 4 * DAY]


def test_a_stages_own_words_are_told_while_it_is_there() -> None:
    own = replace(TEAM, place="engine/middle say[0]", stage=StageRef("engine", "middle"))
    hourly = replace(BOSS, place="engine/middle say[1]", stage=StageRef("engine", "middle"), every_ns=HOUR)
    flight = flown(own, hourly)
    assert abouts(flight) == ["entered engine/middle", "StageSettled engine"]
    flight.fly(HOUR, MINUTE)
    assert abouts(flight, "boss") == ["every 1h"]
    flight.tick(("bob", said.Demote(reason="it is worth less")))
    assert abouts(flight, "team")[-1] == "demoted engine/small"
    count = len(messages(flight))
    flight.fly(HOUR, 10 * MINUTE)
    assert abouts(flight)[count:] == []


def test_what_is_given_up_tells_no_more_by_the_clock() -> None:
    flight = flown(BOSS, TEAM)
    flight.tick(("bob", said.Abort(reason="anew")))
    assert abouts(flight)[-1] == "TrackAborted engine"
    flight.now += 3 * DAY
    flight.tick()
    assert abouts(flight)[-1] == "TrackAborted engine"


def test_a_decision_with_its_messages_is_made_anew_to_the_byte() -> None:
    flight = flown(TEAM, ALL, BOSS)
    flight.now += DAY
    flight.look()
    first, second = (decide(flight.plan, flight.launch, flight.observation())[0] for _ in range(2))
    assert [type(each).__name__ for each in first[:1]] == ["Decided"], "it is committed with the decision"
    assert any(isinstance(each, launch_events.MessageDue) for each in first)
    assert msgspec.json.encode(first) == msgspec.json.encode(second)


def test_status_and_record_tell_of_them() -> None:
    flight = flown(TEAM)
    lines = list(status(told(flight)))
    assert any(each.startswith("messages written down: 5, the last ") for each in lines)
    text = markdown(record(flight))
    assert text.count("to team by chat: engine: stage middle is entered") == 1
    assert "## Messages" in text


def test_a_plans_words_reach_the_compiled_plan_with_their_places() -> None:
    text = SOUND + "say: [{to: a, at: [kill]}]\n"
    text = text.replace("name: live\n", "name: live\n    say: [{to: b, by: chat, every: 1d}]\n")
    first, second = PlanCompiler(parse(text), "USDT", Mode.LIVE).compiled().messages
    assert (first.place, first.at, first.stage) == ("say[0]", (When.KILL,), None)
    assert (second.place, second.every_ns, second.stage) == ("main/live say[0]", DAY, StageRef("main", "live"))


@pytest.mark.parametrize(
    ("word", "what"), [("{to: a}", "it would never be due"), ("{to: a, every: 1s}", "shorter than a minute")]
)
def test_a_word_that_would_never_be_due_or_every_second_is_refused(word: str, what: str) -> None:
    with pytest.raises(PlanError, match=what):
        parse(SOUND + f"say: [{word}]\n")


def of_stages(*at: When, text: str = "") -> tuple[CompiledMessage, CompiledMessage]:
    """What two stages say to the same people by the same way, each by a word of its own."""
    small = CompiledMessage("small say[0]", "team", "chat", at=at, text=text, stage=StageRef("engine", "small"))
    return small, replace(small, place="middle say[0]", stage=StageRef("engine", "middle"))


def demoted(flight: Flight) -> None:
    flight.tick(("bob", said.Demote(reason="it buys every minute", stage="small")))
    flight.fly(5 * MINUTE, MINUTE)


def test_a_step_back_is_told_once_where_the_stage_that_is_left_and_the_one_that_is_entered_tell_the_same_people() -> None:
    flight = flown(*of_stages(When.DEMOTED))
    demoted(flight)
    assert abouts(flight, "team") == ["demoted engine/small"]


def test_a_hold_is_told_once_by_two_words_to_the_same_people() -> None:
    """Also not with the next tick, when it still lasts."""
    flight = flown(replace(TEAM, at=(When.HELD,)), replace(TEAM, place="say[9]", at=(When.HELD,)))
    flight.tick(("bob", said.HoldIt(reason="smells")))
    flight.fly(5 * MINUTE, MINUTE)
    assert len(messages(flight, "team")) == 1


def test_what_two_words_say_differently_is_told_by_both() -> None:
    small, middle = of_stages(When.DEMOTED, text="look at the trades")
    flight = flown(replace(small, text="positions keep their stops"), middle)
    demoted(flight)
    assert abouts(flight, "team") == ["demoted engine/small", "demoted engine/small"]
