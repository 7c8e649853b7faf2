"""Planned maintenance in a launch: what counts of it, and who is told of it when."""

from dataclasses import replace

import msgspec
import pytest
from tests.pure.launch.launches import BEGIN, STAGES, Flight, plan
from tests.pure.launch.lint.drafts import SOUND
from tests.pure.launch.test_messages import flown, messages
from tests.pure.launch.test_record import told

from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.control.decision import decide
from fairway.launch.observation.planned_maintenance import counted
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.compiled_plan import CompiledMessage, CompiledTrack
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import PlanError, parse
from fairway.launch.plan.people import When
from fairway.launch.plan.stage_ref import StageRef
from fairway.launch.views.status_text import status
from fairway.watch.indicators import BY_NAME
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import DAY, HOUR, MINUTE, text_of

USERS = CompiledMessage("say[0]", "users", "page", at=(When.MAINTENANCE,), text="the bot rests.")
EARLY = CompiledMessage("say[1]", "desk", at=(When.MAINTENANCE,), ahead_ns=3 * DAY)
MIDDLES = CompiledMessage("engine/middle say[0]", "team", at=(When.MAINTENANCE,), stage=StageRef("engine", "middle"))


def planned(flight: Flight, *spells: tuple[int, int]) -> None:
    """From so long from now to so long from now (ns)."""
    flight.take(
        launch_events.MaintenancePlanned(spells=tuple((flight.now + begins, flight.now + ends) for begins, ends in spells))
    )


def abouts(flight: Flight, to: str = "users") -> list[str]:
    return [each.about.removeprefix("maintenance ") for each in messages(flight, to) if each.about.startswith("maintenance")]


def test_it_is_told_a_day_ahead_when_it_begins_and_when_it_is_over_once_each() -> None:
    flight = flown(USERS)
    planned(flight, (26 * HOUR, 28 * HOUR))
    begins = flight.now + 26 * HOUR
    flight.fly(HOUR, MINUTE)
    assert abouts(flight) == [], "it is too far away"
    flight.fly(2 * HOUR, MINUTE)
    assert abouts(flight) == ["ahead"]
    flight.fly(27 * HOUR, MINUTE)
    assert abouts(flight) == ["ahead", "begins", "over"]
    ats = [at for at, each in zip(flight.ats, flight.events, strict=True) if isinstance(each, launch_events.MessageDue)]
    assert ats == [begins - DAY, begins, begins + 2 * HOUR]
    first, second, third = (each.text for each in messages(flight, "users"))
    assert f"the bot rests. maintenance is planned from {text_of(begins)[:16]} to {text_of(begins + 2 * HOUR)[:16]} UTC" in first
    assert f"planned maintenance has begun, and lasts until {text_of(begins + 2 * HOUR)[:16]}" in second
    assert "positions: " in second
    assert third.endswith("the next word comes at: maintenance")


def test_a_word_says_itself_how_long_before_it_is_told() -> None:
    flight = flown(USERS, EARLY)
    planned(flight, (60 * HOUR, 61 * HOUR))
    flight.fly(MINUTE)
    assert (abouts(flight, "users"), abouts(flight, "desk")) == ([], ["ahead"])


def test_what_is_planned_late_is_told_at_once_and_another_end_is_told_anew() -> None:
    flight = flown(USERS)
    planned(flight, (HOUR, 2 * HOUR))
    flight.fly(MINUTE)
    assert abouts(flight) == ["ahead"]
    planned(flight, (HOUR - MINUTE, 3 * HOUR - MINUTE))
    flight.fly(MINUTE)
    assert abouts(flight) == ["ahead", "ahead"]
    flight.fly(90 * MINUTE, MINUTE)
    planned(flight, (-HOUR, 10 * MINUTE))
    flight.fly(MINUTE)
    assert abouts(flight)[2:] == ["begins", "begins"], "whoever waits for its end is told that this is sooner"
    flight.fly(HOUR, MINUTE)
    assert abouts(flight)[4:] == ["over"]


def test_what_is_planned_no_more_is_called_off_once() -> None:
    flight = flown(USERS)
    planned(flight, (HOUR, 2 * HOUR))
    flight.fly(MINUTE)
    planned(flight)
    flight.fly(3 * HOUR, MINUTE)
    assert abouts(flight) == ["ahead", "called off"]


def test_whoever_was_told_of_it_hears_that_it_is_over_though_no_pilot_flew_and_nobody_else_does() -> None:
    flight = flown(USERS, MIDDLES)
    planned(flight, (HOUR, 2 * HOUR), (30 * HOUR, 31 * HOUR))
    flight.fly(MINUTE)
    flight.now += 32 * HOUR
    flight.fly(MINUTE)
    assert abouts(flight) == ["ahead", "over"], "the second one came and went unseen"
    assert abouts(flight, "team") == ["ahead", "over"]


def test_a_stages_own_word_is_told_while_it_is_there_and_none_before_the_start_or_after_the_end() -> None:
    agreed = CompiledTrack("engine", (replace(STAGES[0], approvals={"owner": 1}), *STAGES[1:]))
    early = Flight(plan=plan(agreed, messages=(USERS, MIDDLES)))
    planned(early, (HOUR, 2 * HOUR))
    early.fly(MINUTE)
    assert abouts(early) == [], "no stage was entered yet"
    early.tick(*early.approve_all("small", {"owner": "olga"}))
    early.fly(MINUTE)
    assert (abouts(early), abouts(early, "team")) == (["ahead"], [])
    gone = flown(USERS)
    gone.tick(("bob", said.Abort(reason="enough")))
    planned(gone, (HOUR, 2 * HOUR))
    gone.fly(MINUTE)
    assert abouts(gone) == []


def test_status_tells_what_comes_next() -> None:
    flight = flown(USERS)
    planned(flight, (HOUR, 2 * HOUR), (30 * HOUR, 31 * HOUR))
    [line] = [each for each in status(told(flight)) if each.startswith("planned maintenance: from ")]
    assert line.endswith("UTC; no minute of uptime is due in it; 1 more after that")


@pytest.mark.parametrize(
    ("before", "now", "counts"),
    [
        ((), ((5, 15), (20, 30)), ((10, 15), (20, 30))),  # nobody excuses what was bad already
        ((), ((2, 8),), ()),
        (((5, 15),), ((5, 15),), ((5, 15),)),
        (((5, 15),), ((5, 20),), ((5, 20),)),
        (((5, 15),), (), ((5, 10),)),
        (((2, 8), (12, 14)), ((20, 30),), ((2, 8), (20, 30))),
    ],
)
def test_what_has_passed_stays_as_it_was_planned_then(before: object, now: object, counts: object) -> None:
    assert counted(before, now, 10) == counts  # type: ignore[arg-type]


def test_before_the_first_stage_the_configuration_is_believed_and_after_it_only_of_what_comes() -> None:
    early, late = Flight(), flown(USERS)
    planned(early, (-HOUR, MINUTE))
    assert early.launch.maintenance == ((BEGIN - HOUR, BEGIN + MINUTE),)
    planned(late, (-HOUR, MINUTE))
    assert late.launch.maintenance == ((late.now, late.now + MINUTE),)


def test_a_decision_rests_on_what_was_planned_and_is_made_anew_to_the_byte() -> None:
    def decided(*spells: tuple[int, int]) -> bytes:
        flight = flown(USERS)
        minutes = SeriesBuilder(BY_NAME["uptime"])
        for minute in range(120):
            minutes.add(flight.now - (120 - minute) * MINUTE, float(minute < 60))
        flight.series["uptime"] = minutes.series(watermark=flight.now, beats=flight.now)
        planned(flight, *spells)
        flight.now += HOUR
        flight.look()
        first, second = (decide(flight.plan, flight.launch, flight.observation())[0] for _ in range(2))
        assert msgspec.json.encode(first) == msgspec.json.encode(second)
        return msgspec.json.encode(first)

    assert decided((HOUR, 2 * HOUR)) != decided((HOUR, 3 * HOUR))


def test_ahead_is_read_from_the_plan_and_a_plan_without_it_keeps_its_digest() -> None:
    text = SOUND + "say: [{to: a, at: [maintenance], ahead: 2d}, {to: b, at: [maintenance]}]\n"
    first, second = PlanCompiler(parse(text), "USDT", Mode.LIVE).compiled().messages
    assert (first.ahead_ns, second.ahead_ns) == (2 * DAY, DAY)
    plain, other = (SOUND + f"say: [{{to: a, at: [maintenance]{more}}}]\n" for more in ("", ", ahead: 2d"))
    assert parse(plain).plan.digest != parse(other).plan.digest
    with pytest.raises(PlanError, match="of planned maintenance"):
        parse(SOUND + "say: [{to: a, at: [kill], ahead: 2d}]\n")
