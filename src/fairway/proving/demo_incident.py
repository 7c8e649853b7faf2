"""The demo's incident in two acts: the answer to an accepted order gets lost, and later the account's stream is silent at a sale.

Each act waits for its moment and leaves nothing to chance, so the same market has the same incident. What the exchange did is
noted as it happens: the report holds it against the journal.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.events import ExchangeEvent, Execution, OrderReport
from fairway.exchange.faults.port import Fault, FaultScope, RequestEffect, RequestView
from fairway.exchange.units import ONE
from fairway.market.instrument import Instrument
from fairway.orders.ids import ClientId, Role
from fairway.reports.incident_demo import ActionKind, DemoIncident, ExchangeAction, IncidentKind
from fairway.trading.schedule import RECONCILE_NS
from fairway.world.clock import MINUTE, SECOND

LATE_NS: Final = 4 * SECOND
"""How long the stream keeps to itself what it has to tell after the answer was lost."""
WATCHED_NS: Final = 10 * SECOND
"""How long after the answer was lost it is noted what the exchange does."""
SILENT_NS: Final = 3 * MINUTE
ASKS_AGAIN_NS: Final = 10 * SECOND
"""A bot that will ask for its open orders so soon would not miss what it is not told."""
_ACTIONS: Final = {
    Execution.NEW: ActionKind.ACCEPTED,
    Execution.TRADE: ActionKind.FILLED,
    Execution.EXPIRED: ActionKind.ENDED,
    Execution.CANCELED: ActionKind.ENDED,
}


class IncidentFault(Fault):
    """One act. It strikes once; from then on it notes what becomes of the orders of that symbol."""

    __slots__ = ("_noted", "began_at", "order_id", "venue_symbol")

    def __init__(self, account: str) -> None:
        super().__init__(FaultScope(account=account))
        self.began_at = 0
        """When it struck (ns); 0 is not yet."""
        self.order_id = self.venue_symbol = ""
        self._noted: list[OrderReport] = []

    def _strike(self, order_id: str, venue_symbol: str, at: int) -> None:
        self.order_id, self.venue_symbol, self.began_at = order_id, venue_symbol, at

    def _note(self, event: ExchangeEvent) -> None:
        if isinstance(event, OrderReport) and event.order.symbol == self.venue_symbol:
            self._noted.append(event)

    def _actions(self) -> Iterator[ExchangeAction]:
        return (action for report in self._noted if (action := _action(report)) is not None)


class LostAnswer(IncidentFault):
    """Cuts the connection when the first purchase from an instant (ns) on was accepted, and tells the account of it late."""

    __slots__ = ("_since",)

    def __init__(self, account: str, since: int) -> None:
        super().__init__(account)
        self._since = since

    def after_request(self, act: RequestView, answer: object) -> RequestEffect | None:
        is_purchase = act.endpoint == "order.place" and act.parameters.get("side") == "BUY"
        is_mine = is_purchase and not self.began_at and act.at >= self._since and self.scope.covers(act.at, act.account)
        if not is_mine or isinstance(answer, ExchangeRefusal):
            return None
        self._strike(act.parameters["newClientOrderId"], act.symbol, act.at)
        return RequestEffect(reset=True)

    def alter_user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[tuple[int, ExchangeEvent]] | None:
        if not self.began_at or at >= self.began_at + WATCHED_NS or not self.scope.covers(at, account):
            return None
        self._note(event)
        return [(max(self.began_at + LATE_NS - at, 0), event)]

    def incident_of(self, instruments: Mapping[str, Instrument]) -> DemoIncident:
        cut = ExchangeAction(at=self.began_at, kind=ActionKind.CUT, order_id=self.order_id)
        late = replace(cut, at=self.began_at + LATE_NS, kind=ActionKind.REPORTED_LATE)
        entry = [action for action in self._actions() if action.order_id == self.order_id]
        others = [action for action in self._actions() if action.order_id != self.order_id]
        return DemoIncident(
            kind=IncidentKind.LOST_ANSWER,
            symbol=instruments[self.venue_symbol].symbol,
            order_id=self.order_id,
            began_at=self.began_at,
            ended_at=self.began_at + WATCHED_NS,
            actions=(*entry, cut, *sorted((*others, late), key=lambda action: action.at)),
        )


class SilentStream(IncidentFault):
    """Tells the account nothing from the moment on at which a stop or a target sells for the first time after another act.

    It lets sales pass that the account would soon hear of by asking.
    """

    __slots__ = ("_after", "_asked_at", "_asked_ns")

    def __init__(self, account: str, after: IncidentFault, reconcile_ns: int) -> None:
        super().__init__(account)
        self._after, self._asked_at, self._asked_ns = after, 0, reconcile_ns - ASKS_AGAIN_NS

    def before_request(self, act: RequestView) -> RequestEffect | None:
        if act.endpoint == "openOrders.status" and self.scope.covers(act.at, act.account):
            self._asked_at = act.at
        return None

    def alter_user_event(self, account: str, event: ExchangeEvent, at: int) -> Sequence[tuple[int, ExchangeEvent]] | None:
        if not self.scope.covers(at, account):
            return None
        if not self.began_at and self._is_moment(event, at):
            assert isinstance(event, OrderReport)
            self._strike(event.order.client_id, event.order.symbol, at)
        if not self.began_at <= at < self.began_at + SILENT_NS:
            return None
        self._note(event)
        return []

    def _is_moment(self, event: ExchangeEvent, at: int) -> bool:
        """Of a pair one order trades and the other one ends, and either may be told first."""
        is_time = self._after.began_at and at >= self._after.began_at + WATCHED_NS and at <= self._asked_at + self._asked_ns
        if not is_time or not isinstance(event, OrderReport):
            return False
        return event.order.list_id >= 0 and event.execution in (Execution.TRADE, Execution.EXPIRED)

    def incident_of(self, instruments: Mapping[str, Instrument]) -> DemoIncident:
        actions = tuple(self._actions())
        sale = next((each.order_id for each in actions if each.kind is ActionKind.FILLED), self.order_id)
        silent = ExchangeAction(at=self.began_at, kind=ActionKind.FELL_SILENT)
        spoke = replace(silent, at=self.began_at + SILENT_NS, kind=ActionKind.SPOKE_AGAIN)
        return DemoIncident(
            kind=IncidentKind.SILENT_STREAM,
            symbol=instruments[self.venue_symbol].symbol,
            order_id=sale,
            began_at=self.began_at,
            ended_at=spoke.at,
            actions=(silent, *actions, spoke),
        )


class Script:
    """Both acts, one after the other.

    since: the first instant (ns) at which anything may go wrong. reconcile_ns: how often the bot asks for everything.
    """

    def __init__(self, account: str, since: int, reconcile_ns: int = RECONCILE_NS) -> None:
        self._lost = LostAnswer(account, since)
        self._silent = SilentStream(account, self._lost, reconcile_ns)

    @property
    def acts(self) -> tuple[Fault, ...]:
        return self._lost, self._silent

    def incidents(self, instruments: Iterable[Instrument]) -> tuple[DemoIncident, ...]:
        """What came to pass; an act whose moment never came is left out."""
        listed = {instrument.venue_symbol: instrument for instrument in instruments}
        return tuple(act.incident_of(listed) for act in (self._lost, self._silent) if act.began_at)


def _action(report: OrderReport) -> ExchangeAction | None:
    """None for what says nothing that a person would miss, and for orders that are not the trader's."""
    order, fill = report.order, report.fill
    own = ClientId.parse(report.original_client_id or order.client_id)
    kind = _ACTIONS.get(report.execution)
    if own is None or kind is None:
        return None
    if kind is ActionKind.ACCEPTED and own.role is Role.STOP and order.is_working:  # told a second time, as it goes to the book
        kind = ActionKind.TRIGGERED
    level = order.stop_price if own.role is Role.STOP else order.price
    return ExchangeAction(
        at=report.at,
        kind=kind,
        role=own.role,
        order_id=str(own),
        trade_id=str(fill.trade_id) if fill else "",
        quantity=Decimal(fill.quantity if fill else order.quantity) / ONE,
        price=Decimal(fill.price if fill else level) / ONE,
    )
