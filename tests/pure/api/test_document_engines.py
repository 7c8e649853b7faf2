"""The state of an engine, and why a start is refused, as plain functions of status, caps and stage."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from fairway.api.documents.engine_checks import check_condition, check_start
from fairway.api.documents.engine_state import EngineCondition, SymbolEngine, engines_of
from fairway.api.documents.stage_outlook import StageOutlook
from fairway.api.problems import HttpProblem
from fairway.journal.kinds import LeaseAccepted
from fairway.money.amount import Amount, exact
from fairway.operations.trader.caps import AccountCaps
from fairway.operations.trader.status import AccountStatus, StatusOutcome, TraderStatus
from fairway.reports.holdings import holdings
from fairway.risk.cap_kinds import KILL, NAKED
from fairway.risk.caps import Cap, held, of_settings, paused, reduce_only
from fairway.risk.limits import NO_LIMITS, Limits, TradingState

SYMBOLS = ("BTC/USDT", "ETH/USDT")
CONTEXT: Any = SimpleNamespace(settings=SimpleNamespace(symbols=SYMBOLS, mode="live", quote="USDT"), config=Path("fairway.yaml"))
STAGE = StageOutlook(
    stage="first-100",
    allows="capital 100 USDT",
    limits=Limits(capital=Amount.of(100, "USDT")),
    following="first-300",
    missing=("gate orders: INSUFFICIENT",),
)
KILLED = Cap(id="kill account", kind=KILL, limits=Limits(state=TradingState.KILLED), reason="it loses", since=1)


def engines(
    *caps: Cap, running: bool | None = True, why_not: str = "", lease: Limits | None = None, started: bool = True
) -> tuple[SymbolEngine, ...]:
    accepted = LeaseAccepted(epoch=1, until=9, limits=lease, by="pilot") if lease is not None else None
    its = AccountCaps(
        account="main",
        caps=caps,
        settings_cap=of_settings(NO_LIMITS),
        may_open=not caps,
        doubt="",
        lost={},
        lease=accepted,
        needs_lease=lease is not None,
        has_launch=False,
        has_wide_kill=False,
    )
    status = StatusOutcome(
        now=10,
        accounts=(AccountStatus(holdings=holdings("main", (), 10), stage="", why_not=why_not),),
        trader=TraderStatus(is_started=started, last_at=8, is_running=running),
    )
    return engines_of(SYMBOLS, status, [its])


def conditions(*caps: Cap, **more: Any) -> list[str]:
    return [each.leading.condition.value for each in engines(*caps, **more) if each.leading is not None]


def test_an_engine_runs_where_nothing_keeps_it() -> None:
    assert conditions() == ["running", "running"]
    assert conditions(running=None) == ["running", "running"]
    assert engines()[0].heartbeat == 8


def test_a_pause_is_of_all_symbols_and_a_cap_of_one_blocks_that_one() -> None:
    assert conditions(paused("a holiday", "me", 1)) == ["paused", "paused"]
    assert conditions(held("ETH/USDT", "it is unexplained", 1)) == ["running", "blocked"]
    assert conditions(reduce_only(NAKED, "no stop", 1), paused("so", "me", 1)) == ["paused", "paused"]


def test_a_kill_and_a_missing_trader_count_more_than_all_else() -> None:
    assert conditions(paused("so", "me", 1), KILLED) == ["killed", "killed"]
    assert conditions(KILLED, running=False) == ["stopped", "stopped"]
    assert conditions(started=False, running=None) == ["stopped", "stopped"]


def test_what_status_says_blocks_and_so_does_a_stage_without_the_symbol() -> None:
    assert conditions(why_not="it has no lease") == ["blocked", "blocked"]
    assert conditions(lease=Limits(symbols=frozenset({"BTC/USDT"}))) == ["running", "blocked"]


def test_an_engine_of_many_accounts_is_as_active_as_its_most_active_one() -> None:
    (first, _), (other, _) = engines(KILLED), engines()
    both = replace(first, accounts=(*first.accounts, *other.accounts))
    assert both.leading is not None
    assert both.leading.condition is EngineCondition.RUNNING


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"symbol": "DOGE/USDT"}, "ENGINE_SYMBOL_UNKNOWN: symbol=DOGE/USDT"),
        ({"mode": "paper"}, "ENGINE_MODE_DIFFERS: mode=live"),
        ({"mode": "practice"}, "ENGINE_MODE_DIFFERS: mode=live"),
        ({"capital": "100.000000001"}, "ENGINE_CAPITAL_ABOVE_STAGE: allowed=100"),
    ],
)
def test_a_refused_start_names_the_stage_what_it_allows_and_what_is_missing(asked: dict[str, Any], code: str) -> None:
    with pytest.raises(HttpProblem) as refused:
        start(**asked)
    assert (refused.value.status, refused.value.code) == (409, code)
    assert refused.value.detail.endswith(
        "The launch is in stage first-100, which allows: capital 100 USDT. "
        "For the next stage, first-300, is missing: gate orders: INSUFFICIENT"
    )


def start(symbol: str = "BTC/USDT", mode: str | None = None, capital: str | None = None, stage: StageOutlook = STAGE) -> None:
    check_start(symbol, mode, exact(capital) if capital is not None else None, stage, CONTEXT)


def test_a_start_within_the_stage_is_let_through() -> None:
    start()
    start(mode="live", capital="100")
    start(capital="99.5")
    start(capital="5000", stage=replace(STAGE, limits=NO_LIMITS))


def test_no_capital_is_promised_where_nothing_may_be_opened_or_no_stage_is_known() -> None:
    """Without a capital there is nothing to promise: the pause may be lifted."""
    closed = replace(STAGE, limits=Limits(state=TradingState.REDUCE_ONLY))
    unknown = StageOutlook(stage="", allows="no launch has begun", limits=None)
    for stage, code in ((closed, "ENGINE_STAGE_CLOSED"), (unknown, "ENGINE_STAGE_UNKNOWN")):
        start(stage=stage)
        with pytest.raises(HttpProblem) as refused:
            start(capital="1", stage=stage)
        assert refused.value.code == code


def test_no_lift_starts_what_was_killed_or_does_not_run() -> None:
    for caps, more, code in (((KILLED,), {}, "ENGINE_KILLED"), ((), {"running": False}, "ENGINE_STOPPED")):
        with pytest.raises(HttpProblem) as refused:
            check_condition(engines(*caps, **cast(dict[str, Any], more))[0], STAGE, CONTEXT)
        assert refused.value.code == code
    check_condition(engines(paused("so", "me", 1))[0], STAGE, CONTEXT)
