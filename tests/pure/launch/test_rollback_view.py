"""After a launch was given up or killed, each part of the way back is done when it was seen; software is the last."""

from dataclasses import replace
from typing import Any

import pytest
from tests.pure.launch.launches import Flight, at_middle
from tests.pure.launch.lint.drafts import SOUND
from tests.pure.launch.test_record import told

from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.compiled_plan import CompiledMessage, CompiledRollback
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import parse
from fairway.launch.plan.people import When
from fairway.launch.views.rollback_view import RollbackPart, rollback_parts
from fairway.launch.views.status_text import explain
from fairway.risk.cap_kinds import KILL
from fairway.risk.caps import Cap
from fairway.risk.limits import Limits, TradingState
from fairway.world.clock import MINUTE, SECOND

BACK = CompiledRollback("blue", ("start blue", "check blue", "route to blue"), 5 * MINUTE)
TEAM = CompiledMessage("say[0]", "team", at=(When.EVERY_MOVE,))


def flown() -> Flight:
    flight = at_middle()
    flight.plan = replace(flight.plan, rollback=BACK)
    return flight


def parts(flight: Flight) -> dict[str, RollbackPart]:
    return {each.name: each for each in rollback_parts(flight.plan, flight.launch, flight.observation())}


def look(flight: Flight, **seen: Any) -> None:
    flight.take(launch_events.VenueChecked(account="main", asked_at=flight.now, **seen))


def abort(flight: Flight) -> None:
    flight.takes_leases = False
    flight.tick(("bob", said.Abort(reason="anew")))


def test_a_launch_that_flies_is_on_no_way_back() -> None:
    assert parts(flown()) == {}
    assert "the way back" not in "\n".join(explain(told(flown())))


def test_what_was_ordered_and_is_not_seen_yet_is_not_done() -> None:
    """The trader has not heard of it, and nobody has looked at the venue since."""
    flight = flown()
    abort(flight)
    assert {name: part.at for name, part in parts(flight).items()} == dict.fromkeys(
        ("contain", "cancel", "verify", "dispose", "notify", "software")
    )
    words = "\n".join(explain(told(flight)))
    assert "1 contain: NOT YET: main may open positions until the trader has heard it" in words
    assert "6 software: NOT BEFORE the venue is seen in order: start blue, then check blue, then route to blue" in words


def test_each_part_is_done_when_it_was_seen() -> None:
    flight = flown()
    abort(flight)
    flight.takes_leases = True
    flight.now += SECOND
    flight.tick_only()
    contained = parts(flight)["contain"]
    assert contained.at is not None
    flight.now += SECOND
    look(flight, entries=2, held=("BTC/USDT",), protective=2)
    assert parts(flight)["cancel"].says == "orders at the venue could still enlarge a position: 2 of main"
    flight.now += SECOND
    look(flight, held=("BTC/USDT",), naked=("BTC/USDT",))
    seen = parts(flight)
    assert seen["cancel"].at == flight.now
    assert (seen["verify"].at, seen["dispose"].at, seen["software"].at) == (None, None, None)
    flight.now += SECOND
    look(flight, held=("BTC/USDT",), protective=2)
    seen = parts(flight)
    assert seen["dispose"].says == "nothing is sold by this; it stays under its stops: BTC/USDT of main"
    assert seen["software"].says.startswith("may begin now, until 1970-01-12T")
    assert "Fairway starts no software" in seen["software"].says


def test_a_lease_that_nobody_took_back_has_ended_by_itself() -> None:
    flight = flown()
    abort(flight)
    flight.now = flight.leases["main"].until
    assert parts(flight)["contain"].at == flight.now


def test_after_a_kill_what_was_to_be_sold_is_done_when_the_venue_holds_none_of_it() -> None:
    flight = flown()
    limits = Limits(state=TradingState.KILLED, hands_off=True)
    kill = Cap(id="kill", limits=limits, reason="bob", since=flight.now, kind=KILL)
    flight.caps["main"] = {"kill": kill}
    flight.fly(20 * SECOND)
    flight.now += SECOND
    look(flight, held=("BTC/USDT",))
    assert parts(flight)["contain"].at is not None
    assert parts(flight)["dispose"].says == "to be sold, and still held: BTC/USDT of main"
    flight.now += SECOND
    look(flight)
    assert parts(flight)["dispose"].at == flight.now


@pytest.mark.parametrize(("words", "done"), [((), False), ((TEAM,), True)])
def test_people_are_notified_where_the_plan_says_so(words: tuple[CompiledMessage, ...], done: bool) -> None:
    flight = flown()
    flight.plan = replace(flight.plan, messages=words)
    abort(flight)
    assert (parts(flight)["notify"].at is not None) is done


def test_the_plans_software_steps_reach_the_compiled_plan() -> None:
    back = PlanCompiler(parse(SOUND), "USDT", Mode.LIVE).compiled().rollback
    assert back == CompiledRollback("blue", ("start blue", "check blue", "route to blue"))
