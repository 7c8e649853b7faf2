"""A rehearsal tells good bots from bad ones, repeats itself to the last digit, and never loses more than a stage allows."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from msgspec import Struct

from fairway.journal.command_reader import ReadCommand
from fairway.launch.control.launch_events import KillDone, KillOrdered
from fairway.launch.control.state import Launch
from fairway.launch.control.tick import tick
from fairway.launch.control.tick_context import TickOutcome
from fairway.launch.observation.observation import Observation
from fairway.launch.plan import shipped
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.plan.load import parse
from fairway.launch.simulation import signals
from fairway.launch.simulation.bots import BOTS, BY_NAME, GOOD, SimulatedBot
from fairway.launch.simulation.plan_terms import PlanTerms, terms_of
from fairway.launch.simulation.simulated_launch import SimulatedLaunchResult, simulate_launch
from fairway.launch.simulation.table import sentences, summed_up
from fairway.launch.simulation.worker_pool import rehearsed
from fairway.launch.simulation.world import BEGINS, World
from fairway.risk.disposal import Disposal
from fairway.world.chance import Chance
from fairway.world.clock import DAY

SMALL = """
plan: small
about: Two short stages, to be rehearsed.
author: ann
approvals: {need: {owner: 1}}
guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate]
expects: {order_success: 240/d, round_trips: 80/d, trade_pnl_r: 80/d}
stages:
  - name: first
    limits: {mode: live, users: 8, capital_per_user: {at_least: 400 USD, at_most: 800 USD}, loss: 60 USD}
    stay: {at_least: 12h, at_most: 8d}
    gates:
      - {name: success, gate: proportion, of: order_success, at_least: 95 %, strength: proven}
      - {name: harm, gate: expectancy, of: trade_pnl_r, not_below: -0.2 R}
      - {name: stops, gate: invariant, of: protected}
      - {name: trips, gate: count, of: round_trips, at_least: 40}
  - name: last
    limits: {mode: live, users: 8, capital_per_user: {at_least: 400 USD, at_most: 800 USD}, loss: 60 USD}
    stay: {at_least: 12h}
"""
SEEDS = range(1, 5)
OFTEN = {
    "unprotected": replace(BY_NAME["unprotected"], naked_a_day=8),
    "runaway": replace(BY_NAME["runaway"], runaway_a_day=4),
}
"""In two stages of half a day each a fault has to come more often than in ten days."""


@cache
def small() -> PlanTerms:
    return terms_of(parse(SMALL))


@cache
def plays(bot: str) -> tuple[SimulatedLaunchResult, ...]:
    return tuple(simulate_launch(small(), OFTEN.get(bot, BY_NAME[bot]), seed, 10) for seed in SEEDS)


def test_a_good_bot_gets_through() -> None:
    through = [each for each in plays("good") if each.is_through]
    assert len(through) >= len(SEEDS) - 1
    assert all(0.5 <= each.days <= 9 for each in through)


@pytest.mark.parametrize("bot", ["orders fail 10 %", "unprotected"])
def test_a_bad_bot_does_not(bot: str) -> None:
    assert [each.seed for each in plays(bot) if each.is_through] == []
    assert all(each.stopped_by for each in plays(bot))


def test_what_stops_a_bad_bot_is_named() -> None:
    assert {each.stopped_by for each in plays("unprotected")} == {"gate stops"}
    assert "gate success" in {each.stopped_by for each in plays("orders fail 10 %")}


def test_the_same_seed_is_the_same_play_and_another_is_another() -> None:
    again = simulate_launch(small(), GOOD, 1, 10)
    assert again == plays("good")[0]
    assert again != simulate_launch(small(), GOOD, 2, 10)


@pytest.mark.parametrize("bot", ["losing", "losing fast", "runaway", "unprotected"])
def test_a_stage_loses_its_bound_and_what_was_in_flight_at_most(bot: str) -> None:
    """A stop fills below its price, a runaway pays fees that nobody planned, and one without its stop loses more."""
    beyond = {"runaway": 8 * 800, "unprotected": 8 * 800}.get(bot, 0)
    stays = [stay for each in plays(bot) for stay in each.stays]
    assert stays
    for stay in stays:
        assert stay.bound == 6_000
        assert stay.lost <= stay.bound * 1.1 + stay.in_flight + beyond


def test_what_a_plan_sells_is_sold_in_a_rehearsal_too_and_people_resume_it() -> None:
    """An invariant fails, and its stage says flatten: all are killed and sold, seen to be, and come back in the first stage."""
    terms = terms_of(parse(SMALL.replace("  - name: last", "    on_fail: flatten\n  - name: last")))
    seen: list[Struct] = []

    def watched(plan: CompiledPlan, launch: Launch, observe: Observation, heard: Sequence[ReadCommand]) -> TickOutcome:
        outcome = tick(plan, launch, observe, heard)
        seen.extend(outcome.events)
        return outcome

    played = simulate_launch(terms, OFTEN["unprotected"], 1, 4, decide=watched)
    ordered = [each for each in seen if isinstance(each, KillOrdered)]
    assert Disposal.FLATTEN in {each.disposal for each in ordered}
    done = [each for each in seen if isinstance(each, KillDone)]
    assert {each.account for each in done} == {name for each in ordered for name in each.accounts}
    assert all(not each.left for each in done)
    assert not played.is_through


@pytest.mark.parametrize("name", ["preparation", "first-hundred", "ramp"])
def test_a_good_bot_gets_through_a_plan_that_ships(name: str) -> None:
    """What it waits for from people, such as a gate `approval` of its last stage, they give."""
    played = simulate_launch(terms_of(parse(shipped.text(name))), GOOD, 1)
    assert played.is_through, played.stopped_by


def test_a_release_that_answers_slower_than_the_old_one_beside_it_gets_no_money() -> None:
    played = simulate_launch(terms_of(parse(shipped.text("ramp"))), replace(GOOD, answered_s=0.075), 1)
    assert (played.is_through, played.stopped_by) == (False, "gate latency")
    assert played.stays == (), "no stage with money was entered"


def test_what_is_lost_is_bounded_by_the_stage_and_not_by_luck() -> None:
    """With ten times the bound the same bot loses more: so it was the bound that kept it."""
    wide = terms_of(parse(SMALL.replace("loss: 60 USD", "loss: 20 USD")))
    bot = replace(BY_NAME["losing fast"], edge=-0.6)
    narrow = [stay.lost for seed in SEEDS for stay in simulate_launch(wide, bot, seed, 4).stays]
    assert max(narrow) <= 2_000 * 1.1
    assert max(stay.lost for each in plays("losing fast") for stay in each.stays) > 2_000 * 1.1


@pytest.mark.parametrize("name", shipped.names())
def test_every_gate_of_a_shipped_plan_has_its_source(name: str) -> None:
    terms = terms_of(parse(shipped.text(name), file=name))
    world = World(terms, GOOD, 1, 2)
    for account in world.enrolled():
        assert account.profile
    world.advance(BEGINS + DAY)
    assert terms.asks <= set(world.observe().series)
    assert terms.stages


@pytest.mark.parametrize("bot", BOTS, ids=lambda bot: bot.name)
def test_results_are_as_good_as_the_bot(bot: SimulatedBot) -> None:
    drawn = signals.draw(replace(bot, lucky_trips=0, into=None), 0, 400 * DAY, Chance(3), a_day=50, users=1, intents=3)
    assert abs(float(drawn.results.mean()) - bot.edge) < 0.03
    assert abs(float(drawn.is_good.mean()) - bot.success) < 0.005
    assert abs(float(np.median(drawn.acks)) / bot.ack_s - 1) < 0.05


def test_a_bot_that_turns_bad_is_good_before() -> None:
    bot = BY_NAME["good then bad"]
    drawn = signals.draw(bot, 0, 200 * DAY, Chance(3), a_day=200, users=1, intents=3)
    before = np.array(drawn.ats) < (bot.turns_at or 0)
    assert drawn.is_good[before].mean() > 0.99 > 0.91 > drawn.is_good[~before].mean()
    assert drawn.results[~before].mean() < -0.35


def test_summaries_count_what_was_played() -> None:
    summary = summed_up("good", plays("good"))
    assert summary.plays == len(SEEDS)
    assert summary.through == sum(each.is_through for each in plays("good"))
    assert summary.reached["main/first"] == 1.0
    told = sentences(small(), [summary, summed_up("unprotected", plays("unprotected"))])
    assert told[0].startswith(f"A good bot gets through {summary.through} of 4 times, in ")
    assert told[1].startswith("The bot 'unprotected' never got through: it never passed first; gate stops stopped it.")


def test_a_crew_plays_the_same_as_one_alone() -> None:
    [alone] = rehearsed(SMALL, [GOOD], 2, days=1, cores=1)
    [together] = rehearsed(SMALL, [GOOD], 2, days=1, cores=2)
    assert alone == together
