"""Faults that people cause: they kill, trade by hand on the exchange's page, move money, pause, lift caps."""

from collections.abc import Callable, Coroutine, Mapping
from decimal import Decimal
from typing import Final, TypeVar

from fairway.exchange.answers import ExchangeRefusal, OrderSnapshot
from fairway.exchange.faults.fuzz_rule import FuzzRule, SymbolDraw
from fairway.exchange.terms import NewOrder, NewPair, OrderRef, OrderType, Side, TimeInForce
from fairway.exchange.units import parse
from fairway.journal.commands import LiftCap, Pause
from fairway.journal.kinds import CapRaised
from fairway.orders.ids import ClientId
from fairway.proving.harness import Harness
from fairway.proving.harness_result import ACCOUNT
from fairway.proving.injected_fault import HarnessActions, HarnessFault, InjectedFault, add
from fairway.proving.sweep_scenarios import FLATTEN, KEEP
from fairway.risk.caps import Lifting
from fairway.risk.limits import TradingState

KILL_TAKES_S: Final = 65
"""`fairway kill` waits up to a minute for its own orders."""
T = TypeVar("T")


def _kill(fault: InjectedFault, actions: HarnessActions) -> None:
    """Its file may be lost when all is done, and the journal knows."""
    killed = FLATTEN if fault.options["flatten"] else KEEP
    add(actions, fault.since, lambda stage: stage.kill(killed))
    if fault.options["file_is_lost"]:
        add(actions, max(fault.until, fault.since + KILL_TAKES_S), _lose_latch)


def _lose_latch(stage: Harness) -> None:
    """Who takes the only record of a kill away has ended it."""
    caps = (noted.event.cap for noted in stage.journaled() if isinstance(noted.event, CapRaised))
    if any(cap.limits.state is TradingState.KILLED for cap in caps):
        stage.lose_latch()


# -- by hand, at the exchange ----------------------------------------------------------------------------------------


def _trades(fault: InjectedFault, actions: HarnessActions) -> None:
    """One deed at the beginning; an order that still rests is cancelled at the end."""
    symbol, much = fault.symbol.replace("/", ""), str(fault.options["much"])
    deed = TRADES_BY_HAND[str(fault.options["does"])]
    add(actions, fault.since, lambda stage: deed(stage, symbol, much))
    add(actions, fault.until, lambda stage: _cancel(stage, symbol, lambda order: order.client_id.startswith("web")))


def _buys(stage: Harness, symbol: str, much: str) -> None:
    _place(stage, symbol, Side.BUY, OrderType.MARKET, _units(much))


def _sells(stage: Harness, symbol: str, much: str) -> None:
    _place(stage, symbol, Side.SELL, OrderType.MARKET, _units(much))


def _bids(stage: Harness, symbol: str, much: str) -> None:
    """A limit order that buys a little below the price."""
    _place(stage, symbol, Side.BUY, OrderType.LIMIT, _units(much), price="0.98")


def _stops(stage: Harness, symbol: str, much: str) -> None:
    _place(stage, symbol, Side.SELL, OrderType.STOP_LOSS, _units(much), stop="0.93")


def _offers(stage: Harness, symbol: str, much: str) -> None:
    """A pair (OCO) far away from the price."""
    name, quantity, market = _name(stage), _units(much), _price(stage, symbol)
    above = NewOrder(symbol, Side.SELL, OrderType.LIMIT_MAKER, quantity, price=_at(market, "1.3"), client_id=f"{name}a")
    below = NewOrder(symbol, Side.SELL, OrderType.STOP_LOSS, quantity, stop_price=_at(market, "0.7"), client_id=f"{name}b")
    done(stage.exchange.backend.place_pair(ACCOUNT, NewPair(above, below, name)))


def _cancels_one(stage: Harness, symbol: str, _: str) -> None:
    """The oldest of the trader's."""
    ours = [order for order in _open(stage, symbol) if ClientId.parse(order.client_id) is not None]
    _cancel(stage, symbol, lambda order: order in ours[:1])


def _cancels_all(stage: Harness, symbol: str, _: str) -> None:
    done(stage.exchange.backend.cancel_all(ACCOUNT, symbol))


def _cancels_and_sells(stage: Harness, symbol: str, much: str) -> None:
    """Before the trader hears of it."""
    _cancels_all(stage, symbol, much)
    _sells(stage, symbol, much)


def _deposits(stage: Harness, symbol: str, much: str) -> None:
    stage.exchange.backend.accounts.deposit(ACCOUNT, stage.exchange.context.rules[symbol].base, _units(much))


def _withdraws(stage: Harness, symbol: str, much: str) -> None:
    """Only what is free; the exchange refuses the rest."""
    stage.exchange.backend.accounts.deposit(ACCOUNT, stage.exchange.context.rules[symbol].base, -_units(much))


def _takes_money_out(stage: Harness, symbol: str, much: str) -> None:
    stage.exchange.backend.accounts.deposit(ACCOUNT, stage.exchange.context.rules[symbol].quote, -100 * _units(much))


TRADES_BY_HAND: Final[Mapping[str, Callable[[Harness, str, str], object]]] = {
    "buys": _buys,
    "sells": _sells,
    "bids": _bids,
    "stops": _stops,
    "offers": _offers,
    "cancels one": _cancels_one,
    "cancels all": _cancels_all,
    "cancels and sells": _cancels_and_sells,
    "deposits": _deposits,
    "withdraws": _withdraws,
    "takes money out": _takes_money_out,
}


def _place(
    stage: Harness, symbol: str, side: Side, kind: OrderType, quantity: int, *, price: str = "", stop: str = ""
) -> OrderSnapshot | ExchangeRefusal:
    """price, stop: as multiples of the market's."""
    market = _price(stage, symbol)
    order = NewOrder(
        symbol,
        side,
        kind,
        quantity,
        price=_at(market, price) if price else 0,
        stop_price=_at(market, stop) if stop else 0,
        time_in_force=TimeInForce.GTC,
        client_id=_name(stage),
    )
    return done(stage.exchange.backend.place(ACCOUNT, order))


def _cancel(stage: Harness, symbol: str, wanted: Callable[[OrderSnapshot], bool]) -> None:
    for order in _open(stage, symbol):
        if wanted(order):
            done(stage.exchange.backend.cancel(ACCOUNT, symbol, OrderRef(order.order_id)))


def _open(stage: Harness, symbol: str) -> list[OrderSnapshot]:
    return list(done(stage.exchange.backend.open_orders(ACCOUNT, symbol)))


def _name(stage: Harness) -> str:
    """A client id that no order had before."""
    return f"web_{len(stage.exchange.events)}"


def _price(stage: Harness, symbol: str) -> int:
    return stage.exchange.backend.market.average_price(symbol)


def _at(price: int, share: str) -> int:
    """On a tick of a cent."""
    tick = 10**6
    return int(Decimal(price) * Decimal(share)) // tick * tick


def _units(much: str) -> int:
    return parse(much) or 0


def done(work: Coroutine[object, object, T]) -> T:
    """The exchange's back end never waits, so its work is done at the first step."""
    try:
        work.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    raise AssertionError("the back end waited")


# -- at the trader's command inbox -------------------------------------------------------------------------------------------


def _instructs(fault: InjectedFault, actions: HarnessActions) -> None:
    """Pauses the account, or lifts every cap that a person may lift; what was paused is lifted at the end."""
    if fault.options["does"] == "pauses":
        add(actions, fault.since, _pause)
        add(actions, fault.until, _lift_caps)
    else:
        add(actions, fault.until, _lift_caps)


def _pause(stage: Harness) -> None:
    if stage.delayed_inbox is not None:
        stage.delayed_inbox.say("ann", Pause(reason="a look first"))


def _lift_caps(stage: Harness) -> None:
    """Not after a journal was lost: coins that only it knew lie under such a cap, and no person has checked them."""
    if stage.delayed_inbox is None or not stage.has_traded or stage.lost:
        return
    for cap in list(stage.account_state.limits.caps.values()):
        if cap.lifting is Lifting.PERSON:
            stage.delayed_inbox.say("ann", LiftCap(reason="looked at", cap_id=cap.id))


PERSON_FAULTS: Final[Mapping[str, HarnessFault]] = {
    "fairway kill": HarnessFault(inject=_kill, fuzz=FuzzRule(options={"flatten": [True, False], "file_is_lost": [True, False]})),
    "a person trades": HarnessFault(
        inject=_trades,
        fuzz=FuzzRule(options={"does": tuple(TRADES_BY_HAND), "much": ["0.5", "5", "20"]}, weight=3, symbols=SymbolDraw.ONE),
    ),
    "a person instructs": HarnessFault(inject=_instructs, fuzz=FuzzRule(options={"does": ["pauses", "lifts caps"]})),
}
