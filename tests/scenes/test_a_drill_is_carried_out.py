"""Drills on a launch in simulated time: a sound system passes, and each bug that is planted makes the drill fail."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.scenes.drilled_harness import CarriedOut, DrilledHarness, SeldomHarness, SimulatedSystem, drilled

from fairway.exchange.answers import OrderSnapshot
from fairway.exchange.terms import NewOrder, OrderType, Side
from fairway.exchange.units import parse
from fairway.launch.control import commands as said
from fairway.launch.evidence.producers import LIMITS, PILOT_DEATH, ROLLBACK
from fairway.operations.drills.observed_account import ObservedAccount
from fairway.orders.intent import Intent
from fairway.proving.harness_result import ACCOUNT
from fairway.proving.invariants import violations
from fairway.risk import review
from fairway.risk.checks import account as account_checks
from fairway.strategies.api import Strategy, View
from fairway.trading.account.limits import AccountLimits
from fairway.trading.kill import Killer
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS


def over(stage: DrilledHarness) -> CarriedOut:
    assert stage.carried_out is not None
    assert stage.carried_out.is_over, stage.carried_out.told
    return stage.carried_out


def bought(stage: DrilledHarness, symbol: str) -> list[OrderSnapshot]:
    """By the exchange's own log."""
    return [each for each in stage.orders if each.symbol == symbol.replace("/", "") and each.side.value == "BUY"]


def test_a_rollback_with_a_position_contains_within_seconds_and_gives_all_back() -> None:
    stage = drilled("rollback", 1.5)
    found = over(stage)
    assert found.failed() == set(), found.told
    assert found.record("rollback").evidence().claim == ROLLBACK
    assert found.record("rollback").holds
    assert (found.why, found.run.left, stage.launch.holds) == ("", [], {})
    [contained] = [each for each in found.run.steps if each.name == "contained"]
    assert contained.took_ns <= 3 * SECOND
    first = bought(stage, "ETH/USDT")[0]
    assert first.created_at > EPOCH_NS + 25 * SECOND, "not before the hold was released"
    assert list(violations(stage.run_result())) == []


def test_a_rollback_leaves_a_hold_alone_that_was_there_before() -> None:
    """The same person holds the launch already; to release the drill's hold would release that one."""
    hold = said.HoldIt(reason="I want to look")
    stage = drilled("rollback", 1, acts={15.0: lambda it: it.tell_pilot("ann", hold)})
    assert over(stage).why.startswith("DrillNotPossible")
    assert (over(stage).run.steps, list(stage.launch.holds)) == ([], ["person ann"])


def test_a_pilots_death_leaves_a_trader_that_only_reduces_within_the_lease_until_the_pilot_is_back() -> None:
    stage = drilled("controller-death", 2.5)
    found = over(stage)
    assert found.failed() == set(), found.told
    assert found.record("controller-death").evidence().claim == PILOT_DEATH
    assert len(found.holds()) == 5
    assert list(violations(stage.run_result())) == []


def test_a_limit_below_what_is_used_is_obeyed_and_lifted() -> None:
    stage = drilled("limit-breach", 1)
    found = over(stage)
    assert found.failed() == set(), found.told
    [refused] = [each for each in found.run.steps if each.name == "entry refused"]
    assert "POSITIONS_MAX: open=1 max=0" in refused.seen
    assert found.record("limit-breach").evidence().claim == LIMITS
    assert "limited" not in stage.account_state.limits.caps
    assert len(bought(stage, "ETH/USDT")) == 1, "once the limit was lifted"


def test_a_kill_is_measured_at_the_venue() -> None:
    found = over(drilled("kill", 1))
    assert found.failed() == set(), found.told
    assert found.holds()["orders gone"] is None, "no entry rested at the venue that could have gone"
    assert found.record("kill").why.endswith("; NOT SHOWN: orders gone")
    assert found.run.left[0].startswith("the account stays killed")


@pytest.mark.parametrize(
    ("name", "minutes", "state"),
    [("rollback", 1.5, "REDUCE_ONLY"), ("controller-death", 2.5, "REDUCE_ONLY"), ("kill", 1, "KILLED")],
)
def test_a_strategy_that_wants_nothing_meanwhile_shows_by_a_trial_entry_that_nothing_is_opened(
    name: str, minutes: float, state: str
) -> None:
    stage = drilled(name, minutes, harness=SeldomHarness)
    found = over(stage)
    assert (found.failed(), found.why) == (set(), ""), found.told
    assert found.holds()["nothing is opened"] is True
    assert f"risk refused a trial entry in ETH/USDT: STATE_{state}: " in seen_of(found)
    assert bought(stage, "ETH/USDT") == [], "a trial entry sends no order"


class WantsNothing(DrilledHarness):
    def strategy(self) -> Strategy:
        return WantsNone()


class WantsNone:
    warm_up = 1

    def decide(self, view: View) -> Sequence[Intent]:
        return ()


def test_a_drill_without_a_position_does_not_show_that_stops_stay() -> None:
    found = over(drilled("kill", 1, harness=WantsNothing))
    assert (found.failed(), found.holds()["stops stay at the venue"]) == (set(), None)
    assert seen_of(found, "stops stay at the venue") == "not shown: nothing was held under a stop"


class WithoutAnswer(SimulatedSystem):
    """Its trader is of an older release, and answers no trial entry."""

    async def trial_entry(self, symbol: str, reason: str) -> None:
        pass


@pytest.mark.parametrize(("name", "minutes"), [("rollback", 1.5), ("controller-death", 2.5)])
def test_where_no_entry_was_refused_it_is_not_shown_that_nothing_is_opened(name: str, minutes: float) -> None:
    found = over(drilled(name, minutes, WithoutAnswer, SeldomHarness))
    assert (found.failed(), found.holds()["nothing is opened"]) == (set(), None)
    assert seen_of(found).startswith("not shown: nothing in 5 s; the strategy wanted no entry, and no trial entry was answered")
    assert found.why.startswith("DrillNotObserved: nothing is opened: not shown: ")
    assert found.run.left == [], "all is given back even so"


def test_a_record_names_what_was_not_shown() -> None:
    found = over(drilled("kill", 1, WithoutAnswer, SeldomHarness))
    assert (found.failed(), found.holds()["nothing is opened"]) == (set(), None)
    assert found.record("kill").holds
    assert found.record("kill").why.endswith("; NOT SHOWN: orders gone, nothing is opened")


def seen_of(found: CarriedOut, name: str = "nothing is opened") -> str:
    return next(each.seen for each in found.run.steps if each.name == name)


# -- bugs that are planted -----------------------------------------------------------------------------------------------


def test_a_trader_that_ignores_the_end_of_its_lease_fails_the_drill(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AccountLimits, "lacks_lease", lambda self, now: False)
    found = over(drilled("controller-death", 2.5))
    assert found.failed() == {"only reduces", "nothing is opened"}
    assert not found.record("controller-death").evidence().holds


@pytest.mark.parametrize(("name", "minutes"), [("rollback", 1.5), ("controller-death", 2.5)])
def test_a_trader_that_says_that_it_only_reduces_and_buys_fails_the_drill(
    monkeypatch: pytest.MonkeyPatch, name: str, minutes: float
) -> None:
    """It raises its cap as it should, so that only the venue and its orders show that it buys."""
    plant(monkeypatch, account_checks.may_enlarge)
    found = over(drilled(name, minutes))
    assert found.failed() == {"nothing is opened"}
    found = over(drilled(name, minutes, harness=SeldomHarness))
    assert found.failed() == {"nothing is opened"}, "though the strategy wanted nothing"


def test_a_trial_entry_that_is_refused_for_another_reason_does_not_show_that_nothing_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class OfWhatIsHeld(SimulatedSystem):
        async def trial_entry(self, symbol: str, reason: str) -> None:
            await super().trial_entry("BTC/USDT", reason)

    plant(monkeypatch, account_checks.may_enlarge)
    found = over(drilled("rollback", 1.5, OfWhatIsHeld, SeldomHarness))
    assert (found.failed(), found.holds()["nothing is opened"]) == (set(), None)
    assert "for another reason: SYMBOL_BUSY" in seen_of(found)


def test_a_limit_is_shown_by_a_trial_entry_where_the_strategy_wants_no_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    found = over(drilled("limit-breach", 1, harness=SeldomHarness))
    assert (found.failed(), found.why) == (set(), ""), found.told
    assert "risk refused a trial entry in ETH/USDT: POSITIONS_MAX: open=1 max=0" in seen_of(found, "entry refused")
    assert found.holds()["nothing is opened"] is True
    plant(monkeypatch, account_checks.has_room)
    found = over(drilled("limit-breach", 1, harness=SeldomHarness))
    assert found.failed() == {"entry refused", "nothing is opened"}


def test_a_pilot_that_holds_and_does_not_contain_fails_the_drill() -> None:
    class Lenient(SimulatedSystem):
        async def contain(self, reason: str) -> str:
            self._stage.tell_pilot("ann", said.HoldIt(reason=reason, contains=False))
            return ""

    found = over(drilled("rollback", 1.5, Lenient))
    assert found.failed() == {"contained", "nothing is opened"}


def test_a_trader_that_takes_a_limit_and_does_not_obey_it_fails_the_drill(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, account_checks.has_room)
    assert over(drilled("limit-breach", 1)).failed() == {"entry refused", "nothing is opened"}


def test_a_kill_that_cancels_nothing_fails_the_drill(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trader is dead, so nothing but the kill could cancel."""

    async def cancel(self: Any, is_meant: Any) -> Any:
        return await self._asked(self._venue.open_orders)

    sound = over(drilled("kill", 1.5, WithAnEntry, acts=LATER))
    assert (sound.failed(), sound.holds()["trader stands still"]) == (set(), None), sound.told
    assert (sound.holds()["orders gone"], sound.holds()["nothing is opened"]) == (True, None), "a dead trader refuses no entry"
    assert "1 orders that protect nothing" in next(each.expected for each in sound.run.steps if each.name == "orders gone")
    monkeypatch.setattr(Killer, "_cancel", cancel)
    assert over(drilled("kill", 1.5, WithAnEntry, acts=LATER)).failed() == {"orders gone", "nothing is opened"}


def test_a_kill_that_takes_the_stops_away_fails_the_drill(monkeypatch: pytest.MonkeyPatch) -> None:
    true = Killer._cancel

    async def cancel(self: Any, is_meant: Any) -> Any:
        return await true(self, lambda order: True)

    monkeypatch.setattr(Killer, "_cancel", cancel)
    assert over(drilled("kill", 1.5, WithAnEntry, acts=LATER)).failed() == {"stops stay at the venue"}


LATER: dict[float, Any] = {80.0: DrilledHarness.come_back}
"""A play ends with a trader."""


class WithAnEntry(SimulatedSystem):
    """Its trader died while an entry rested at the venue."""

    def lacks_trader(self) -> str:
        return "it is dead"

    @asynccontextmanager
    async def observed(self) -> AsyncIterator[ObservedAccount]:
        stage = self._stage
        stage.kill_trader()
        limit = NewOrder(
            symbol="BTCUSDT",
            side=Side.BUY,
            type=OrderType.LIMIT,
            quantity=parse("1") or 0,
            price=parse("50") or 0,
            client_id="fw-main-abcde-1-1-e",
        )
        await stage.exchange.backend.place(ACCOUNT, limit)
        async with super().observed() as seen:
            yield seen


def plant(monkeypatch: pytest.MonkeyPatch, check: Any) -> None:
    """The trader asks everything but this."""
    monkeypatch.setattr(review, "INTENT_CHECKS", tuple(each for each in review.INTENT_CHECKS if each is not check))
