"""A strategy's own mistake is named as the strategy's, with its file and line; so is an end at the fence, and neither is ours."""

from collections.abc import Sequence
from typing import Any, cast

import pytest
from msgspec.structs import replace
from tests.pure.trading.test_step import ENTER, SYMBOL, Scene

from fairway.cli.exits import ExitCode, known
from fairway.orders.intent import Intent
from fairway.strategies.api import Plugin, StrategyFailed, StrategySettings, View, decided, made
from fairway.trading.failure_attribution import failure
from fairway.trading.other_writers import Fenced
from fairway.world.tasks import CrashBudgetSpent

OTHER = replace(ENTER, symbol="ETH/USDT")


class Mine:
    warm_up = 1

    def __init__(self, told: object = None) -> None:
        self._told = told

    def decide(self, view: View) -> Sequence[Intent]:
        if self._told is None:
            return [ENTER, ENTER][int("ten") :]
        return cast(Sequence[Intent], self._told)


def view() -> View:
    return cast(View, type("V", (), {"symbol": SYMBOL})())


def test_what_it_raises_is_told_with_its_own_file_and_line() -> None:
    with pytest.raises(StrategyFailed, match=r"the strategy 'mine' failed at .*test_a_strategy_fails.py:\d+ decide: ValueError"):
        decided(Mine(), "mine", view())


@pytest.mark.parametrize("told", [5, ["buy"], [OTHER]])
def test_what_is_no_intent_is_told(told: object) -> None:
    with pytest.raises(StrategyFailed, match="the strategy 'mine' failed"):
        decided(Mine(told), "mine", view())


def test_one_that_cannot_be_made_is_told() -> None:
    def broken(settings: Any) -> Any:
        raise KeyError("x")

    factories: list[Any] = [broken, lambda settings: object()]
    for make in factories:
        with pytest.raises(StrategyFailed, match="the strategy 'mine' failed"):
            made(Plugin("mine", StrategySettings, make, ""), StrategySettings())


def test_its_failure_is_journaled_as_its_own_and_a_fence_as_another_traders() -> None:
    own = failure(StrategyFailed("mine", "KeyError: 'x'", "/a/mine.py:3 decide"), 2)
    assert (own.strategy, own.why, own.where, own.recent) == ("mine", "KeyError: 'x'", "/a/mine.py:3 decide", 2)
    assert failure(Fenced("order fw-main-2-1-e is of a later start"), 1).is_fenced
    ours = failure(KeyError("x"), 1)
    assert (ours.strategy, ours.is_fenced, ours.why) == ("", False, "KeyError: 'x'")


def test_an_account_state_that_asks_it_fails_with_it() -> None:
    scene = Scene()
    terms = scene.state.config
    object.__setattr__(terms, "strategy", Mine())
    with pytest.raises(StrategyFailed):
        scene.wish()


def test_a_run_that_gives_it_up_ends_with_a_code_of_its_own_and_no_crash_file() -> None:
    spent = CrashBudgetSpent("main crashed 6 times in 600 s")
    spent.__cause__ = ExceptionGroup("executor", [StrategyFailed("mine", "KeyError: 'x'", "/a/mine.py:3 decide")])
    told = known(ExceptionGroup("trader", [spent]))
    assert told is not None
    assert told[0] is ExitCode.STRATEGY
    assert "/a/mine.py:3 decide" in told[1]
    assert known(CrashBudgetSpent("x")) is None
