"""Faults with what an account is told: twice, late, or never."""

from collections.abc import Sequence

from tests.pure.exchange.fault_values import AT, BALANCES, LIST, NEW, TRADE, fault

from fairway.exchange.events import ExchangeEvent
from fairway.exchange.faults.active import ActiveFaults
from fairway.exchange.faults.port import Fault, FaultScope

Told = list[tuple[int, ExchangeEvent]]


def told(it: Fault, *events: ExchangeEvent, account: str = "alice") -> Told:
    """All that the account hears of these events, with delays in ms."""
    active = ActiveFaults()
    active.add(it)
    heard: Sequence[tuple[int, ExchangeEvent]] = [one for event in events for one in active.alter_user_event(account, event, AT)]
    return [(delay // 1_000_000, event) for delay, event in heard]


def test_duplicate_events_are_told_twice() -> None:
    """At once, or after a while."""
    assert told(fault("duplicate_events"), NEW) == [(0, NEW), (0, NEW)]
    assert told(fault("duplicate_events", after_ms=40), NEW) == [(0, NEW), (40, NEW)]


def test_reordered_events_are_overtaken() -> None:
    """Every second one is late, so the third comes before it."""
    heard = told(fault("reordered_events", late_ms=500, every=2), NEW, TRADE, BALANCES)
    assert heard == [(0, NEW), (500, TRADE), (0, BALANCES)]


def test_reordered_events_spread_by_chance_within_bounds() -> None:
    """The same seed gives the same delays."""
    first = told(fault("reordered_events", late_ms=100, spread_ms=400), *[NEW] * 50)
    again = told(fault("reordered_events", late_ms=100, spread_ms=400), *[NEW] * 50)
    delays = [delay for delay, _ in first]
    assert first == again
    assert min(delays) >= 100
    assert max(delays) <= 500
    assert len(set(delays)) > 10


def test_missing_events_are_never_told() -> None:
    """All of them, or those of one execution only, as often as was said."""
    assert told(fault("missing_events"), NEW, TRADE, BALANCES, LIST) == []
    assert told(fault("missing_events", executions=["TRADE"]), NEW, TRADE, BALANCES) == [(0, NEW), (0, BALANCES)]
    assert told(fault("missing_events", executions=["TRADE"], times=1), TRADE, TRADE) == [(0, TRADE)]
    assert told(fault("missing_events", every=3), NEW, TRADE, BALANCES) == [(0, NEW), (0, TRADE)]


def test_a_scope_chooses_events_by_name_and_symbol() -> None:
    """Names are those of the wire."""
    by_name = fault("missing_events", FaultScope(endpoints=("outboundAccountPosition", "listStatus")))
    assert told(by_name, NEW, BALANCES, LIST) == [(0, NEW)]
    assert told(fault("missing_events", FaultScope(symbol="ETHUSDT")), NEW, LIST) == [(0, NEW), (0, LIST)]
    assert told(fault("missing_events", FaultScope(account="bob")), NEW) == [(0, NEW)]


def test_a_muted_stream_says_nothing() -> None:
    """Neither frames nor events; with options, only one of the two."""
    both = fault("muted_stream")
    assert both.alter_frame("BTCUSDT", "trade", b"{}", AT) is None
    assert told(both, NEW, BALANCES) == []
    account_only = fault("muted_stream", market=False)
    assert account_only.alter_frame("BTCUSDT", "trade", b"{}", AT) == b"{}"
    assert told(account_only, NEW) == []
    market_only = fault("muted_stream", account=False)
    assert market_only.alter_frame("BTCUSDT", "trade", b"{}", AT) is None
    assert told(market_only, NEW) == [(0, NEW)]


def test_a_muted_stream_can_be_one_kind_or_one_account() -> None:
    """The scope says which; an account's scope spares the market's streams."""
    books = fault("muted_stream", FaultScope(endpoints=("bookTicker",)))
    assert books.alter_frame("BTCUSDT", "bookTicker", b"{}", AT) is None
    assert books.alter_frame("BTCUSDT", "kline", b"{}", AT) == b"{}"
    assert told(books, NEW) == [(0, NEW)]
    alice = fault("muted_stream", FaultScope(account="alice"))
    assert alice.alter_frame("BTCUSDT", "trade", b"{}", AT) == b"{}"
    assert told(alice, NEW) == []
    assert told(alice, NEW, account="bob") == [(0, NEW)]
