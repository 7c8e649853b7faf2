"""Nobody gives evidence to a rehearsal: it is produced in a launch's own ways, and a plan that asks for more is stuck in it."""

from dataclasses import replace
from typing import Final

import pytest

from fairway.launch.plan.load import parse
from fairway.launch.simulation.bots import GOOD
from fairway.launch.simulation.plan_terms import terms_of
from fairway.launch.simulation.simulated_launch import SimulatedLaunchResult, simulate_launch

PLAN: Final = """
plan: small
about: Two short stages, to be rehearsed.
author: ann
approvals: {{need: {{owner: 1}}}}
guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, position loss, runaway rate]
expects: {{order_success: 240/d, round_trips: 80/d, trade_pnl_r: 80/d}}
checklist: [{{id: {item}, text: it was done, need: {need}, expires: {expires}}}]
{entry}
stages:
  - name: first
    limits: {{mode: testnet, users: 4, capital_per_user: {{at_least: 400 USD, at_most: 800 USD}}}}
    stay: {{at_least: 12h, at_most: 5d}}
    gates: [{{name: orders, gate: count, of: order_ack, at_least: 4}}{gate}]
  - name: second
    limits: {{mode: testnet, users: 4, capital_per_user: {{at_least: 400 USD, at_most: 800 USD}}}}
    stay: {{at_least: 12h}}
"""
ASKED: Final = ", {name: drills, gate: checklist}"
READY: Final = "entry: [{name: ready, gate: checklist}]"


def played(item: str, need: str, expires: str = "7d", entry: str = READY, gate: str = "") -> SimulatedLaunchResult:
    plan = PLAN.format(item=item, need=need, expires=expires, entry=entry, gate=gate)
    return simulate_launch(terms_of(parse(plan)), replace(GOOD, edge=0.4, deaths_a_day=0.0), 1, 6)


@pytest.mark.parametrize(
    ("item", "need"),
    [
        ("kill-drill", "observed in a drill"),
        ("restore", "observed in a drill"),
        ("gates-proven", "observed in a drill"),
        ("smoke", "machine artifact"),
        ("runbooks", "attested file"),
    ],
)
def test_what_can_be_shown_lets_a_launch_begin_and_go_on(item: str, need: str) -> None:
    assert list(played(item, need).reached) == ["main/first", "main/second"]


def test_what_nothing_can_show_lets_it_never_begin() -> None:
    stuck = played("smoke-signals", "observed in a drill")
    assert (stuck.is_through, stuck.reached, stuck.stopped_by) == (False, {}, "gate ready")


def test_a_restart_with_a_position_takes_a_position() -> None:
    assert list(played("restart-with-position", "observed in a drill", entry="", gate=ASKED).reached) == [
        "main/first",
        "main/second",
    ]
    assert played("restart-with-position", "observed in a drill").reached == {}


def test_a_kill_drill_that_expires_on_the_way_ends_it_there() -> None:
    """Nobody kills a bot that is on the way up: it would begin anew in its smallest stage."""
    assert list(played("kill-drill", "observed in a drill", expires="6h").reached) == ["main/first"]
