"""What the exchange saw of one play: questions to its own log of orders and requests, each answered by one number.

Seconds count from the beginning of the play. What the trader itself announced is asked of its journal, and named so.
"""

from collections.abc import Iterator
from functools import cached_property

from fairway.exchange.answers import OrderSnapshot
from fairway.exchange.events import OrderReport
from fairway.journal.kinds import Event
from fairway.orders.lifecycle import OrderFilled
from fairway.proving.chaos.stage import ChaosHarness
from fairway.proving.coins import CoinPosition, Tracker, own_id
from fairway.proving.oracle_case import OracleCase
from fairway.proving.run_result import RunResult
from fairway.proving.scenario_script import seconds_into
from fairway.trading.kill import Killing
from fairway.world.clock import MINUTE

SUBSCRIBING = "userDataStream.subscribe.signature"
TOO_MANY = (429, 418)
EVER = float("inf")


class SeenOrders:
    """Orders, fills and stops of one play that has ended."""

    def __init__(self, stage: ChaosHarness) -> None:
        self.stage = stage

    @cached_property
    def result(self) -> RunResult:
        return self.stage.run_result()

    @property
    def case(self) -> OracleCase:
        return self.result.case

    @property
    def ended_s(self) -> float:
        return seconds_into(self.result.ended_at)

    # -- orders ----------------------------------------------------------------------------------------------------

    def bought(self, since: float = 0, until: float = EVER, symbol: str = "") -> int:
        """Entries that the exchange accepted. symbol: by the exchange's name, "" for all."""
        return sum(1 for order in self._buys(symbol) if since <= seconds_into(order.created_at) < until)

    def bought_after_s(self, since: float, symbol: str = "") -> float | None:
        """Seconds until the exchange accepted the next entry; None for never."""
        return next((at - since for order in self._buys(symbol) if (at := seconds_into(order.created_at)) >= since), None)

    def most_buys_in_a_minute(self) -> int:
        return _most_within([order.created_at for order in self._buys("")], MINUTE)

    def orders_in_a_minute(self) -> int:
        """The most orders of the bot that the exchange accepted within sixty seconds."""
        return _most_within(sorted({report.order.order_id: report.order.created_at for report in self._own()}.values()), MINUTE)

    def open_orders(self) -> int:
        """Orders of the bot that are open at the end."""
        return sum(len(last.sells) + len(last.buys) for name in self.case.trackers if (last := self._last(name)) is not None)

    def off_market_percent(self) -> float:
        """The farthest that a price of a fill of the bot was from the true price of that moment, in percent."""
        distances = [0.0]
        for report in self._own():
            if report.fill is not None and (true := self._market_at(report.order.symbol, report.at)):
                distances.append(abs(report.fill.price - true) / true * 100)
        return max(distances)

    def fills_lost(self) -> int:
        """Fills of the bot by the exchange's log that its journal does not have."""
        made = {str(report.fill.trade_id) for report in self._own() if report.fill is not None}
        booked = {it.event.fill.trade_id for it in (*self.result.lost, *self.result.journal) if isinstance(it.event, OrderFilled)}
        return len(made - booked)

    def fills(self) -> int:
        return sum(report.fill is not None for report in self._own())

    # -- protection ------------------------------------------------------------------------------------------------

    def naked_s(self, since: float = 0, until: float = EVER) -> float:
        """The longest time that a coin of the bot was without a stop between two seconds."""
        spells = ((max(begin, since), min(end, until)) for begin, end in self._naked() if begin < until and end > since)
        return max((end - begin for begin, end in spells), default=0.0)

    def protected_from(self, since: float) -> float | None:
        """The first second from `since` on at which no coin of the bot is without a stop; None for never."""
        at = since
        for begin, end in sorted(self._naked()):
            if begin <= at < end:
                at = end
        return at if at < self.ended_s else None

    def flat_after_s(self, since: float) -> float | None:
        """Seconds until the bot holds nothing and has no order at the exchange; None for never."""
        ats = [since]
        for name, tracker in self.case.trackers.items():
            busy = [it for it in tracker.positions if self._is_busy(it, tracker)]
            if not busy:
                continue
            after = [seconds_into(it.at) for it in tracker.positions if it.at > busy[-1].at]
            if not after or self._last(name) is busy[-1]:
                return None
            ats.append(after[0])
        return max(ats) - since

    # -- parts -----------------------------------------------------------------------------------------------------

    def _buys(self, symbol: str) -> Iterator[OrderSnapshot]:
        return (order for _, order in self.case.buys if symbol in ("", order.symbol))

    def _own(self) -> Iterator[OrderReport]:
        return (report for report in self.case.log.reports if own_id(report) in self.case.log.sent)

    def _naked(self) -> Iterator[tuple[float, float]]:
        for tracker in self.case.trackers.values():
            yield from ((seconds_into(it.since), seconds_into(it.until)) for it in tracker.unprotected)

    def _last(self, name: str) -> CoinPosition | None:
        positions = self.case.trackers[name].positions
        return positions[-1] if positions else None

    def _is_busy(self, position: CoinPosition, tracker: Tracker) -> bool:
        """Whether the bot has an order, or coins that an order can sell."""
        held = position.held - self._withdrawn(tracker.pair.base, position.at)
        return bool(tracker.sellable(held) or position.sells or position.buys)

    def _withdrawn(self, asset: str, until: int) -> int:
        """What persons took out of the account by an instant (ns), in units."""
        return sum(max(0, -move.delta) for move in self.case.log.moves if move.asset == asset and move.at <= until)

    def _market_at(self, symbol: str, at: int) -> int:
        told = [point.last for point in self.case.log.market.get(symbol, ()) if point.at <= at]
        return told[-1] if told else 0


class SeenPlay(SeenOrders):
    """All that was seen of one play that has ended."""

    # -- requests --------------------------------------------------------------------------------------------------

    def answered_from(self, since: float) -> float | None:
        """The second at which the exchange next answered a request for the account well."""
        return next((at for it in self.case.log.answers if it.is_good and (at := seconds_into(it.at)) >= since), None)

    def subscribed_from(self, since: float) -> float | None:
        """The second at which the exchange next accepted a subscription to the account's stream."""
        good = (it for it in self.case.log.answers if it.is_good and it.endpoint == SUBSCRIBING)
        return next((at for it in good if (at := seconds_into(it.at)) >= since), None)

    def turned_away(self) -> int:
        """Requests that were refused because there were too many."""
        refusals = (it.refusal for it in self.case.log.answers if it.refusal is not None)
        return sum(refusal.status in TOO_MANY for refusal in refusals)

    def bans(self) -> int:
        return sum(address.bans for address in self.stage.exchange.context.limits.addresses.values())

    def kills_verified(self) -> int:
        """Kills that ended with the exchange's own word that all was done."""
        return sum(isinstance(each, Killing) and not each.unsold for each in self.stage.killings)

    # -- what people are sent --------------------------------------------------------------------------------------

    def told_after_s(self, cause: str, since: float) -> float | None:
        """Seconds until a message about an incident of this cause arrived at its channel; None for never."""
        assert self.stage.alerting is not None, "the alerting service runs beside the trader"
        titles = ((seconds_into(each.at), each.title) for each in self.stage.alerting.messages.arrived)
        return next((at - since for at, title in titles if at >= since and f" opened: {cause}: " in title), None)

    # -- what the trader announced ---------------------------------------------------------------------------------

    def announced(self, *kinds: type[Event], since: float = 0, until: float = EVER) -> int:
        """Events of these kinds in its journal: what alerts are made of."""
        ats = (seconds_into(it.noted_at) for it in self.result.journal if isinstance(it.event, kinds))
        return sum(since <= at < until for at in ats)

    def announced_after_s(self, *kinds: type[Event], since: float) -> float | None:
        ats = (seconds_into(it.noted_at) for it in self.result.journal if isinstance(it.event, kinds))
        return next((at - since for at in ats if at >= since), None)


def _most_within(ats: list[int], span_ns: int) -> int:
    most = first = 0
    for last, at in enumerate(ats):
        while ats[first] <= at - span_ns:
            first += 1
        most = max(most, last - first + 1)
    return most
