"""One play as the oracle sees it, with what several of its rules need computed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from fairway.exchange.answers import OrderSnapshot
from fairway.proving.account_worth import Worth
from fairway.proving.coins import Tracker, accepted_buys, followed, own_id
from fairway.proving.exchange_log import ExchangeLog, RunFacts


@dataclass(frozen=True)
class OracleCase:
    """log: of the exchange. facts: of the play."""

    log: ExchangeLog
    facts: RunFacts

    @cached_property
    def trackers(self) -> Mapping[str, Tracker]:
        """By the exchange's name of the symbol."""
        return {name: followed(self.log, pair, self.facts.ended_at) for name, pair in self.facts.pairs.items()}

    @cached_property
    def unshared(self) -> Mapping[str, Tracker]:
        """Those in which no second trader had orders: between two traders, coins cannot be attributed."""
        others = self.log.sent - self.facts.left_at.keys()
        theirs = {report.order.symbol for report in self.log.reports if own_id(report) in others}
        return {name: tracker for name, tracker in self.trackers.items() if name not in theirs}

    @cached_property
    def buys(self) -> Sequence[tuple[str, OrderSnapshot]]:
        return list(accepted_buys(self.log))

    @cached_property
    def worth(self) -> Worth:
        return Worth(self.log, self.facts)

    def symbol(self, order: OrderSnapshot) -> str:
        """Our name of its symbol."""
        return self.facts.pairs[order.symbol].symbol

    def left_at(self, order_id: str, order: OrderSnapshot) -> int:
        """When the trader handed the order over; the exchange accepted it at `order.created_at`."""
        return min(self.facts.left_at.get(order_id, order.created_at), order.created_at)
