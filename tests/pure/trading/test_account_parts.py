"""The parts of an account's state, each alone: no part needs the account that it belongs to."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace
from tests.pure.trading.test_step import PAIR, SYMBOL

import fairway.trading.account
from fairway.journal.kinds import (
    BalancesOpened,
    CapLifted,
    CapRaised,
    CaughtUp,
    EntryPlanned,
    EpochRaised,
    ExitWanted,
    InstructionTaken,
    LeaseAccepted,
    Protected,
    StopFailed,
    StopMoved,
    StreamLost,
    StreamRestored,
    TraderStarted,
    TraderStopped,
    Unexplained,
)
from fairway.money.amount import ZERO, Amount, Price
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderAccepted, OrderExpired, OrderFilled, OrderSent
from fairway.orders.order import Fill, Order, OrderType, Side
from fairway.risk import cap_kinds
from fairway.risk.caps import reduce_only
from fairway.risk.limits import NO_LIMITS, Limits, TradingState
from fairway.trading.account.limits import AccountLimits
from fairway.trading.account.money import UNCHANGED, Money
from fairway.trading.account.orders import Orders
from fairway.trading.account.protection import Protection
from fairway.trading.account.retries import CLOSE_SETTLES_NS, SALE_PAUSE, Retries
from fairway.trading.account.starts import Starts
from fairway.trading.account.venue_access import VenueAccess
from fairway.venues.port import StreamChannel

S = 1_000_000_000
PARTS = Path(fairway.trading.account.__file__).parent


def price(value: str) -> Price:
    return Price.of(value, PAIR.base, PAIR.quote)


def order(role: Role = Role.ENTRY, number: int = 1, quantity: str = "1") -> Order:
    return Order(
        id=f"fw-main-abcde-1-{number}-{role.value}",
        symbol=SYMBOL,
        side=Side.BUY if role is Role.ENTRY else Side.SELL,
        type=OrderType.MARKET,
        role=role,
        quantity=Amount.of(quantity, PAIR.base),
        filled=Amount(ZERO, PAIR.base),
        cost=Amount(ZERO, PAIR.quote),
    )


def fill(trade_id: str, quantity: str, at: int = S) -> Fill:
    return Fill(
        trade_id=trade_id,
        price=price("100"),
        quantity=Amount.of(quantity, PAIR.base),
        quote=Amount.of("100", PAIR.quote),
        fee=Amount(ZERO, PAIR.quote),
        is_maker=False,
        at=at,
    )


def test_an_order_number_is_used_up_by_the_sent_order_and_a_target_shares_it() -> None:
    starts = Starts("main")
    starts.apply(TraderStarted(account="main", epoch=3, release="t", venue="t", strategy="t", symbols=(SYMBOL,), run="abcde"), S)
    first = starts.next_id(Role.STOP)
    starts.apply(OrderSent("x", "", order(Role.STOP)), S)
    starts.apply(OrderSent("x", "", order(Role.TARGET)), S)
    starts.apply(OrderSent("x", "again"), S)
    assert (starts.sequence, starts.numbered) == (1, {"abcde": {3: 1}})
    assert starts.next_id(Role.STOP) != first
    starts.apply(EpochRaised(epoch=9), S)
    assert (starts.run, starts.epoch, starts.sequence) == ("abcde", 9, 0)
    assert list(starts.unended) == [S]
    starts.apply(TraderStopped(why="stopped", protective_orders=0), S)
    assert list(starts.unended) == []


def test_a_fill_changes_an_order_once() -> None:
    orders = Orders()
    sent = order()
    orders.apply(OrderSent(sent.id, "", sent), S)
    first = orders.apply(OrderFilled(sent.id, fill=fill("1", "0.4")), S)
    assert first is not None
    assert first.order.filled == Amount.of("0.4", PAIR.base)
    assert orders.apply(OrderFilled(sent.id, fill=fill("1", "0.4")), S) is None
    with pytest.raises(KeyError):
        orders.apply(OrderFilled("unheard of", fill=fill("2", "0.1")), S)


def test_money_names_the_round_trip_that_a_fill_has_closed() -> None:
    money = Money({SYMBOL: PAIR})
    money.apply(BalancesOpened(balances={PAIR.quote: Amount.of("1000", PAIR.quote).value}), 5)
    assert (money.opened_at, money.tied_at) == (5, 5)
    assert money.apply(OrderFilled("e", fill=fill("1", "1")), S, order()) == UNCHANGED
    closed = money.apply(OrderFilled("x", fill=fill("2", "1")), S, order(Role.EXIT)).closed
    assert closed is not None
    assert list(money.trips) == [closed]
    assert not money.ledger.positions


def test_money_is_tied_only_when_no_difference_is_left() -> None:
    money = Money({SYMBOL: PAIR})
    money.unexplained["BNB"] = Amount.of("1", "BNB").value
    money.apply(CaughtUp(channels=()), 7)
    assert money.tied_at == 0
    money.unexplained.clear()
    money.apply(CaughtUp(channels=()), 8)
    assert money.tied_at == 8
    taken = money.apply(Unexplained(amount=Amount.of("1", "BNB"), asked_at=8), 8)
    assert taken.closed is None
    assert not taken.was_taken


def test_the_tightest_cap_is_in_force_until_it_is_lifted() -> None:
    limits = AccountLimits(NO_LIMITS, needs_lease=True)
    assert limits.of(SYMBOL).state is TradingState.ACTIVE
    assert limits.lacks_lease(S)
    limits.apply(CapRaised(cap=reduce_only(cap_kinds.JOURNAL, "a test", S)), S)
    assert limits.of(SYMBOL).state is TradingState.REDUCE_ONLY
    assert limits.may_sell(SYMBOL)
    assert limits.why_limited(SYMBOL) == "a test"
    limits.apply(CapLifted(cap_id=cap_kinds.JOURNAL.id_of(), by="ann", why="done"), 2 * S)
    assert (limits.why_limited(SYMBOL), limits.lifted) == ("", {cap_kinds.JOURNAL.id_of(): 2 * S})
    limits.apply(LeaseAccepted(epoch=1, until=9 * S, limits=NO_LIMITS, by="ann"), 3 * S)
    assert not limits.lacks_lease(4 * S)
    assert limits.lacks_lease(9 * S)
    assert limits.lacks_lease(2 * S)
    limits.apply(InstructionTaken(number=4, what="Pause", by="ann"), 3 * S)
    assert limits.last_command == 4


def protected() -> Protection:
    part = Protection(AccountLimits(), Retries())
    part.apply(EntryPlanned(symbol=SYMBOL, order_id="e", stop=price("90"), target=price("120"), why="", quote_age_ns=0), S)
    return part


def test_a_plan_keeps_where_its_stop_was_until_the_moved_one_protects() -> None:
    part = protected()
    part.apply(StopMoved(symbol=SYMBOL, stop=price("95"), why=""), S)
    assert part.plans[SYMBOL].fallback == price("90")
    part.apply(Protected(symbol=SYMBOL, naked_ns=1, total_ns=3), S)
    assert part.plans[SYMBOL].fallback is None
    assert part.naked_ns == {SYMBOL: 3}


def test_a_position_counts_as_naked_from_the_instant_its_stop_rests_no_more() -> None:
    part, stop = protected(), order(Role.STOP)
    resting = Orders()
    resting.apply(OrderSent(stop.id, "", stop), S)
    accepted = resting.apply(OrderAccepted(stop.id, venue_id="7"), S)
    expired = resting.apply(OrderExpired(stop.id), 2 * S)
    part.apply(OrderAccepted(stop.id, venue_id="7"), S, accepted, is_held=True)
    assert part.naked_since == {}
    part.apply(OrderExpired(stop.id), 2 * S, expired, is_held=True)
    assert part.naked_since == {SYMBOL: 2 * S}


def test_a_cap_that_forbids_sales_ends_the_exits_that_were_wanted_but_not_a_failed_stop() -> None:
    limits = AccountLimits()
    part = Protection(limits, Retries())
    part.apply(ExitWanted(symbol="A", why="a signal"), S)
    part.apply(StopFailed(symbol="B", why="the price is below the stop"), S)
    event = CapRaised(cap=replace(reduce_only(cap_kinds.JOURNAL, "a halt", S), limits=Limits(state=TradingState.HALTED)))
    limits.apply(event, S)
    part.apply(event, S)
    assert list(part.exits) == ["B"]


def test_pauses_grow_with_sales_that_sold_nothing_and_a_close_ends_them() -> None:
    retries = Retries()
    for _ in range(4):
        retries.note_expired_sale(SYMBOL, S, has_sold=False)
    assert (retries.failures[SYMBOL], retries.wait_until[SYMBOL]) == (4, S + 2 * SALE_PAUSE.wait_ns(1))
    retries.note_expired_sale(SYMBOL, S, has_sold=True)
    assert retries.failures[SYMBOL] == 0
    retries.close(SYMBOL, 5 * S)
    assert (retries.failures, retries.stalled, retries.wait_until) == ({}, {}, {SYMBOL: 5 * S + CLOSE_SETTLES_NS})


def test_a_stream_is_trusted_again_only_when_it_was_caught_up() -> None:
    access = VenueAccess()
    access.apply(CaughtUp(channels=tuple(channel.value for channel in StreamChannel)), S)
    assert access.down == {}
    access.apply(StreamLost(channel=StreamChannel.ACCOUNT.value, why="reset"), 2 * S)
    access.apply(StreamRestored(channel=StreamChannel.ACCOUNT.value), 3 * S)
    assert access.down == {StreamChannel.ACCOUNT: "reset"}
    assert access.restored == {StreamChannel.ACCOUNT: 3 * S}
    access.apply(CaughtUp(channels=(StreamChannel.ACCOUNT.value,)), 4 * S)
    assert access.down == {}
    assert access.restored == {}
    assert access.up_at == {StreamChannel.ACCOUNT: 3 * S}


def imports() -> Iterator[tuple[str, str]]:
    for path in PARTS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                yield path.stem, node.module or ""


def test_no_part_knows_the_account_or_anything_that_decides() -> None:
    """So none can call back up: of trading, a part imports parts alone."""
    above = [(part, module) for part, module in imports() if module.startswith("fairway.trading")]
    assert above
    assert all(module.startswith("fairway.trading.account.") for _, module in above)
