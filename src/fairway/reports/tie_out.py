"""The tie-out: holds the ledger against the exchange by asset, and the change of worth against the results, to the last digit.

All moves are valued at one set of prices, those of the end, so that the equation is exact whatever they are:

    worth at the exchange - worth of the opening balances
        = results of round trips + results taken of open positions + (open positions at market - their cost)
          + dust at market + adjustments at market - fees in other assets at market

The left side is what the exchange says; the right side is what the ledger says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from fairway.money.amount import CONTEXT, ZERO, Amount
from fairway.reports.flows import add
from fairway.reports.story import Flow, Story


@dataclass(frozen=True, slots=True)
class AssetTie:
    """One asset: what our ledger holds and what the exchange says."""

    asset: str
    ledger: Decimal
    exchange: Decimal

    @property
    def difference(self) -> Decimal:
        return self.exchange - self.ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthTie:
    """The change of worth and what explains it, all in quote at the end's prices."""

    quote: str
    opening: Decimal
    closing: Decimal
    """Of what the exchange holds."""
    results: Decimal
    open_results: Decimal
    """What was taken of positions that are still open."""
    open_marked: Decimal
    open_cost: Decimal
    dust: Decimal
    adjustments: Decimal
    other_fees: Decimal
    """Fees in an asset that was neither bought nor sold, a positive number."""

    @property
    def change(self) -> Decimal:
        return self.closing - self.opening

    @property
    def explained(self) -> Decimal:
        unrealised = self.open_results + self.open_marked - self.open_cost
        return self.results + unrealised + self.dust + self.adjustments - self.other_fees

    @property
    def difference(self) -> Decimal:
        return self.change - self.explained


@dataclass(frozen=True, slots=True)
class TieOut:
    """worth is None where an asset that moved has no price: unknown is not exact. An asset without any change needs no price."""

    assets: tuple[AssetTie, ...]
    flows: tuple[Flow, ...]
    worth: WorthTie | None

    @property
    def is_exact(self) -> bool:
        """Whether all three agree to the last digit: flows with the ledger, the ledger with the exchange, worth with results."""
        balances = all(tie.difference == 0 for tie in self.assets) and all(flow.is_exact for flow in self.flows)
        return balances and self.worth is not None and self.worth.difference == 0


def tie_out(story: Story, exchange: Mapping[str, Decimal], prices: Mapping[str, Decimal], quote: str) -> TieOut:
    """exchange: its totals by asset; prices: by symbol, at the end; quote: the asset in which worth is given."""
    with localcontext(CONTEXT):
        assets = dict.fromkeys((*story.balances, *exchange))
        ties = tuple(AssetTie(asset, story.balances.get(asset, ZERO), exchange.get(asset, ZERO)) for asset in assets)
        return TieOut(ties, story.flows, _worth_tie(story, exchange, prices, quote))


def asset_prices(story: Story, prices: Mapping[str, Decimal], quote: str) -> dict[str, Decimal]:
    """What one unit of each asset is worth in quote, from prices by symbol; quote itself is one."""
    known = {symbol: story.instruments[symbol] for symbol in prices if symbol in story.instruments}
    traded = {pair.base: prices[symbol] for symbol, pair in known.items() if pair.quote == quote}
    return {**traded, quote: Decimal(1)}


def _worth_tie(story: Story, exchange: Mapping[str, Decimal], prices: Mapping[str, Decimal], quote: str) -> WorthTie | None:
    units = asset_prices(story, prices, quote)
    opens = [held.position for held in story.positions]
    untouched = {asset for asset, value in story.opening.items() if asset not in units and exchange.get(asset, ZERO) == value}
    sums = {
        "opening": _without(untouched, story.opening),
        "closing": _without(untouched, exchange),
        "results": story.results,
        "open_results": _sum(position.result for position in opens),
        "open_marked": _sum(position.quantity for position in opens),
        "open_cost": _sum(position.cost for position in opens),
        "dust": story.dust,
        "adjustments": _sum(adjustment.amount for adjustment in story.adjustments),
        "other_fees": _other_fees(story),
    }
    if any(value and asset not in units for amounts in sums.values() for asset, value in amounts.items()):
        return None
    return WorthTie(quote=quote, **{name: _valued(amounts, units) for name, amounts in sums.items()})


def _without(assets: set[str], amounts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """What lay there all the time is on both sides, whatever it is worth."""
    return {asset: value for asset, value in amounts.items() if asset not in assets}


def _valued(amounts: Mapping[str, Decimal], units: Mapping[str, Decimal]) -> Decimal:
    return sum((value * units[asset] for asset, value in amounts.items() if value), ZERO)


def _sum(amounts: Iterable[Amount]) -> dict[str, Decimal]:
    totals: dict[str, Decimal] = {}
    for amount in amounts:
        add(totals, amount)
    return totals


def _other_fees(story: Story) -> dict[str, Decimal]:
    pairs = story.instruments
    return _sum(
        booked.fill.fee
        for booked in story.fills
        if booked.fill.fee.asset not in (pairs[booked.symbol].base, pairs[booked.symbol].quote)
    )
