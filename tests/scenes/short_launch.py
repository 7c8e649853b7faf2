"""A day of a launch with a plan as short as itself: what the demo shows in ten days, for tests."""

from pathlib import Path

from fairway.money.amount import use_exact_decimals
from fairway.proving.demo_actors import DemoSchedule
from fairway.proving.launch_demo import LaunchRun, LaunchScenario, fly
from fairway.proving.users import TWELVE
from fairway.reports.launch_report import LaunchProgress
from fairway.reports.run import DemoOptions
from fairway.world.clock import HOUR, MINUTE

PLAN = """
plan: short
about: As beta, in hours.
author: ann
approvals: {need: {owner: 1, risk: 1}, expires: 4h}
guards: [daily loss, drawdown, unknown worth, edge health, losses in a row, position loss]
say: [{to: team, by: chat, at: [entered, demoted, incident]}]
checklist:
  - {id: tests, text: all tests pass, need: machine artifact}
entry:
  - {name: ready, gate: checklist, items: [tests]}
stages:
  - name: internal
    limits: {mode: live, cohort: team, users: 2, capital: 1000 USD, capital_per_user: {at_most: 500 USD}, loss: 100 USD}
    stay: {at_least: 30m}
    review: 30m
    gates:
      - {name: success, gate: proportion, of: order_success, at_least: 95 %, strength: not_disproven, at_least_n: 4}
      - {name: content, gate: survey, positive: 51 %, at_least_n: 5}
      - {name: books, gate: invariant, of: tied_out}
    on_fail: hold
  - name: limited
    limits: {mode: live, cohort: trusted, users: 4, capital: 8000 USD, capital_per_user: {at_most: 2000 USD}, loss: 500 USD}
    stay: {at_least: 3d}
    gates:
      - {name: harm, gate: expectancy, of: trade_pnl_r, not_below: -0.2 R, winsorise: 3 R}
      - {name: books, gate: invariant, of: tied_out}
  - name: open
    limits: {mode: live, capital: 50000 USD, capital_per_user: {at_most: 2000 USD}, loss: 1000 USD}
    stay: {at_least: 7d}
    gates:
      - {name: books, gate: invariant, of: tied_out}
"""
TIMES = DemoSchedule(
    incident_after=HOUR,
    maintenance_after=3 * HOUR,
    maintenance_ns=100 * MINUTE,
    spoiled_after=HOUR,
    mended_after=30 * MINUTE,
    drills=(20 * MINUTE, 40 * MINUTE, 60 * MINUTE),
    looked_after=20 * MINUTE,
    surveyed_every=HOUR,
)
USERS = (*TWELVE[:5], TWELVE[-1])


class Lines:
    """A screen that remembers what it was told."""

    stop_wanted = False

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.shown: list[LaunchProgress] = []

    def show(self, progress: LaunchProgress) -> None:
        self.shown.append(progress)

    def tell(self, at: int, line: str) -> None:
        self.lines.append(line)


def live(seed: int, out: Path, screen: Lines | None = None) -> LaunchRun:
    use_exact_decimals()
    options = DemoOptions(data=(), days=1, seed=seed, out=out, speed=None)
    return fly(options, screen or Lines(), LaunchScenario(plan=PLAN, users=USERS, times=TIMES, interval="5m"))
