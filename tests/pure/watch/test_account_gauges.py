"""Gauges of accounts, from journals written by hand."""

from decimal import Decimal

import pytest
from msgspec import Struct
from msgspec.structs import replace
from tests.pure.watch.journals import START, SYMBOL, Pen

from fairway.journal import kinds
from fairway.journal.port import ReplayEntry
from fairway.money.amount import Amount
from fairway.risk import cap_kinds
from fairway.risk.caps import Cap, paused, reduce_only
from fairway.risk.causes import AlertSeverity
from fairway.risk.escalation import Level
from fairway.risk.limits import Limits, TradingState
from fairway.watch.account_gauges import CODEC, FAILED_FOR_NS, AccountGauges
from fairway.watch.gauges import Gauges
from fairway.watch.observer import Observer
from fairway.world.clock import DAY, MILLISECOND, MINUTE


def marked(worth: str, mark: str = "100") -> kinds.Marked:
    return kinds.Marked(worth=Amount(Decimal(worth), "USDT"), marks={SYMBOL: Decimal(mark)})


def gauges_of(events: list[tuple[Struct, int]], now: int, observer: Observer | None = None) -> Gauges:
    found = AccountGauges()
    for seq, (event, at) in enumerate(events, 1):
        kind, version, body = CODEC.encode(event)
        found.fold([ReplayEntry(seq, at, "main", kind, version, body)])
    return found.gauges(observer.accounts if observer is not None else {}, now)


def value(gauges: Gauges, name: str) -> float:
    (sample,) = gauges[name]
    return sample.value


def every_minute(*worths: str) -> list[tuple[Struct, int]]:
    return [(marked(worth), START + index * MINUTE) for index, worth in enumerate(worths)]


def test_drawdown_is_the_share_of_the_peak_that_two_marks_agreed_on() -> None:
    gauges = gauges_of(every_minute("1000", "1200", "1200", "9000", "1140", "1140"), START + 10 * MINUTE)
    assert value(gauges, "fairway_drawdown_ratio") == pytest.approx(0.05)
    assert value(gauges, "fairway_equity_change_ratio") == pytest.approx(0.14)


def test_a_deposit_and_an_announced_withdrawal_are_neither_gain_nor_loss() -> None:
    moved = [
        *every_minute("1000", "1000"),
        (kinds.Unexplained(amount=Amount(Decimal(500), "USDT"), asked_at=START + 2 * MINUTE), START + 2 * MINUTE),
        (marked("1500"), START + 3 * MINUTE),
        (marked("1500"), START + 4 * MINUTE),
        (kinds.TransferAnnounced(amount=Amount(Decimal(-900), "USDT"), by="ann", why="rent"), START + 5 * MINUTE),
        (kinds.Unexplained(amount=Amount(Decimal(-900), "USDT"), asked_at=START + 6 * MINUTE), START + 6 * MINUTE),
        (marked("600"), START + 7 * MINUTE),
        (marked("600"), START + 8 * MINUTE),
    ]
    gauges = gauges_of(moved, START + 10 * MINUTE)
    assert value(gauges, "fairway_drawdown_ratio") == 0
    assert value(gauges, "fairway_equity_change_ratio") == 0


def test_money_that_left_unannounced_is_a_loss() -> None:
    lost = kinds.Unexplained(amount=Amount(Decimal(-200), "USDT"), asked_at=START + 2 * MINUTE)
    events = [*every_minute("1000", "1000"), (lost, START + 2 * MINUTE), (marked("800"), START + 3 * MINUTE)]
    assert value(gauges_of(events, START + 4 * MINUTE), "fairway_drawdown_ratio") == pytest.approx(0.2)


def test_an_account_that_was_never_valued_has_no_sample() -> None:
    gauges = gauges_of([(kinds.AccountFailed(why="a bug", where="step", recent=1), START)], START)
    assert gauges["fairway_drawdown_ratio"] == ()


def test_a_kill_counts_until_it_is_lifted_and_says_how_long_the_trader_took() -> None:
    kill = Cap(
        id="kill account",
        kind=cap_kinds.KILL,
        limits=Limits(state=TradingState.KILLED),
        reason="it buys every minute",
        since=START,
        said_at=START - 700 * MILLISECOND,
    )
    raised: list[tuple[Struct, int]] = [(kinds.CapRaised(cap=kill), START)]
    gauges = gauges_of(raised, START)
    assert (value(gauges, "fairway_kills_in_force"), value(gauges, "fairway_kill_seconds")) == (1, 0.7)
    lifted = kinds.CapLifted(cap_id=kill.id, by="ann", why="looked at")
    assert value(gauges_of([*raised, (lifted, START + MINUTE)], START + MINUTE), "fairway_kills_in_force") == 0


def test_caps_count_by_the_category_of_their_cause_and_a_persons_pause_by_none() -> None:
    caps = [
        paused("a holiday", "ann", START),
        reduce_only(cap_kinds.UNEXPLAINED, "books differ", START),
        Cap(id="breaker L3", kind=cap_kinds.BREAKER_FLEET, limits=Limits(), reason="all fail", since=START),
    ]
    gauges = gauges_of([(kinds.CapRaised(cap=cap), START) for cap in caps], START)
    counted = {each.labels["category"]: each.value for each in gauges["fairway_caps"] if each.value}
    assert counted == {"position mismatch": 1}
    assert value(gauges, "fairway_fleet_breaker") == 1


def test_a_failed_account_counts_for_ten_minutes() -> None:
    failed: list[tuple[Struct, int]] = [(kinds.AccountFailed(why="a bug", where="step", recent=1), START)]
    assert value(gauges_of(failed, START + FAILED_FOR_NS - 1), "fairway_account_failed") == 1
    assert value(gauges_of(failed, START + FAILED_FOR_NS), "fairway_account_failed") == 0


def test_positions_are_counted_with_their_loss_and_their_share_of_the_worth() -> None:
    pen = Pen()
    pen.start().buy("2")
    observer = pen.observer()
    observer.take(marked("1000", "80"), "main", pen.now)
    gauges = gauges_of([(marked("1000", "80"), pen.now)], pen.now + DAY, observer)
    assert value(gauges, "fairway_positions_open") == 1
    assert value(gauges, "fairway_position_loss_ratio") == pytest.approx(0.04)
    assert value(gauges, "fairway_concentration_ratio") == pytest.approx(0.16)


def alarmed(gauges: Gauges) -> dict[str, float]:
    return {each.labels["severity"]: each.value for each in gauges["fairway_guards_alarmed"] if each.value}


def test_an_alarm_of_a_guard_counts_until_it_clears_and_a_cap_until_it_is_lifted() -> None:
    tripped = kinds.GuardTripped(guard="latency", symbol="", level=Level.WARNING, severity=AlertSeverity.P2, code="X: a=1")
    worse = kinds.GuardTripped(guard="latency", symbol="", level=Level.CRITICAL, severity=AlertSeverity.P1, code="X: a=2")
    cap = reduce_only(cap_kinds.CLOCK, "the clock jumps", START)
    events: list[tuple[Struct, int]] = [(tripped, START), (worse, START), (kinds.CapRaised(cap=cap), START)]
    assert alarmed(gauges_of(events, START)) == {"P1": 2}
    events += [(kinds.GuardCleared(guard="latency", symbol="", why="fast again"), START)]
    events += [(kinds.CapLifted(cap_id=cap.id, by="trader", why="right again"), START)]
    assert alarmed(gauges_of(events, START)) == {}


def test_what_another_rule_is_about_is_not_counted_among_the_guards() -> None:
    caps = [
        reduce_only(kind, "a test", START)
        for kind in (cap_kinds.KILL, cap_kinds.NAKED, cap_kinds.UNEXPLAINED, cap_kinds.TOTAL_LOSS, cap_kinds.BREAKER_FLEET)
    ]
    caps[0] = replace(caps[0], limits=Limits(state=TradingState.KILLED))
    assert alarmed(gauges_of([(kinds.CapRaised(cap=cap), START) for cap in caps], START)) == {}
