"""Whether a strategy is on is said by account, from what is in force there."""

import pytest
from tests.pure.panel.test_schedule_facts import caps_of, configured, shown

from fairway.panel.pages.strategy_facts import NO_TRADER, StrategyFacts, strategies_of
from fairway.panel.state_marks import Mark
from fairway.risk import breakers, cap_kinds
from fairway.risk.caps import Cap, paused, reduce_only
from fairway.risk.limits import Limits

ELSEWHERE = Cap(id="lease", kind=cap_kinds.LEASE, limits=Limits(strategies=frozenset({"grid"})), reason="a stage", since=0)


def told(*caps: Cap, runs: bool = True) -> StrategyFacts:
    settings = configured()
    [found] = strategies_of(settings, shown(settings, caps_of(settings, *caps)), runs=runs)
    return found


@pytest.mark.parametrize(
    ("caps", "state", "mark", "switched_off_by"),
    [
        ((), "on", Mark.GOOD, ""),
        ((paused("a holiday", "ann", 0),), "off: paused by ann: a holiday", Mark.HELD, "paused"),
        ((breakers.stopped_for_everyone("odd prices", 0),), "off: odd prices", Mark.HELD, breakers.EVERYONE),
        (
            (reduce_only(cap_kinds.MAINTENANCE, "planned maintenance until 04:00", 0),),
            "on, and opens nothing now: maintenance, planned maintenance until 04:00",
            Mark.HELD,
            "",
        ),
        ((ELSEWHERE,), "on, and its stage does not admit it: grid", Mark.HELD, ""),
        ((reduce_only(cap_kinds.HELD, "odd", 0, symbol="BTC/USDT"),), "on", Mark.GOOD, ""),
    ],
)
def test_it_is_on_unless_a_person_has_switched_it_off(
    caps: tuple[Cap, ...], state: str, mark: Mark, switched_off_by: str
) -> None:
    found = told(*caps)
    assert (found.state, found.mark, found.switched_off_by) == (state, mark, switched_off_by)
    assert found.can_switch_off is not bool(switched_off_by)


def test_without_a_trader_it_is_not_said_to_be_on_and_one_account_is_switched_apart_from_another() -> None:
    assert (told(runs=False).state, told(runs=False).mark) == (NO_TRADER, Mark.UNKNOWN)
    settings = configured()
    off = caps_of(settings, paused("a holiday", "ann", 0), account="a")
    both = strategies_of(settings, shown(settings, off, caps_of(settings, account="b")), runs=True)
    assert [(each.account, each.strategy, each.switched_off_by) for each in both] == [
        ("a", "trend", "paused"),
        ("b", "trend", ""),
    ]
