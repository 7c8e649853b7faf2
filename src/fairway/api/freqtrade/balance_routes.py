"""Balances as freqtrade's clients ask for them: what the trader's ledger holds of each asset, over all accounts of the caller."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Final

from fastapi import APIRouter
from pydantic import BaseModel, Field

from fairway.api.context import Asking, Context
from fairway.api.freqtrade.account_sums import sums_of
from fairway.api.freqtrade.json_values import number, number_or_null, percent
from fairway.api.freqtrade.trade_routes import PROBLEMS
from fairway.money.amount import CONTEXT, ZERO
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.stories import TRADES, StoriesRequest
from fairway.orders.ids import Role
from fairway.orders.order import Order, Side
from fairway.reports.ratio import ratio
from fairway.reports.story import Story

router: Final = APIRouter(prefix="/api/v1", tags=["freqtrade"])
NOTES: Final = {"practice": "Simulated balances", "testnet": "Balances of the exchange's test network"}


class FtBalance(BaseModel):
    """One asset. used: what live orders hold. bot_owned: of open positions. est_stake: worth in the quote asset."""

    currency: str
    free: float
    balance: float
    used: float
    bot_owned: float
    est_stake: float | None
    est_stake_bot: float | None
    stake: str
    side: str = "long"
    is_position: bool = False
    position: float = 0.0
    is_bot_managed: bool


class FtBalances(BaseModel):
    """All assets. total: worth of all that is traded here; the ratio is what the bot's own trades brought, of the start."""

    currencies: list[FtBalance]
    total: float | None
    total_bot: float | None
    symbol: str = Field(default="", description="Of money in which Fairway tells nothing")
    value: None = None
    value_bot: None = None
    stake: str
    note: str
    starting_capital: float | None
    starting_capital_ratio: float | None
    starting_capital_pct: float | None
    starting_capital_fiat: None = None
    starting_capital_fiat_ratio: None = None
    starting_capital_fiat_pct: None = None
    trade_count: int


@dataclass(slots=True)
class AssetSum:
    """One asset over all accounts. price: in quote; None where none is known."""

    held: Decimal = ZERO
    used: Decimal = ZERO
    owned: Decimal = ZERO
    """In open positions of the bot."""
    price: Decimal | None = None


@dataclass(slots=True)
class AssetSums:
    """By asset. Only `add` changes it."""

    quote: str
    found: dict[str, AssetSum] = field(default_factory=dict)

    def add(self, story: Story) -> None:
        """Adds one account."""
        with localcontext(CONTEXT):
            for asset, held in story.balances.items():
                its = self.found.setdefault(asset, AssetSum())
                its.held += held
                its.price = story.marks.get(f"{asset}/{self.quote}", its.price)
            for asset, used in used_by(story.orders_live).items():
                self.found.setdefault(asset, AssetSum()).used += used
            for position in story.positions:
                quantity = position.position.quantity
                self.found.setdefault(quantity.asset, AssetSum()).owned += quantity.value


def used_by(orders: Iterable[Order]) -> Mapping[str, Decimal]:
    """By asset, what live orders hold back at the venue. A stop and its target hold the same coins, so the stop counts."""
    found: dict[str, Decimal] = {}
    with localcontext(CONTEXT):
        for order in orders:
            if order.role is Role.TARGET and order.pair:
                continue
            if order.side is Side.SELL:
                asset, used = order.quantity.asset, order.remaining.value
            elif order.price is not None:
                asset, used = order.cost.asset, order.remaining.value * order.price.value
            else:
                continue
            found[asset] = found.get(asset, ZERO) + used
    return found


@router.get("/balance", responses=PROBLEMS)
def freqtrade_balance(caller: Asking, context: Context) -> FtBalances:
    """What is held of each asset, by the trader's ledger."""
    quote, sums = context.settings.quote, sums_of(caller, context)
    stories = perform(TRADES, Call(actor=caller.actor, request=StoriesRequest(config=context.config))).stories
    assets = AssetSums(quote)
    for story in stories.values():
        assets.add(story)
    rows = [balance_of(asset, its, quote) for asset, its in assets.found.items() if its.held]
    of_start = ratio(sums.earned, sums.start) if sums.earned is not None and sums.start is not None else None
    return FtBalances(
        currencies=rows,
        total=number_or_null(sums.worth),
        total_bot=number_or_null(sums.worth),
        stake=quote,
        note=NOTES.get(context.settings.mode, ""),
        starting_capital=number_or_null(sums.start),
        starting_capital_ratio=number_or_null(of_start),
        starting_capital_pct=percent(of_start),
        trade_count=sum(len(story.trips) + len(story.positions) for story in stories.values()),
    )


def balance_of(asset: str, its: AssetSum, quote: str) -> FtBalance:
    """One asset as it is shown. Money is the bot's to trade; of a coin, what its positions hold."""
    is_quote = asset == quote
    price = Decimal(1) if is_quote else its.price
    with localcontext(CONTEXT):
        owned = its.held if is_quote else its.owned
        used = min(its.used, its.held)
        return FtBalance(
            currency=asset,
            free=number(its.held - used),
            balance=number(its.held),
            used=number(used),
            bot_owned=number(owned),
            est_stake=number_or_null(its.held * price if price is not None else None),
            est_stake_bot=number_or_null(owned * price if price is not None else None),
            stake=quote,
            is_bot_managed=is_quote or bool(its.owned),
        )
