"""What a person does on the exchange's own page, beside the trader: acts of a stage."""

from collections.abc import Callable, Coroutine
from typing import TypeVar

from msgspec.structs import replace
from tests.ids import own_id
from tests.scenes.harness import ACCOUNT, Scene

from fairway.exchange.answers import ExchangeRefusal, KeyPermissions, TradingStatus
from fairway.exchange.terms import NewOrder, NewPair, OrderType, Side
from fairway.exchange.units import parse

Act = Callable[[Scene], object]
Acts = dict[float, Act]
SYMBOL = "BTCUSDT"
T = TypeVar("T")


def trade(side: Side, quantity: str) -> Act:
    """At market."""
    return lambda stage: done(stage.exchange.backend.place(ACCOUNT, _order(side, OrderType.MARKET, quantity)))


def offer(quantity: str, price: str) -> Act:
    """A limit order that sells."""
    return lambda stage: done(stage.exchange.backend.place(ACCOUNT, _order(Side.SELL, OrderType.LIMIT, quantity, price)))


def order(client_id: str, side: Side, quantity: str, price: str) -> Act:
    """A limit order under a client id of one's choice, such as one of the trader's own form."""
    limit = _order(side, OrderType.LIMIT, quantity, price)
    return lambda stage: done(stage.exchange.backend.place(ACCOUNT, replace(limit, client_id=client_id)))


def own_order(
    role: str,
    sequence: int,
    side: Side,
    quantity: str,
    price: str,
    *,
    epoch: int = 1,
    run: str | None = None,
    account: str = "main",
) -> Act:
    """A limit order under an id as the trader gives them; of another run or bot, where one is named."""

    def act(stage: Scene) -> None:
        client_id = own_id(role, sequence, epoch=epoch, run=stage.run_id if run is None else run, account=account)
        order(client_id, side, quantity, price)(stage)

    return act


def pair(quantity: str, target: str, stop: str) -> Act:
    """A stop and a target of which one cancels the other (OCO)."""
    above = replace(_order(Side.SELL, OrderType.LIMIT_MAKER, quantity, target), client_id=f"web_above_{target}")
    below = replace(
        _order(Side.SELL, OrderType.STOP_LOSS, quantity), stop_price=parse(stop) or 0, client_id=f"web_below_{target}"
    )
    return lambda stage: _accepted(stage.exchange.backend.place_pair(ACCOUNT, NewPair(above, below)))


def cancel_and_sell(share: int = 1) -> Act:
    """All orders of the symbol are cancelled, and what they held is sold, or a part of it, before anybody hears of it."""

    def act(stage: Scene) -> None:
        stop = next(order for order in done(stage.exchange.backend.open_orders(ACCOUNT, SYMBOL)))
        done(stage.exchange.backend.cancel_all(ACCOUNT, SYMBOL))
        rules = stage.exchange.context.rules[SYMBOL]
        quantity = stop.quantity // share // rules.lot * rules.lot
        order = NewOrder(symbol=SYMBOL, side=Side.SELL, type=OrderType.MARKET, quantity=quantity, client_id="web_1")
        answer = done(stage.exchange.backend.place(ACCOUNT, order))
        assert not isinstance(answer, ExchangeRefusal), answer

    return act


def move(asset: str, amount: str) -> Act:
    """A deposit; a withdrawal where the amount is negative."""
    units = parse(amount.removeprefix("-")) or 0

    def act(stage: Scene) -> None:
        delta = -units if amount.startswith("-") else units
        assert stage.exchange.backend.accounts.deposit(ACCOUNT, asset, delta) is None

    return act


def give(rights: KeyPermissions) -> Act:
    return lambda stage: stage.exchange.set_rights(ACCOUNT, rights)


def become(standing: TradingStatus) -> Act:
    return lambda stage: stage.exchange.set_standing(ACCOUNT, standing)


def all_of(*acts: Act) -> Act:
    """At one instant, in this order."""

    def act(stage: Scene) -> None:
        for each in acts:
            each(stage)

    return act


def _order(side: Side, kind: OrderType, quantity: str, price: str = "0") -> NewOrder:
    return NewOrder(
        symbol=SYMBOL, side=side, type=kind, quantity=parse(quantity) or 0, price=parse(price) or 0, client_id=f"web_{side.value}"
    )


def _accepted(work: Coroutine[object, object, object]) -> None:
    answer = done(work)
    assert not isinstance(answer, ExchangeRefusal), answer


def done(work: Coroutine[object, object, T]) -> T:
    """The exchange's back end never waits, so its work is done at the first step."""
    try:
        work.send(None)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]
    raise AssertionError("the back end waited")


def cancel_all(stage: Scene) -> None:
    """All open orders of the symbol."""
    done(stage.exchange.backend.cancel_all(ACCOUNT, SYMBOL))
