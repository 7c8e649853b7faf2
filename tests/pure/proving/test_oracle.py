"""Each rule of the oracle has been seen to find: the log of a good play is tampered with, and the right rule says so."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import msgspec
import pytest

from fairway.exchange.answers import Balance, OrderStatus
from fairway.exchange.events import BalancesChanged, Execution, OrderReport
from fairway.exchange.terms import OrderType, Side
from fairway.exchange.units import ONE
from fairway.journal.commands import IssueLease
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.orders.ids import ClientId, Role
from fairway.proving.coins import Unprotected, own_id
from fairway.proving.exchange_log import EntryBan, IssuedLease, MarketPoint
from fairway.proving.exchange_recorder import FOR_EVER
from fairway.proving.harness import Harness
from fairway.proving.oracle import ORACLE
from fairway.proving.oracle_case import OracleCase
from fairway.proving.outages import Outage
from fairway.proving.scenario_script import enter, leave
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import NO_LIMITS, Limits
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS

Tamper = Callable[[OracleCase], OracleCase]


@cache
def played() -> OracleCase:
    """A position is opened and closed, and another one opened, which is protected at the end."""
    stage = Harness(enter(0), leave(1), enter(2))
    stage.run(minutes=5)
    return stage.run_result().case


def second(seconds: float) -> int:
    return EPOCH_NS + round(seconds * SECOND)


def with_log(case: OracleCase, **changes: object) -> OracleCase:
    return OracleCase(replace(case.log, **changes), case.facts)  # type: ignore[arg-type]


def with_facts(case: OracleCase, **changes: object) -> OracleCase:
    return OracleCase(case.log, replace(case.facts, **changes))  # type: ignore[arg-type]


def found(case: OracleCase) -> set[str]:
    return {name for name, rule in ORACLE.items() if any(True for _ in rule(case))}


def changed(report: OrderReport, **changes: object) -> OrderReport:
    return msgspec.structs.replace(report, order=msgspec.structs.replace(report.order, **changes))


# -- tampering -------------------------------------------------------------------------------------------------------


def without_stops(case: OracleCase) -> OracleCase:
    return with_log(case, reports=[it for it in case.log.reports if it.order.type is not OrderType.STOP_LOSS])


def with_small_stops(case: OracleCase) -> OracleCase:
    """A tenth of each, as if they were for something else."""

    def small(report: OrderReport) -> OrderReport:
        is_stop = report.order.type is OrderType.STOP_LOSS
        return changed(report, quantity=report.order.quantity // 10) if is_stop else report

    return with_log(case, reports=[small(it) for it in case.log.reports])


def sold_again(case: OracleCase) -> OracleCase:
    """The sale of the first position is executed once more at the end."""
    sale = next(it for it in case.log.reports if it.fill is not None and it.order.side is Side.SELL)
    return with_log(case, reports=[*case.log.reports, msgspec.structs.replace(sale, at=second(290))])


def with_a_second_stop(case: OracleCase) -> OracleCase:
    """Outside the pair, for the same coins."""
    stop = [it for it in case.log.reports if it.order.type is OrderType.STOP_LOSS and it.execution is Execution.NEW][-1]
    again = changed(stop, list_id=-1, order_id=10_000)
    return with_log(case, reports=[*case.log.reports, msgspec.structs.replace(again, at=second(250))])


def with_an_exit_that_rests(case: OracleCase) -> OracleCase:
    sale = next(it for it in case.log.reports if it.fill is not None and it.order.side is Side.SELL)
    rests = changed(sale, status=OrderStatus.NEW, order_id=10_000, quantity=ONE, executed=0, type=OrderType.LIMIT)
    return with_log(case, reports=[*case.log.reports, msgspec.structs.replace(rests, at=second(200), fill=None)])


def with_an_id_used_again(case: OracleCase) -> OracleCase:
    buys = [it for it in case.log.reports if it.order.side is Side.BUY]
    return with_log(case, reports=[*case.log.reports, changed(buys[0], order_id=10_000, status=OrderStatus.EXPIRED)])


def with_orders_of_a_newer_trader(case: OracleCase) -> OracleCase:
    buy = next(it for it in case.log.reports if it.order.side is Side.BUY)
    known = ClientId.parse(own_id(buy))
    assert known is not None
    newer = str(msgspec.structs.replace(known, epoch=7, sequence=1, role=Role.STOP))
    answers = [*case.log.answers, case.log.answers[-1]._replace(endpoint="order.place", ids=(newer,))]
    other = changed(buy, client_id=newer, order_id=10_000, created_at=second(61), status=OrderStatus.EXPIRED, side=Side.SELL)
    return with_log(case, reports=[*case.log.reports, other], answers=answers)


def forbidden(since: float, until: float = 600) -> Tamper:
    return lambda case: with_facts(case, restrictions=[EntryBan(second(since), second(until), "a pause")])


def leased(*issued: IssuedLease) -> Tamper:
    return lambda case: with_facts(case, issued=issued)


def lease(at: float, until: float, epoch: int = 1, limits: Limits = NO_LIMITS) -> IssuedLease:
    return IssuedLease(second(at), IssueLease(reason="test", epoch=epoch, until=second(until), limits=limits))


def losing(case: OracleCase) -> OracleCase:
    """From second 70 on the price is half, and from second 100 on so is the money."""

    def halved(changed: BalancesChanged) -> BalancesChanged:
        balances = tuple(Balance(it.asset, it.free // 2, it.locked // 2) for it in changed.balances)
        return msgspec.structs.replace(changed, balances=balances) if changed.at > second(100) else changed

    points = [it._replace(last=it.last // 2) if it.at > second(70) else it for it in case.log.market["BTCUSDT"]]
    return with_log(case, market={"BTCUSDT": points}, balances=[halved(it) for it in case.log.balances])


def guarded(**bounds: Fraction) -> Tamper:
    def change(case: OracleCase) -> OracleCase:
        rules = msgspec.structs.replace(case.facts.rules, guards=GuardRules(**bounds))
        return with_facts(losing(case), rules=rules)

    return change


def limited(**limits: object) -> Tamper:
    def change(case: OracleCase) -> OracleCase:
        return with_facts(case, rules=msgspec.structs.replace(case.facts.rules, limits=Limits(**limits)))  # type: ignore[arg-type]

    return change


TAMPERED: dict[str, tuple[Tamper, set[str]]] = {
    "stops are missing": (without_stops, {"6 each bought coin is protected"}),
    "stops are for a tenth": (with_small_stops, {"6 each bought coin is protected"}),
    "a sale is executed again": (sold_again, {"7 no coin is sold twice"}),
    "two stops for the same coins": (with_a_second_stop, {"7 no coin is sold twice", "1 a client id is used once"}),
    "an exit rests": (
        with_an_exit_that_rests,
        {"4 at the end each order has its purpose", "7 no coin is sold twice", "1 a client id is used once"},
    ),
    "an id is used again": (with_an_id_used_again, {"1 a client id is used once"}),
    "a newer trader is there": (with_orders_of_a_newer_trader, {"8 an older trader buys nothing"}),
    "buying was forbidden": (forbidden(100), {"8 nothing is bought while forbidden"}),
    "no lease": (leased(), {"8 nothing is bought without a lease"}),
    "a lease that ends": (leased(lease(10, 70)), {"8 nothing is bought without a lease"}),
    "a lease of an older issuer": (leased(lease(10, 70, 2), lease(70, 300)), {"8 nothing is bought without a lease"}),
    "a daily loss": (guarded(daily_loss=Fraction.parse("2 %")), {"8 a loss stops entries"}),
    "a breaker": (
        guarded(breaker_loss=Fraction.parse("2 %")),
        {"8 a loss stops entries", "8 an emergency sells everything"},
    ),
    "orders too large": (limited(order_value=Amount.of(100, "USDT")), {"8 buys are within limits"}),
    "orders too often": (limited(orders_a_minute=0), {"8 buys are within limits"}),
    "too many positions": (limited(positions=0), {"8 buys are within limits"}),
}


def test_a_good_play_breaks_no_rule() -> None:
    assert found(played()) == set()
    assert {own_id(it) for it in played().log.reports} <= played().log.sent


@pytest.mark.parametrize("what", TAMPERED)
def test_a_tampered_log_breaks_the_right_rule(what: str) -> None:
    tamper, rules = TAMPERED[what]
    assert found(tamper(played())) == rules


def test_every_rule_has_been_seen_to_find() -> None:
    assert set().union(*(rules for _, rules in TAMPERED.values())) == set(ORACLE)


@pytest.mark.parametrize(
    "allowed",
    [
        forbidden(400),
        forbidden(62, 178),
        leased(lease(10, 70), lease(170, 300)),
        leased(lease(10, 300, 2), lease(70, 71, 1)),
        limited(order_value=Amount.of(2_000, "USDT"), orders_a_minute=1, positions=1),
    ],
)
def test_what_was_allowed_breaks_no_rule(allowed: Tamper) -> None:
    assert found(allowed(played())) == set()


def test_a_trouble_excuses_a_missing_stop_only_while_it_lasts() -> None:
    case = without_stops(played())
    assert found(with_facts(case, troubles=[Outage(second(60), second(62), "a storm")])) != set()
    assert found(with_facts(case, troubles=[Outage(second(60), FOR_EVER, "a storm")])) == set()
    assert found(with_facts(case, troubles=[Outage(second(60), FOR_EVER, "a halt", "BTCUSDT")])) == set()
    assert found(with_facts(case, troubles=[Outage(second(60), FOR_EVER, "a halt", "ETHUSDT")])) != set()


def test_a_cap_excuses_a_missing_stop_only_of_coins_that_the_journal_does_not_know() -> None:
    told = EntryBan(second(0), FOR_EVER, "a person must look", calls_person=True)
    case = with_facts(without_stops(played()), restrictions=[told])
    rule = "6 each bought coin is protected"
    assert rule in found(case)
    assert rule not in found(with_facts(case, journaled=frozenset()))


def test_an_empty_book_excuses_a_missing_stop() -> None:
    case = without_stops(played())
    points = [MarketPoint(it.at, it.last, 0) for it in case.log.market["BTCUSDT"]]
    assert found(with_log(case, market={"BTCUSDT": points})) == set()


def test_coins_are_counted_first_in_first_out() -> None:
    """The first position was unprotected until it was sold, the second one to the end; each has the order that bought it."""
    tracker = without_stops(played()).trackers["BTCUSDT"]
    assert all(isinstance(it, Unprotected) and it.since < it.until and it.quantity > 0 for it in tracker.unprotected)
    buys = [own_id(it) for it in played().log.reports if it.order.side is Side.BUY and it.fill is not None]
    assert list(dict.fromkeys(it.order_id for it in tracker.unprotected)) == list(dict.fromkeys(buys))
    assert tracker.unprotected[-1].until == played().facts.ended_at
