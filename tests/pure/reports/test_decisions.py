"""What a trader decided, folded from a journal written by hand."""

from decimal import Decimal

from tests.pure.reports.runs import PAIRS, Scribe

from fairway.journal import kinds
from fairway.money.amount import Price
from fairway.orders import lifecycle
from fairway.orders.ids import Role
from fairway.orders.intent import ExitCause
from fairway.reports.decisions import DECISIONS_MAX, FOLLOWING_MAX, DecisionAction, DecisionLog, TraderDecision
from fairway.risk.caps import paused
from fairway.world.clock import SECOND


def log_of(scribe: Scribe) -> DecisionLog:
    log = DecisionLog()
    for number, (event, at) in enumerate(scribe.events, start=1):
        log.take(event, number, at)
    return log


def bought(scribe: Scribe, symbol: str = "BTC/USDT") -> Scribe:
    scribe.buy(symbol, "0.1", "100", stop="90", target="120", why="close above the high")
    return scribe


def of(log: DecisionLog, action: DecisionAction) -> list[TraderDecision]:
    return [each for each in log.newest("", DECISIONS_MAX) if each.action is action]


def test_an_entry_has_its_levels_and_the_orders_that_followed() -> None:
    scribe = bought(Scribe().begin())
    (entry,) = of(log_of(scribe), DecisionAction.ENTER)
    assert (entry.symbol, entry.reason, entry.code) == ("BTC/USDT", "close above the high", "")
    assert (entry.stop, entry.target) == (Price(Decimal(90), "BTC", "USDT"), Price(Decimal(120), "BTC", "USDT"))
    assert [order.rpartition("-")[2] for order in entry.orders] == ["e", "s", "t"]


def test_a_refused_entry_has_its_code_and_the_words_for_it() -> None:
    scribe = Scribe().begin()
    scribe.write(kinds.EntryRefused(symbol="ETH/USDT", code="LEASE_MISSING: account=main", intent="close above the high"))
    (refused,) = of(log_of(scribe), DecisionAction.REFUSE)
    assert refused.code == "LEASE_MISSING: account=main"
    assert refused.reason
    assert refused.orders == ()


def test_an_exit_has_its_cause_and_the_order_that_sold() -> None:
    scribe = bought(Scribe().begin()).later(SECOND)
    scribe.write(kinds.ExitWanted(symbol="BTC/USDT", why="five bars are over", cause=ExitCause.TIME))
    sale = scribe.draft("BTC/USDT", Role.EXIT, Decimal("0.1"))
    log = log_of(scribe)
    (left,) = of(log, DecisionAction.EXIT)
    assert (left.code, left.reason, left.orders) == ("time", "five bars are over", (sale.id,))
    assert sale.id not in of(log, DecisionAction.ENTER)[0].orders


def test_an_exit_of_an_earlier_position_gets_no_order_of_a_later_one() -> None:
    scribe = bought(Scribe().begin())
    scribe.write(kinds.ExitWanted(symbol="BTC/USDT", why="the trend has turned"))
    bought(scribe.later(SECOND))
    sale = scribe.draft("BTC/USDT", Role.EXIT, Decimal("0.1"))
    log = log_of(scribe)
    assert of(log, DecisionAction.EXIT)[0].orders == ()
    newest, oldest = of(log, DecisionAction.ENTER)
    assert newest.orders[-1] == sale.id
    assert sale.id not in oldest.orders


def test_a_stop_through_which_the_price_has_gone_is_an_exit() -> None:
    scribe = bought(Scribe().begin())
    scribe.write(kinds.StopFailed(symbol="BTC/USDT", why="the price is at 80"))
    assert [(each.code, each.reason) for each in of(log_of(scribe), DecisionAction.EXIT)] == [("stop", "the price is at 80")]


def test_a_cap_on_the_account_concerns_each_symbol_and_another_symbol_none() -> None:
    scribe = bought(bought(Scribe().begin()), "ETH/USDT").later(SECOND)
    scribe.write(kinds.CapRaised(cap=paused("a holiday", "ann", scribe.now)))
    log = log_of(scribe)
    assert [(each.action, each.symbol) for each in log.newest("ETH/USDT", 50)] == [
        (DecisionAction.CAP, ""),
        (DecisionAction.ENTER, "ETH/USDT"),
    ]
    assert log.newest("ETH/USDT", 1)[0].code == "paused"
    assert len(log.newest("", 50)) == 3


def test_the_newest_thousand_are_kept() -> None:
    log = DecisionLog()
    for number in range(1, DECISIONS_MAX + 11):
        log.take(kinds.EntryRefused(symbol="BTC/USDT", code=f"DATA_STALE: age_ms={number}", intent=""), number, number)
    kept = log.newest("", DECISIONS_MAX + 100)
    assert (len(kept), kept[0].number, kept[-1].number) == (DECISIONS_MAX, DECISIONS_MAX + 10, 11)


def test_the_newest_orders_of_a_stop_that_moves_for_long_are_kept() -> None:
    scribe = bought(Scribe().begin())
    stops = [scribe.draft("BTC/USDT", Role.STOP, Decimal("0.1"), price=Decimal(90)) for _ in range(FOLLOWING_MAX + 5)]
    (entry,) = of(log_of(scribe), DecisionAction.ENTER)
    assert entry.orders == tuple(each.id for each in stops[-FOLLOWING_MAX:])


def test_events_that_decide_nothing_are_left_out() -> None:
    scribe = Scribe().begin()
    scribe.mark({symbol: Decimal(100) for symbol in PAIRS})
    scribe.write(lifecycle.OrderSent("fw-main-1-1-x"))
    assert log_of(scribe).newest("", 50) == ()
