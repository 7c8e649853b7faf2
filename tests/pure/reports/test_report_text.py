"""Every kind of event has words, and they are those that a person agreed to: see tests/golden/report_words.txt."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from msgspec import structs
from tests.pure.kinds_of_caps import named
from tests.pure.reports.runs import PAIRS, START

from fairway.journal import kinds
from fairway.journal.kinds import EVENTS, Event
from fairway.ledger.reconcile import Standing
from fairway.ledger.result import RoundTrip
from fairway.money.amount import ZERO, Amount, Price
from fairway.orders import lifecycle
from fairway.orders.external_signal import ExternalSignal, SignalAction
from fairway.orders.ids import Role
from fairway.orders.order import Fill, Order, OrderState, OrderType, Side
from fairway.reports.event_context import EventContext, EventText
from fairway.reports.refusals import in_words
from fairway.reports.report_text import text_of_event
from fairway.risk.cap_kinds import KILL
from fairway.risk.caps import Cap, held
from fairway.risk.causes import AlertSeverity
from fairway.risk.escalation import LIMITS_OF, Level
from fairway.risk.limits import Limits, TradingState
from fairway.texts.messages.refusals import ENGLISH, RefusalMessage

GOLDEN = Path(__file__).parents[2] / "golden" / "report_words.txt"


def _killed(*, sells: bool) -> Cap:
    limits = Limits(state=TradingState.KILLED, hands_off=sells)
    why = f"get out (ann, {'flatten' if sells else 'keep-stops'})"
    return Cap(id="kill account", kind=KILL, limits=limits, reason=why, since=1)


def _price(value: str) -> Price:
    return Price.of(value, "BTC", "USDT")


def _btc(value: str) -> Amount:
    return Amount.of(value, "BTC")


def _order(role: Role, state: OrderState = OrderState.OPEN, pair: str = "") -> Order:
    return Order(
        id=f"fw-main-1-1-{role.value}",
        symbol="BTC/USDT",
        side=Side.BUY if role is Role.ENTRY else Side.SELL,
        type=OrderType.MARKET,
        role=role,
        quantity=_btc("0.021"),
        pair=pair,
        state=state,
        filled=_btc("0"),
        cost=Amount(ZERO, "USDT"),
    )


def _scene(role: Role, state: OrderState = OrderState.OPEN, pair: str = "") -> EventContext:
    order = _order(role, state, pair)
    return EventContext(before=order, order=order, instrument=PAIRS["BTC/USDT"], stop=_price("45900"), target=_price("47300"))


_FILL = Fill(
    trade_id="1",
    price=_price("46420.1"),
    quantity=_btc("0.021"),
    quote=Amount.of("974.8221", "USDT"),
    fee=_btc("0.000021"),
    is_maker=False,
    at=START,
)
_SIGNAL = ExternalSignal(source="tv", id="42", symbol="BTC/USDT", action=SignalAction.SELL, sent_at=START, number=42)
_TRIP = RoundTrip(
    symbol="BTC/USDT",
    opened_at=START,
    closed_at=START,
    quantity=_btc("0.021"),
    entry=Decimal("46420.1"),
    exit=Decimal(45900),
    result=Amount.of("-12.4037", "USDT"),
)
_SENT_TWICE = replace(_scene(Role.ENTRY), order=structs.replace(_order(Role.ENTRY), attempts=2))
_NOT_CORRECT = "binance: The relationship of the prices for the orders is not correct."
_BOUGHT = lifecycle.OrderFilled("x", fill=_FILL)

_HALVED = Cap(
    id="guard latency",
    kind=named("guard latency"),
    limits=LIMITS_OF[Level.WARNING],
    reason="GUARD_LATENCY: latency_ms=1200 limit=1000",
    since=1,
)


def _tripped(guard: str, symbol: str, level: Level, code: str) -> Event:
    return kinds.GuardTripped(guard=guard, symbol=symbol, level=level, severity=AlertSeverity.P1, code=code)


SAID: tuple[tuple[Event, EventContext], ...] = (
    (lifecycle.OrderSent("x", order=_order(Role.ENTRY)), _scene(Role.ENTRY)),
    (lifecycle.OrderSent("x", "again, under the same id"), _SENT_TWICE),
    (lifecycle.OrderAdopted("x", "sent by the kill", order=_order(Role.EXIT)), _scene(Role.EXIT)),
    (lifecycle.OrderAdopted("x", "found at the venue, and is not in the journal", order=_order(Role.STOP)), _scene(Role.STOP)),
    (lifecycle.OrderResized("x", "the venue made it 0.01 BTC", quantity=_btc("0.01")), _scene(Role.ENTRY)),
    (lifecycle.OrderLost("x", "timed out after 10 s"), _scene(Role.ENTRY)),
    (lifecycle.OrderLost("x", "timed out after 10 s"), _scene(Role.STOP, pair="p")),
    (lifecycle.OrderUnsent("x", "connection refused"), _scene(Role.ENTRY)),
    (lifecycle.OrderAccepted("x", venue_id="9"), _scene(Role.ENTRY)),
    (lifecycle.OrderAccepted("x", venue_id="9"), _scene(Role.STOP)),
    (lifecycle.OrderAccepted("x", venue_id="9"), _scene(Role.ENTRY, OrderState.UNKNOWN)),
    (lifecycle.OrderAccepted("x", venue_id="9"), _scene(Role.STOP, OrderState.REJECTED)),
    (lifecycle.OrderRejected("x", "insufficient balance"), _scene(Role.ENTRY)),
    (lifecycle.OrderRejected("x", "stop price would trigger immediately"), _scene(Role.STOP)),
    (lifecycle.OrderRejected("x", _NOT_CORRECT), _scene(Role.STOP, pair="p")),
    (lifecycle.OrderRejected("x", _NOT_CORRECT), replace(_scene(Role.TARGET, pair="p"), is_echo=True)),
    (_BOUGHT, _scene(Role.ENTRY)),
    (_BOUGHT, replace(_scene(Role.STOP), trip=_TRIP)),
    (_BOUGHT, _scene(Role.TARGET)),
    (_BOUGHT, replace(_scene(Role.EXIT), trip=_TRIP)),
    (lifecycle.CancelSent("x", "closing"), _scene(Role.STOP)),
    (lifecycle.CancelRefused("x", "still open at the venue"), _scene(Role.TARGET)),
    (lifecycle.OrderCancelled("x", "by its pair"), _scene(Role.TARGET, pair="p")),
    (lifecycle.OrderCancelled("x", "cancelled at the venue"), _scene(Role.ENTRY)),
    (lifecycle.OrderExpired("x", "by its pair"), _scene(Role.STOP, pair="p")),
    (lifecycle.OrderExpired("x", "no order sells at this price"), _scene(Role.ENTRY)),
    (
        kinds.TraderStarted(
            account="main", epoch=1, release="0.1.0", venue="practice", strategy="trend", symbols=("BTC/USDT", "ETH/USDT")
        ),
        EventContext(),
    ),
    (
        kinds.TraderStarted(account="main", epoch=3, release="0.1.0", venue="practice", strategy="trend", symbols=("BTC/USDT",)),
        EventContext(),
    ),
    (kinds.EpochRaised(epoch=13), EventContext()),
    (kinds.TraderStopped(why="stopped", protective_orders=2), EventContext()),
    (kinds.TraderStopped(why="stopped", protective_orders=0), EventContext()),
    (kinds.AccountFailed(why="KeyError: 'no order x'", where="blotter.py:44 __getitem__", recent=1), EventContext()),
    (kinds.AccountFailed(why="KeyError: 'no order x'", where="blotter.py:44 __getitem__", recent=4), EventContext()),
    (kinds.AccountFailed(why="ZeroDivisionError: by 0", where="/a/mine.py:4 decide", recent=1, strategy="mine"), EventContext()),
    (kinds.AccountFailed(why="order fw-main-2-1-e is of a later start", where="", recent=1, is_fenced=True), EventContext()),
    (kinds.BalancesOpened(balances={"USDT": Decimal(10_000), "BTC": Decimal("0.5"), "ETH": ZERO}), EventContext()),
    (kinds.ExternalFill(symbol="BTC/USDT", side=Side.BUY, fill=_FILL), EventContext()),
    (kinds.ExternalFill(symbol="BTC/USDT", side=Side.SELL, fill=_FILL), EventContext()),
    (kinds.Unexplained(amount=Amount.of("-5.25", "USDT"), asked_at=1), EventContext()),
    (kinds.ForeignOrderSeen(symbol="BTC/USDT", side=Side.SELL, quantity=_btc("1"), venue_id="9"), EventContext()),
    (kinds.OtherBotSeen(bot="swing", symbol="BTC/USDT", client_id="fw-swing-k3x9q-1-1-e"), EventContext()),
    (kinds.AccountStatusReported(standing=Standing(kind="SPOT", account_trades=True)), EventContext()),
    (kinds.AccountStatusReported(standing=Standing(account_trades=True, key_trades=False, key_withdraws=True)), EventContext()),
    (
        kinds.EntryPlanned(
            symbol="BTC/USDT", order_id="x", stop=_price("45900"), target=_price("47300"), why="close", quote_age_ns=1
        ),
        EventContext(),
    ),
    (kinds.EntryRefused(symbol="BTC/USDT", code="DATA_STALE: age_ms=12000 max_ms=10000", intent="close"), EventContext()),
    (kinds.EntryRefused(symbol="BTC/USDT", code="FILTER_STOP_NOTIONAL: value=4 min=5 max=0", intent="close"), EventContext()),
    (kinds.EntryRefused(symbol="BTC/USDT", code="MOON_FULL: phase=1", intent="close"), EventContext()),
    (kinds.ExitWanted(symbol="BTC/USDT", why="close 45000 below the 10-bar low 45100"), EventContext()),
    (kinds.StopMoved(symbol="BTC/USDT", stop=_price("46100.5"), why="it follows the close at 47100.5"), EventContext()),
    (kinds.LadderDropped(symbol="BTC/USDT", why="the venue refused one of its pairs"), EventContext()),
    (kinds.StopFailed(symbol="BTC/USDT", why="its stop at 45900 USDT found too few who buy"), EventContext()),
    (kinds.Protected(symbol="BTC/USDT", naked_ns=141_000_000, total_ns=281_000_000), EventContext()),
    (kinds.NakedTooLong(symbol="BTC/USDT", naked_ns=6_000_000_000), EventContext()),
    (kinds.DustLeft(symbol="BTC/USDT", quantity=_btc("0.00009")), EventContext()),
    (kinds.CapRaised(cap=held("BTC/USDT", "0.021 BTC could not be sold 2 times in a row; sell it by hand", 1)), EventContext()),
    *((kinds.CapRaised(cap=_killed(sells=sells)), EventContext()) for sells in (False, True)),
    (kinds.TransferAnnounced(amount=Amount.of("2500", "USDT"), by="ann", why="more to trade with"), EventContext()),
    (kinds.TransferAnnounced(amount=Amount.of("-2500", "USDT"), by="ann", why="moved to savings"), EventContext()),
    (kinds.CapLifted(cap_id="held BTC/USDT", by="ann", why="sold by hand"), EventContext()),
    (kinds.LeaseAccepted(epoch=3, until=START, limits=Limits(), by="ann"), EventContext()),
    (kinds.StageBegan(stage="beta/limited 1", worth=Amount.of("10000", "USDT")), EventContext()),
    (kinds.InstructionTaken(number=4, what="Pause", by="ann"), EventContext()),
    (
        kinds.InstructionTaken(number=5, what="LiftCap lease", by="ann", refused="CAP_NOT_YOURS: cap=lease lifting=by itself"),
        EventContext(),
    ),
    (kinds.InstructionTaken(number=6, what="ReceiveSignal buy BTC/USDT tv/42", by="webhook"), EventContext()),
    *(
        (
            kinds.InstructionTaken(number=7, what="ReceiveSignal buy BTC/USDT tv/42", by="webhook", refused=code),
            EventContext(),
        )
        for code in ("SIGNAL_REPEATED: source=tv id=42", "SIGNAL_LATE: age_ms=259200000 max_ms=60000")
    ),
    (kinds.SignalReceived(signal=_SIGNAL), EventContext()),
    (kinds.SignalReceived(signal=_SIGNAL, is_settled=True), EventContext()),
    *(
        (kinds.SignalReceived(signal=_SIGNAL, lost="SIGNAL_LOST: source=tv id=42 missing=40-41", doubted=doubted), EventContext())
        for doubted in ((), ("BTC/USDT", "ETH/USDT"))
    ),
    (
        kinds.EntryRefused(symbol="BTC/USDT", code="CHECK_FAILED: check=has_room error=KeyError: 'x'", intent="close"),
        EventContext(),
    ),
    (kinds.CapRaised(cap=_HALVED), EventContext()),
    *(
        (
            kinds.GuardTripped(
                guard="daily loss",
                symbol="",
                level=level,
                severity=AlertSeverity.P1,
                code="GUARD_DAILY_LOSS: lost_24h=0.021 limit=0.02",
            ),
            EventContext(),
        )
        for level in (Level.WARNING, Level.CRITICAL, Level.EMERGENCY)
    ),
    (
        kinds.GuardTripped(
            guard="position loss", symbol="BTC/USDT", level=Level.EMERGENCY, severity=AlertSeverity.P0, code="GUARD_POSITION_LOSS"
        ),
        EventContext(),
    ),
    (kinds.GuardCleared(guard="latency", symbol="", why="GUARD_LATENCY: latency_ms=200 limit=1000"), EventContext()),
    (kinds.EscalationChanged(level=Level.WARNING, was=Level.NORMAL, why="latency"), EventContext()),
    (kinds.StreamLost(channel="market", why="connection reset"), EventContext(was_down=True)),
    (kinds.StreamRestored(channel="market"), EventContext()),
    (kinds.StreamRestored(channel="market"), EventContext(was_down=True)),
    (kinds.CaughtUp(channels=("market",)), EventContext()),
    (kinds.CaughtUp(channels=("market",)), EventContext(was_down=True)),
    (kinds.Marked(worth=Amount.of("10000", "USDT"), marks={}), EventContext()),
    (
        kinds.AddressSwitched(from_address="api.binance.com", to_address="api1.binance.com", why="instructed by ann: it is slow"),
        EventContext(),
    ),
    (kinds.ProcessMeasured(since=0), EventContext()),
)


def _written(event: Event, words: EventText) -> str:
    lines = [f"{type(event).__name__} ({words.weight.value})", f"  {words.what}"]
    lines += [f"  bot: {words.did}"] * bool(words.did) + [f"  you: {words.can}"] * bool(words.can)
    return "\n".join(lines)


def test_the_words_are_the_ones_that_were_agreed() -> None:
    """A change of a word is a change of the golden file, which a person reads in the review."""
    said = "\n\n".join(_written(event, text_of_event(event, scene)) for event, scene in SAID) + "\n"
    assert said == GOLDEN.read_text()


def test_every_kind_of_event_has_words() -> None:
    """An event without a text would end a live screen."""
    assert {type(event) for event, _ in SAID} == set(EVENTS)


def test_trouble_always_says_what_was_done_and_what_may_be_done() -> None:
    """A message about trouble says what the bot did and what a person can do."""
    for event, scene in SAID:
        words = text_of_event(event, scene)
        if words.weight.value == "trouble":
            assert words.did
            assert words.can


def test_every_refusal_of_risk_has_a_sentence() -> None:
    """A code without a sentence is shown as it is."""
    assert all(in_words(key.name) == ENGLISH[key].what for key in RefusalMessage)
    assert in_words("MOON_FULL: phase=1") == "MOON_FULL: phase=1"
