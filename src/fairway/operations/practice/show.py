"""Practice show: what is true at the practice exchange, whatever its faults make it tell its clients."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.practice.control_interface import ControlInterface
from fairway.people.roles import UserAct
from fairway.world.clock import SECOND, parse_instant


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeShowRequest:
    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeMarket:
    """The market's time. now: by the machine's clock, market_now: by the market's own (ns). speed: times as fast as the clock."""

    now: int
    market_now: int
    is_paused: bool
    has_ended: bool
    speed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeSymbol:
    """A pair. venue_symbol: as the exchange names it. Prices are None where there is none yet. status: TRADING, HALT, BREAK."""

    symbol: str
    venue_symbol: str
    last: Decimal | None
    bid: Decimal | None
    ask: Decimal | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeFault:
    """A fault that is switched on. since, until: ns, 0 for always."""

    number: int
    name: str
    account: str
    symbol: str
    endpoints: tuple[str, ...]
    since: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeOrder:
    """An order that is open at the exchange."""

    client_id: str
    symbol: str
    side: str
    type: str
    price: Decimal
    stop_price: Decimal
    quantity: Decimal
    executed: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeAccount:
    """What the exchange knows of an account. balances: by asset, free and locked."""

    name: str
    can_trade: bool
    balances: tuple[tuple[str, Decimal, Decimal], ...]
    orders: tuple[PracticeOrder, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeOutcome(Outcome):
    """What is true there. events: the number of the newest event that an account was sent."""

    market: PracticeMarket
    symbols: tuple[PracticeSymbol, ...]
    faults: tuple[PracticeFault, ...]
    accounts: tuple[PracticeAccount, ...]


def show_practice(call: Call[PracticeShowRequest]) -> PracticeOutcome:
    """Raises Refusal, SettingsError."""
    exchange = ControlInterface(call.request.config)
    status = exchange.ask("GET")
    symbols = tuple(_symbol(each) for each in exchange.ask("GET", "/market"))
    names = {each.venue_symbol: each.symbol for each in symbols}
    accounts = tuple(_account(exchange.ask("GET", f"/accounts/{name}"), names) for name in status["accounts"])
    market = PracticeMarket(
        now=parse_instant(status["now"]),
        market_now=parse_instant(status["market_now"]),
        is_paused=status["paused"],
        has_ended=status["market_ended"],
        speed=status["speed"],
    )
    found = (_fault(each) for each in status["faults"])
    faults = tuple(
        each for each in found if not each.until or each.until > market.now
    )  # the exchange lists those that ended, too
    return PracticeOutcome(
        market=market, symbols=symbols, faults=faults, accounts=accounts, lines=tuple(_lines(market, symbols, faults))
    )


def _symbol(shape: Mapping[str, Any]) -> PracticeSymbol:
    return PracticeSymbol(
        symbol=f"{shape['base']}/{shape['quote']}",
        venue_symbol=shape["symbol"],
        last=_price(shape["last"]),
        bid=_price(shape["bid"]),
        ask=_price(shape["ask"]),
        status=shape["status"],
    )


def _price(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _fault(shape: Mapping[str, Any]) -> PracticeFault:
    scope = shape["scope"]
    return PracticeFault(
        number=shape["id"],
        name=shape["name"],
        account=scope["account"],
        symbol=scope["symbol"],
        endpoints=tuple(scope["endpoints"]),
        since=scope["since"],
        until=scope["until"],
    )


def _account(shape: Mapping[str, Any], names: Mapping[str, str]) -> PracticeAccount:
    return PracticeAccount(
        name=shape["name"],
        can_trade=shape["can_trade"],
        balances=tuple((each["asset"], Decimal(each["free"]), Decimal(each["locked"])) for each in shape["balances"]),
        orders=tuple(
            PracticeOrder(
                client_id=each["client_id"],
                symbol=names[each["symbol"]],
                side=each["side"].lower(),
                type=each["type"].lower().replace("_", " "),
                price=Decimal(each["price"]),
                stop_price=Decimal(each["stop_price"]),
                quantity=Decimal(each["quantity"]),
                executed=Decimal(each["executed"]),
            )
            for each in shape["orders"]
        ),
    )


def _lines(market: PracticeMarket, symbols: tuple[PracticeSymbol, ...], faults: tuple[PracticeFault, ...]) -> list[str]:
    ahead = (market.market_now - market.now) // SECOND
    state = "the market is paused" if market.is_paused else f"the market runs {market.speed} times as fast as the clock"
    prices = ", ".join(f"{each.symbol} {each.last}" for each in symbols if each.last is not None)
    on = ", ".join(f"{each.name} ({each.number})" for each in faults) or "none"
    return [f"{state}, {abs(ahead)} s {'ahead' if ahead >= 0 else 'behind'}", f"prices: {prices}", f"faults: {on}"]


SHOW_PRACTICE = Operation(
    name="practice show",
    summary="Show what is true at the practice exchange: its market, its faults, its accounts.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=PracticeShowRequest,
    subject=lambda request: WHOLE_BOT,
    preview=lambda call: Preview(effect="asks the practice exchange; nothing is changed"),
    perform=show_practice,
)
OPERATIONS: Final = (SHOW_PRACTICE,)
